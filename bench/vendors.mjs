// The vendor list with 1,500 vendors, in Chromium, four times slower than this machine: how long until it is open, until a
// letter typed into the search is answered, whether a task is long while it scrolls, and what it takes of memory.
// `node bench/vendors.mjs [--rounds N]`; prints medians and the worst.

import { setTimeout as pause } from "node:timers/promises";
import { click, launch, shown } from "../tests/browser/harness.mjs";
import { startPage } from "../tests/ui/page.mjs";
import { median } from "./lib/statistics.mjs";

const VENDORS = 1500;
const SLOWER = 4;
const at = process.argv.indexOf("--rounds");
const ROUNDS = at < 0 ? 7 : Number(process.argv[at + 1]);

const site = await startPage();
const browser = await launch("chromium", null);
const all = {};
const note = (what, value) => {
  all[what] ??= [];
  all[what].push(value);
};

/** From the event to the frame in which it is seen: what Event Timing calls duration, to the millisecond. */
const timed = (page, what, selector, until = "") =>
  page.evaluate(
    (action, wanted, until) =>
      new Promise((resolve) => {
        const root = document.querySelector("portcullis-ui").shadowRoot;
        const target = root.querySelector(wanted);
        const began = performance.now();
        if (action === "click") target.click();
        else {
          target.value += action;
          target.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
        }
        // After the frame in which it is there is drawn.
        const look = () => {
          if (until && !root.querySelector(until)) return requestAnimationFrame(look);
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => resolve(performance.now() - began);
          port2.postMessage(0);
        };
        requestAnimationFrame(look);
      }),
    what,
    selector,
    until,
  );

const heap = async (session) => {
  await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  const of = (name) => metrics.find((metric) => metric.name === name).value;
  return { bytes: of("JSHeapUsedSize"), nodes: of("Nodes") };
};

for (let round = 0; round < ROUNDS; round++) {
  const visitor = await browser.newVisitor();
  const page = await visitor.page(undefined);
  await page.goto(`${site.address}/en/ltr?${encodeURIComponent(JSON.stringify({ many: VENDORS }))}`);
  const session = await page.createCDPSession();
  await session.send("Performance.enable");
  await shown(page, '[data-action="settings"]');
  const before = await heap(session);
  // What is fetched is there before: this is about drawing.
  await click(page, '[data-action="settings"]');
  await shown(page, '[data-action="confirm"]');
  await page.keyboard.press("Escape");
  await pause(300);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  await page.evaluate(() => {
    window.tasks = [];
    new PerformanceObserver((list) =>
      window.tasks.push(...list.getEntries().map(({ duration }) => duration)),
    ).observe({
      type: "longtask",
    });
  });
  note(
    "preference centre, click → drawn",
    await timed(page, "click", '[data-action="settings"]', "dialog[open]"),
  );
  await shown(page, '[data-action="confirm"]');
  await pause(300);
  note("vendor list, click → drawn", await timed(page, "click", '[data-action="vendors"][data-id=""]'));
  await pause(300);
  for (const letter of "zurich 14")
    note("search, letter → drawn", await timed(page, letter, "[data-search]"));
  await page.evaluate(() => {
    const field = document.querySelector("portcullis-ui").shadowRoot.querySelector("[data-search]");
    field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
  });
  await pause(500);
  const scrolled = await page.evaluate(async () => {
    window.tasks.length = 0;
    const body = document.querySelector("portcullis-ui").shadowRoot.querySelector(".body");
    for (let step = 0; step < 260; step++) {
      body.scrollTop += 400;
      await new Promise((frame) => requestAnimationFrame(frame));
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    return [Math.max(0, ...window.tasks), body.scrollTop];
  });
  note("longest task while all of it is scrolled through", scrolled[0]);
  const rows = await page.evaluate(
    () => document.querySelector("portcullis-ui").shadowRoot.querySelectorAll(".row").length,
  );
  note("rows drawn by then", rows);
  note("a switch, click → drawn, all rows drawn", await timed(page, "click", "[data-vendor]"));
  const after = await heap(session);
  note("heap for it, all rows drawn, MB", (after.bytes - before.bytes) / 1e6);
  note("nodes for it, all rows drawn", after.nodes - before.nodes);
  await visitor.close();
}
await browser.close();
await site.stop();
console.log(
  `${VENDORS} vendors, Chromium, ${SLOWER}× slower, ${ROUNDS} rounds (milliseconds where nothing else is said)`,
);
for (const [what, values] of Object.entries(all)) {
  console.log(`${what}: median ${median(values).toFixed(1)}, worst ${Math.max(...values).toFixed(1)}`);
}
