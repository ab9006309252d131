// The vendor list with 1,500 vendors, in Chromium, four times slower than this machine: how long until it is open, until a
// letter typed into the search is answered, whether a task is long while it scrolls, and what it takes of memory; beside
// the lists that the peers have, and rows made by hand, in the same rounds.
// `node bench/vendors.mjs [--rounds N]`; prints medians and the worst.

import { setTimeout as pause } from "node:timers/promises";
import { click, launch, shown } from "../tests/browser/harness.mjs";
import { startPage } from "../tests/ui/page.mjs";
import { LISTS, titleOf } from "./lib/lists.mjs";
import { startServer } from "./lib/server.mjs";
import { median } from "./lib/statistics.mjs";

const VENDORS = 1500;
const SLOWER = 4;
const at = process.argv.indexOf("--rounds");
const ROUNDS = at < 0 ? 7 : Number(process.argv[at + 1]);

const site = await startPage();
const server = await startServer();
const browser = await launch("chromium", null);
const all = {};
const note = (what, value, who = "Portcullis") => {
  all[what] ??= {};
  all[what][who] ??= [];
  all[what][who].push(value);
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

const OPEN = "vendor list, click → drawn";
const SCROLL = "longest task while all of it is scrolled through";
const HEAP = "heap for it, then, MB";
const NODES = "nodes for it, then";

const watchTasks = () => {
  window.tasks = [];
  new PerformanceObserver((list) =>
    window.tasks.push(...list.getEntries().map(({ duration }) => duration)),
  ).observe({ type: "longtask" });
};

/** Scrolls what scrolls most towards its end, in 260 frames or ten seconds. */
const scrolledThrough = async (host) => {
  window.tasks.length = 0;
  const root = document.querySelector(host || "#none")?.shadowRoot ?? document;
  const scrolls = (element) =>
    element === document.scrollingElement || /auto|scroll/.test(getComputedStyle(element).overflowY);
  const rest = (element) => element.scrollHeight - element.clientHeight;
  const [body] = [...root.querySelectorAll("*")]
    .filter(scrolls)
    .sort((one, other) => rest(other) - rest(one));
  const step = rest(body) / 260;
  const began = performance.now();
  for (let at = 1; at <= 260 && performance.now() - began < 10_000; at++) {
    body.scrollTop = at * step;
    await new Promise((frame) => requestAnimationFrame(frame));
  }
  await new Promise((resolve) => setTimeout(resolve, 300));
  return Math.max(0, ...window.tasks);
};

/** Presses one after another; how long until what the last one opens is drawn. */
const pressed = async (selectors) => {
  let took = 0;
  for (const selector of selectors) {
    const target = document.querySelector(selector);
    const began = performance.now();
    target.click();
    took = await new Promise((resolve) =>
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now() - began);
        port2.postMessage(0);
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  return took;
};

/** The list of a peer, or by hand: as much as they have of it. */
async function other(name) {
  const { press } = LISTS[name];
  const visitor = await browser.newVisitor();
  const page = await visitor.page("about:blank");
  await page.goto(`http://127.0.0.1:${server.port}/list/${name}/${VENDORS}`, { waitUntil: "load" });
  await page.waitForFunction((first) => document.querySelector(first), {}, press[0]);
  await pause(2000);
  const session = await page.createCDPSession();
  await session.send("Performance.enable");
  const before = await heap(session);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  await page.evaluate(watchTasks);
  const who = titleOf(name);
  note(OPEN, await page.evaluate(pressed, press), who);
  note(SCROLL, await page.evaluate(scrolledThrough, ""), who);
  const after = await heap(session);
  note(HEAP, (after.bytes - before.bytes) / 1e6, who);
  note(NODES, after.nodes - before.nodes, who);
  await visitor.close();
}

/** All of Portcullis. */
async function own() {
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
  await page.evaluate(watchTasks);
  note(
    "preference centre, click → drawn",
    await timed(page, "click", '[data-action="settings"]', "dialog[open]"),
  );
  await shown(page, '[data-action="confirm"]');
  await pause(300);
  note(OPEN, await timed(page, "click", '[data-action="vendors"][data-id=""]'));
  await pause(300);
  for (const letter of "zurich 14")
    note("search, letter → drawn", await timed(page, letter, "[data-search]"));
  await page.evaluate(() => {
    const field = document.querySelector("portcullis-ui").shadowRoot.querySelector("[data-search]");
    field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
  });
  await pause(500);
  note(SCROLL, await page.evaluate(scrolledThrough, "portcullis-ui"));
  const rows = await page.evaluate(
    () => document.querySelector("portcullis-ui").shadowRoot.querySelectorAll(".row").length,
  );
  note("rows that stand then", rows);
  note("a switch, click → drawn", await timed(page, "click", "[data-vendor]"));
  const after = await heap(session);
  note(HEAP, (after.bytes - before.bytes) / 1e6);
  note(NODES, after.nodes - before.nodes);
  await visitor.close();
}

for (let round = 0; round < ROUNDS; round++) {
  await own();
  for (const name of Object.keys(LISTS)) await other(name);
}
await browser.close();
await site.stop();
await server.stop();
console.log(
  `${VENDORS} vendors, Chromium, ${SLOWER}× slower, ${ROUNDS} rounds (milliseconds where nothing else is said)`,
);
for (const [what, by] of Object.entries(all)) {
  for (const [who, values] of Object.entries(by)) {
    console.log(
      `${what}: ${who}: median ${median(values).toFixed(1)}, worst ${Math.max(...values).toFixed(1)}`,
    );
  }
}
