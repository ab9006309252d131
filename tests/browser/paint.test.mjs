// The banner never moves the page and never is the largest thing that the page has painted.

import assert from "node:assert/strict";
import { test } from "node:test";
import { click, gone, shown } from "./harness.mjs";
import { config, html, ORIGIN } from "./site.mjs";
import { asVisitor, inEachBrowser } from "./suite.mjs";

const TEXT = `<article>${"<p>Words that a page has, and that are what its visitors have come for.</p>".repeat(30)}</article>`;

const WATCH = `<script>
  window.shifts = 0;
  window.largest = [];
  new PerformanceObserver((list) => { for (const { value } of list.getEntries()) window.shifts += value; }).observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((list) => { for (const { element } of list.getEntries()) window.largest.push(element?.localName ?? "none"); }).observe({ type: "largest-contentful-paint", buffered: true });
</script>`;

// The two measures are Chromium's.
inEachBrowser("paint", (at, browser) => {
  if (browser !== "chromium") return;
  for (const layout of ["bottom", "top", "corner", "dialog"]) {
    test(`${layout}: nothing moves when it comes, opens and goes; the largest paint is the page's own`, () =>
      asVisitor(at(), async (visitor) => {
        const { farm } = at();
        const given = await config(undefined, { interface: { banner: layout } });
        farm.page(`${ORIGIN}/paint`, html({ config: given, head: WATCH, body: TEXT }));
        const page = await visitor.page(`${ORIGIN}/paint`);
        await shown(page, '[data-action="accept"]');
        await page.evaluate(
          () => new Promise((frame) => requestAnimationFrame(() => requestAnimationFrame(frame))),
        );
        const largest = await page.evaluate(() => window.largest);
        assert.ok(largest.length > 0);
        assert.ok(
          largest.every((name) => ["p", "h1"].includes(name)),
          largest.join(),
        );
        await click(page, '[data-action="settings"]');
        await shown(page, '[data-action="confirm"]');
        await click(page, '[data-action="reject"]');
        await gone(page, '[data-action="confirm"]');
        await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
        assert.equal(await page.evaluate(() => window.shifts), 0);
      }));
  }
});
