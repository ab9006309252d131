// The interface for everyone: by keyboard alone, and with nothing that axe finds.

import assert from "node:assert/strict";
import { test } from "node:test";
import { findings } from "./axe.mjs";
import { click, gone, shown } from "./harness.mjs";
import { config, html, ORIGIN } from "./site.mjs";
import { asVisitor, beacons, inEachBrowser } from "./suite.mjs";

/** The focused element, through shadow roots, in a few words. */
const focused = (page) =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    const { action, category, vendor } = element?.dataset ?? {};
    return action ?? category ?? vendor ?? (element?.id || element?.localName);
  });

/** Presses Tab until something is focused. */
async function tabTo(page, wanted, { back = false } = {}) {
  for (let n = 0; n < 40; n++) {
    if (back) await page.keyboard.down("Shift");
    await page.keyboard.press("Tab");
    if (back) await page.keyboard.up("Shift");
    if ((await focused(page)) === wanted) return;
  }
  assert.fail(`Tab never reaches ${wanted}; it is at ${await focused(page)}`);
}

const STATES = {
  light: {},
  dark: { interface: { scheme: "dark" } },
  "right to left": { interface: { language: "ar" } },
  "320 px": { viewport: { width: 320, height: 640 } },
};

inEachBrowser("accessibility", (at) => {
  for (const [state, { viewport, ...more }] of Object.entries(STATES)) {
    test(`axe finds nothing: ${state}`, () =>
      asVisitor(at(), async (visitor) => {
        const { farm } = at();
        const path = `${ORIGIN}/axe-${state.replaceAll(" ", "-")}`;
        farm.page(path, html({ config: await config(undefined, more) }));
        const page = await visitor.page(path, viewport && { viewport });
        await shown(page, '[data-action="accept"]');
        assert.deepEqual(await findings(page), []);
        await click(page, '[data-action="settings"]');
        await shown(page, '[data-action="confirm"]');
        await click(page, '[data-action="open"][data-id="targeting"]');
        assert.deepEqual(await findings(page), []);
        await click(page, '[data-action="vendors"][data-id="targeting"]');
        await shown(page, '[data-vendor="meta-pixel"]');
        assert.deepEqual(await findings(page), []);
        const host = await page.evaluate(() => {
          const { lang, dir } = document.querySelector("portcullis-ui");
          return { lang, dir };
        });
        assert.deepEqual(
          host,
          state === "right to left" ? { lang: "ar", dir: "rtl" } : { lang: "en", dir: "ltr" },
        );
      }));
  }

  test("keyboard alone: settings, one category, confirm, reopen, withdraw; focus goes in and comes back", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      farm.page(`${ORIGIN}/keys`, html({ config: await config() }));
      const page = await visitor.page(`${ORIGIN}/keys`);
      await shown(page, '[data-action="accept"]');
      // The banner takes no focus, and is the first stop.
      assert.equal(await focused(page), "body");
      await tabTo(page, "settings");
      await page.keyboard.press("Enter");
      await shown(page, '[data-action="confirm"]');
      assert.equal(await focused(page), "title");
      // Escape: nothing is saved, the banner and the focus are back.
      await page.keyboard.press("Escape");
      await gone(page, '[data-action="confirm"]');
      assert.equal(await focused(page), "settings");
      assert.equal(await page.evaluate(() => window.portcullis.pending.why), "first");

      await page.keyboard.press("Enter");
      await shown(page, '[data-action="confirm"]');
      await tabTo(page, "performance");
      await page.keyboard.press(" ");
      assert.equal(await focused(page), "performance", "the focus stays on the switch");
      await tabTo(page, "confirm");
      await page.keyboard.press("Enter");
      await gone(page, '[data-action="confirm"]');
      await beacons(farm, ["google-analytics"]);
      assert.deepEqual(await page.evaluate(() => window.portcullis.choices.categories), {
        necessary: true,
        performance: true,
        functional: false,
        targeting: false,
      });
      // Reopen by the page's own control; the focus comes back to it.
      await page.evaluate(() => document.querySelector("#footer").focus());
      await page.keyboard.press("Enter");
      await shown(page, '[data-action="confirm"]');
      await tabTo(page, "reject");
      await page.keyboard.press("Enter");
      await gone(page, '[data-action="confirm"]');
      assert.equal(await focused(page), "footer");
      await page.waitForFunction(() => !window.portcullis.allows("performance"));
      await shown(page, ".report");
    }));

  for (const action of ["accept", "reject"]) {
    test(`keyboard alone: ${action}`, () =>
      asVisitor(at(), async (visitor) => {
        const { farm } = at();
        farm.page(`${ORIGIN}/key-${action}`, html({ config: await config() }));
        const page = await visitor.page(`${ORIGIN}/key-${action}`);
        await shown(page, '[data-action="accept"]');
        await tabTo(page, action);
        await page.keyboard.press("Enter");
        await gone(page, '[data-action="accept"]');
        await page.waitForFunction(
          (on) => window.portcullis.allows("targeting") === on,
          {},
          action === "accept",
        );
        // The floating way back is the last stop, not the first.
        await shown(page, "button", "portcullis-way-back");
        await tabTo(page, "settings");
      }));
  }

  test("accept and reject are of one size, weight and contrast", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      farm.page(`${ORIGIN}/equal`, html({ config: await config() }));
      for (const viewport of [
        { width: 1280, height: 800 },
        { width: 320, height: 640 },
      ]) {
        const page = await visitor.page(`${ORIGIN}/equal`, { viewport });
        await shown(page, '[data-action="accept"]');
        const measured = await page.evaluate(() =>
          ["accept", "reject"].map((action) => {
            const button = document
              .querySelector("portcullis-ui")
              .shadowRoot.querySelector(`[data-action="${action}"]`);
            const { width, height } = button.getBoundingClientRect();
            const { fontSize, fontWeight, color, backgroundColor, borderColor } = getComputedStyle(button);
            return [
              Math.round(width),
              Math.round(height),
              fontSize,
              fontWeight,
              color,
              backgroundColor,
              borderColor,
            ];
          }),
        );
        assert.deepEqual(measured[0], measured[1]);
        assert.ok(measured[0][1] >= 44, "44 px high");
        await page.close();
      }
    }));

  test("at 320 × 256 every control is reachable, and the banner takes at most half", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      farm.page(`${ORIGIN}/small`, html({ config: await config() }));
      const page = await visitor.page(`${ORIGIN}/small`, { viewport: { width: 320, height: 256 } });
      await shown(page, '[data-action="accept"]');
      const height = await page.evaluate(
        () =>
          document.querySelector("portcullis-ui").shadowRoot.querySelector(".banner").getBoundingClientRect()
            .height,
      );
      assert.ok(height <= 128, `${height} px`);
      /** Scrolled to, a control is in the window as a whole and is what a finger there would touch. */
      const reach = (selector) =>
        page.evaluate((wanted) => {
          const root = document.querySelector("portcullis-ui").shadowRoot;
          const missed = [];
          for (const control of root.querySelectorAll(wanted)) {
            if (!control.getClientRects().length) continue;
            control.scrollIntoView({ block: "center" });
            // A link may run over two lines: its first line is what is touched.
            const { left, right, top, bottom } = control.getClientRects()[0];
            const hit = root.elementFromPoint((left + right) / 2, (top + bottom) / 2);
            const inside = left >= 0 && right <= innerWidth && top >= -1 && bottom <= innerHeight + 1;
            if (!inside || !(hit === control || control.contains(hit))) {
              missed.push(`${control.outerHTML.slice(0, 80)} ${[left, top, right, bottom].map(Math.round)}`);
            }
          }
          return missed;
        }, selector);
      assert.deepEqual(await reach(".banner button, .banner a"), []);
      assert.ok(
        await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
        "no sideways scrolling",
      );
      await click(page, '[data-action="settings"]');
      await shown(page, '[data-action="open"]');
      await click(page, '[data-action="open"][data-id="targeting"]');
      assert.deepEqual(await reach("dialog button, dialog input, dialog a"), []);
    }));
});
