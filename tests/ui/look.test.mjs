// How the interface looks: layouts, the site's theme, forced colours; that it covers nothing that is focused, and that
// nothing comes up by hovering.

import assert from "node:assert/strict";
import { test } from "node:test";
import { click, shown } from "../browser/harness.mjs";
import { inEachBrowser, inside, texts } from "./page.mjs";

const ACCEPT = '[data-action="accept"]';
const SETTINGS = '[data-action="settings"]';
const CONFIRM = '[data-action="confirm"]';
const VENDORS = '[data-action="vendors"][data-id=""]';

inEachBrowser("look", (open, browser) => {
  test("hovering brings nothing up, and takes nothing away", async () => {
    const page = await open({ wayBack: true });
    await shown(page, '[data-action="accept"]');
    const drawn = () =>
      page.evaluate(() =>
        [...document.querySelectorAll("portcullis-ui, portcullis-way-back")].flatMap(({ shadowRoot }) =>
          [...shadowRoot.querySelectorAll("*")]
            .map((one) => ["", "::before", "::after"].map((of) => getComputedStyle(one, of || null).content))
            .concat([[[...shadowRoot.querySelectorAll("*")].filter((one) => one.checkVisibility()).length]]),
        ),
      );
    const points = () =>
      page.evaluate(() =>
        [...document.querySelectorAll("portcullis-ui, portcullis-way-back")]
          .flatMap(({ shadowRoot }) => [...shadowRoot.querySelectorAll("a, button, input, .row, h2")])
          .map((one) => one.getBoundingClientRect())
          .filter(({ width, top, bottom }) => width && top >= 0 && bottom <= innerHeight)
          .map(({ left, top, width, height }) => [left + width / 2, top + height / 2]),
      );
    const over = async (least) => {
      const before = await drawn();
      const all = await points();
      assert.ok(all.length >= least, `${all.length} to hover over`);
      for (const [x, y] of all) {
        await page.mouse.move(x, y);
        assert.deepEqual(await drawn(), before);
      }
    };
    await over(5);
    await click(page, SETTINGS);
    await shown(page, CONFIRM);
    await over(10);
  });

  test("what is focused is never covered by the banner", async () => {
    for (const viewport of [
      { width: 1280, height: 720 },
      { width: 320, height: 640 },
    ]) {
      const page = await open({ viewport });
      await shown(page, ACCEPT);
      await page.focus("#footer");
      for (let n = 0; n < 40; n++) {
        await page.keyboard.press("Tab");
        const covered = await page.evaluate(() => {
          const { left, top, width, height } = document.activeElement.getBoundingClientRect();
          return document.elementFromPoint(left + width / 2, top + height / 2) !== document.activeElement;
        });
        assert.equal(covered, false, `stop ${n} at ${viewport.width} px`);
      }
      await page.close();
    }
  });

  for (const layout of ["bottom", "top", "corner", "dialog"]) {
    test(`${layout}: every control is inside of the banner, and both answers are of one size`, async () => {
      for (const width of [1280, 768, 320]) {
        for (const lang of ["en", "de"]) {
          const given = { lang, viewport: { width, height: 800 } };
          const page = await open({ ...given, consent: { config: { interface: { banner: layout } } } });
          await shown(page, ACCEPT);
          const [box, ...buttons] = await inside(page, (root) =>
            [root.querySelector(".banner"), ...root.querySelectorAll(".actions button")].map((one) => {
              const { left, right, top, bottom } = one.getBoundingClientRect();
              return { left, right, top, bottom, cut: one.scrollWidth > one.clientWidth };
            }),
          );
          const where = `${lang} at ${width} px`;
          assert.ok(box.left >= 0 && box.right <= width && box.top >= 0 && box.bottom <= 800, where);
          for (const { left, right, bottom, cut } of buttons) {
            assert.ok(left >= box.left && right <= box.right && bottom <= box.bottom && !cut, where);
          }
          const [reject, accept] = buttons;
          const size = ({ left, right, top, bottom }) => [right - left, bottom - top].map(Math.round);
          assert.deepEqual(size(reject), size(accept), where);
          assert.ok(size(accept)[1] >= 44, where);
          await page.close();
        }
      }
    });
  }

  test("the site's theme and words are used, and no style attribute is", async () => {
    const look = { theme: { accent: "rgb(0, 90, 60)" }, texts: { en: { "banner.accept": "Fine by me" } } };
    const page = await open({ consent: { config: { interface: look } } });
    await shown(page, ACCEPT);
    assert.deepEqual(await texts(page, ACCEPT), ["Fine by me"]);
    const [colour, styles] = await inside(page, (root) => [
      getComputedStyle(root.querySelector('[data-action="accept"]')).backgroundColor,
      root.querySelectorAll("[style], style").length + document.querySelectorAll("[style]").length,
    ]);
    assert.deepEqual([colour, styles], ["rgb(0, 90, 60)", 0]);
  });

  test("an odd root size of the page changes nothing", async () => {
    const page = await open();
    await shown(page, ACCEPT);
    const size = () => inside(page, (root) => root.querySelector("section").getBoundingClientRect().height);
    const before = await size();
    await page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(
        "html { font: 62.5%/3 monospace } * { letter-spacing: 4px; text-transform: uppercase }",
      );
      document.adoptedStyleSheets.push(sheet);
    });
    assert.equal(await size(), before);
  });

  test("a switch has room to touch around what is drawn of it, and is switched from there", async () => {
    const page = await open();
    await click(page, SETTINGS);
    await click(page, VENDORS);
    await shown(page, '[data-vendor="stats"]');
    const { x, y } = await inside(page, (root) => {
      const { left, top } = root.querySelector('[data-vendor="stats"]').getBoundingClientRect();
      return { x: left, y: top };
    });
    const isOn = () => inside(page, (root) => root.querySelector('[data-vendor="stats"]').checked);
    const before = await isOn();
    // A box of 56 by 44: outside of its corner, and within.
    await page.mouse.click(x - 4, y - 9);
    assert.equal(await isOn(), before);
    await page.mouse.click(x - 1, y - 6);
    assert.equal(await isOn(), !before);
  });

  if (browser === "chromium") {
    test("in forced colours every switch says by shape how it stands", async () => {
      const page = await open({ media: { "forced-colors": "active", "prefers-reduced-motion": "reduce" } });
      await click(page, SETTINGS);
      await click(page, VENDORS);
      await click(page, '[data-vendor="stats"]');
      const [on, off] = await inside(page, (root) =>
        ["stats", "heat"].map((id) => {
          const element = root.querySelector(`[data-vendor="${id}"]`);
          return [
            getComputedStyle(element, "::after").marginInlineStart,
            getComputedStyle(element).borderTopStyle,
          ];
        }),
      );
      assert.notEqual(on[0], off[0]);
      assert.deepEqual([on[1], off[1]], ["solid", "solid"]);
    });
  }
});
