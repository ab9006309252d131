// Every language in the narrowest window that counts, 320 px: nothing runs over its box, no button is a paragraph, and
// both answers of the banner are seen without scrolling.

import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { click, shown } from "../browser/harness.mjs";
import { inEachBrowser } from "./page.mjs";

const files = await readdir(fileURLToPath(new URL("../../locales", import.meta.url)));
const LANGUAGES = files.map((file) => file.replace(/\.json$/, ""));
const RTL = new Set(["ar", "he"]);

/** Lines of a button that are still read at a glance. */
const LINES_MAX = 3;

const misfits = (page, lines) =>
  page.evaluate((max) => {
    const root = document.querySelector("portcullis-ui").shadowRoot;
    const found = [];
    const say = (what, { className, textContent }) =>
      found.push(`${what}: ${className} ${textContent.slice(0, 40)}`);
    for (const one of root.querySelectorAll("*")) {
      if (!one.getClientRects().length) continue;
      const { left, right } = one.getBoundingClientRect();
      if (left < -0.5 || right > innerWidth + 0.5) say("outside of the window", one);
      if (
        one.clientWidth &&
        one.scrollWidth > one.clientWidth + 1 &&
        !one.matches("input, [data-slot=status]")
      )
        say("runs over", one);
    }
    for (const button of root.querySelectorAll(".btn")) {
      if (!button.getClientRects().length) continue;
      const range = document.createRange();
      range.selectNodeContents(button);
      const high =
        range.getBoundingClientRect().height / Number.parseFloat(getComputedStyle(button).lineHeight);
      if (high > max + 0.5) say(`${high.toFixed(1)} lines`, button);
    }
    return found;
  }, lines);

inEachBrowser("widths", (open) => {
  // One window for all of them, of one size; the document is another each time.
  let page;
  for (const lang of LANGUAGES) {
    test(`${lang}: everything fits into 320 px`, async () => {
      page = await open({
        again: page,
        lang,
        dir: RTL.has(lang) ? "rtl" : "ltr",
        viewport: { width: 320, height: 640 },
        many: 20,
      });
      await shown(page, '[data-action="accept"]');
      assert.deepEqual(await misfits(page, LINES_MAX), [], "banner");
      const seen = await page.evaluate(() => {
        const root = document.querySelector("portcullis-ui").shadowRoot;
        return ["accept", "reject"].every((action) => {
          const { top, bottom } = root.querySelector(`[data-action=${action}]`).getBoundingClientRect();
          return top >= 0 && bottom <= innerHeight;
        });
      });
      assert.ok(seen, "both answers are seen at once");
      await click(page, '[data-action="settings"]');
      await shown(page, '[data-action="confirm"]');
      await click(page, '[data-action="open"][data-id="performance"]');
      assert.deepEqual(await misfits(page, LINES_MAX), [], "preference centre");
      await click(page, '[data-action="vendors"][data-id=""]');
      await shown(page, ".row");
      await click(page, '[data-action="filter"]');
      await click(page, '[data-action="details"][data-id="v1"]');
      assert.deepEqual(await misfits(page, LINES_MAX), [], "vendor list");
    });
  }
});
