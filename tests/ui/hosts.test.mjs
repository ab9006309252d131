// Pages that make it hard: styles for everything, odd sizes, layers above all others, dialogs that are open already. The
// banner stands where it would, whole and in reach; and the page is as it was.

import assert from "node:assert/strict";
import { test } from "node:test";
import { click, gone, shown } from "../browser/harness.mjs";
import { inEachBrowser, inside } from "./page.mjs";

const ACCEPT = '[data-action="accept"]';
const SETTINGS = '[data-action="settings"]';

/** Style sheets of such pages. */
const SHEETS = {
  "rules for every element":
    "* { box-sizing: content-box; margin: 3px; padding: 5px; float: left; color: red; font: 9px fantasy; letter-spacing: 4px; text-transform: uppercase; position: relative; transform: rotate(1deg) }",
  "rules for our elements' kinds":
    "section, button, div, h2, p, a { display: none; position: static; width: 10px; opacity: 0; pointer-events: none }",
  "a root of 62.5 % and narrow lines":
    "html { font-size: 62.5%; line-height: 1; writing-mode: horizontal-tb }",
  "a body that is moved and clipped":
    "body { transform: translateX(40px) scale(0.9); overflow: hidden; filter: blur(0); contain: layout }",
  "a layer above everything":
    "main { position: fixed; inset: 0; z-index: 2147483647; background: #fff; isolation: isolate }",
};

/** The boxes of the banner and its buttons; and whether a click in the middle of a button would reach it. */
const boxes = (page) =>
  inside(page, (root) =>
    [...root.querySelectorAll(".banner, .banner button")].map((one) => {
      const { left, top, width, height } = one.getBoundingClientRect();
      const hit = root.elementFromPoint(left + width / 2, top + height / 2);
      return [left, top, width, height]
        .map(Math.round)
        .concat(one.localName === "button" ? Number(hit === one) : 1);
    }),
  );

inEachBrowser("hosts", (open) => {
  const page = async () => {
    const opened = await open();
    await shown(opened, ACCEPT);
    // A scroll bar that comes or goes would move what is centred.
    await opened.evaluate(() => {
      document.documentElement.style.overflow = "hidden";
    });
    return opened;
  };

  for (const [what, css] of Object.entries(SHEETS)) {
    test(`${what}: the banner is as it was, and on top`, async () => {
      const here = await page();
      const before = await boxes(here);
      assert.ok(
        before.every(([, , width, height, hit]) => width && height && hit),
        JSON.stringify(before),
      );
      await here.evaluate((text) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(text);
        document.adoptedStyleSheets.push(sheet);
      }, css);
      assert.deepEqual(await boxes(here), before);
      await click(here, SETTINGS);
      await shown(here, '[data-action="confirm"]');
    });
  }

  test("a dialog of the page's own is open: the preference centre comes above it, and leaves it open", async () => {
    const here = await page();
    await here.evaluate(() => {
      const dialog = document.createElement("dialog");
      dialog.textContent = "The page's own";
      document.body.append(dialog);
      dialog.showModal();
    });
    const link = () => here.evaluate(() => window.consent.openPreferences());
    await link();
    await shown(here, '[data-action="confirm"]');
    const [top] = await inside(here, (root) => {
      const { left, top, width } = root.querySelector("dialog").getBoundingClientRect();
      return [root.elementFromPoint(left + width / 2, top + 20)?.closest("dialog") !== null];
    });
    assert.equal(top, true);
    await here.keyboard.press("Escape");
    await gone(here, '[data-action="confirm"]');
    assert.equal(await here.evaluate(() => document.querySelector("dialog").open), true);
  });

  test("text of twice the size, wider spacing: nothing is cut off and nothing runs over", async () => {
    const here = await open({ viewport: { width: 640, height: 800 } });
    await shown(here, ACCEPT);
    await inside(here, (root) => {
      const sheet = new CSSStyleSheet();
      // WCAG 2.2, 1.4.4 and 1.4.12.
      sheet.replaceSync(
        "[data-slot] { font-size: 200% !important } * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }",
      );
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    });
    const cut = () =>
      inside(here, (root) =>
        [...root.querySelectorAll(".banner, .banner *, dialog, dialog *:not(input)")]
          .filter(
            (one) => one.getClientRects().length && one.clientWidth && one.scrollWidth > one.clientWidth + 1,
          )
          .map((one) => `${one.localName}.${one.className} ${one.scrollWidth} > ${one.clientWidth}`),
      );
    assert.deepEqual(await cut(), []);
    await click(here, SETTINGS);
    await shown(here, '[data-action="confirm"]');
    await click(here, '[data-action="open"][data-id="targeting"]');
    assert.deepEqual(await cut(), []);
    await click(here, '[data-action="vendors"][data-id=""]');
    assert.deepEqual(await cut(), []);
  });

  test("from a small phone to a wall: everything that acts is in the window", async () => {
    for (const viewport of [
      { width: 320, height: 568 },
      { width: 568, height: 320 },
      { width: 844, height: 390 },
      { width: 3840, height: 2160 },
    ]) {
      const here = await open({ viewport });
      await shown(here, ACCEPT);
      const missed = await inside(here, (root) => {
        const out = [];
        for (const button of root.querySelectorAll(".banner button")) {
          button.scrollIntoView({ block: "nearest" });
          const { left, right, top, bottom } = button.getBoundingClientRect();
          const hit = root.elementFromPoint((left + right) / 2, (top + bottom) / 2);
          if (left < 0 || right > innerWidth || top < 0 || bottom > innerHeight + 1 || hit !== button)
            out.push(`${button.textContent} ${[left, top, right, bottom].map(Math.round)}`);
        }
        return out;
      });
      assert.deepEqual(missed, [], JSON.stringify(viewport));
    }
  });

  test("printed, there is nothing of it", async () => {
    const here = await page();
    const hidden = await inside(here, (root) =>
      root.adoptedStyleSheets.some((sheet) =>
        [...sheet.cssRules].some(
          (rule) => rule.media?.mediaText === "print" && /:host\s*{\s*display: none/.test(rule.cssText),
        ),
      ),
    );
    assert.equal(hidden, true);
  });
});
