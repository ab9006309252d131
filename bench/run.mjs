// Portcullis beside its peers, and beside the same page without any of them, in one run: bytes, times, memory.
// Every tool takes its turn in every round, in a new order; the table shows medians, and ratios to the best peer.
// `node bench/run.mjs [--rounds N] [--only TOOL,TOOL] [--no-dom]`; writes bench/RESULTS.md and bench/results.svg.

import { writeFile } from "node:fs/promises";
import os from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { launch } from "../tests/browser/harness.mjs";
import { domCost } from "./dom.mjs";
import { plot } from "./lib/plot.mjs";
import { compressed, startServer } from "./lib/server.mjs";
import { median } from "./lib/statistics.mjs";
import { TOOLS } from "./lib/tools.mjs";

const COUNTS = [8, 50, 500];
const flag = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const ROUNDS = flag("rounds", 7);
const WAIT = { timeout: 30_000, polling: 20 };

const all = {};
const record = (tool, measure, value) => {
  all[measure] ??= {};
  all[measure][tool] ??= [];
  all[measure][tool].push(value);
};

/** Where a visible accept button is. */
const findAccept = (selector, host) => {
  const root = host ? document.querySelector(host)?.shadowRoot : document;
  const button = root?.querySelector(selector);
  if (!button?.getClientRects().length) return null;
  const { left, top, width, height } = button.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2 };
};

/** Notes in `window.visible` when the frame is drawn in which the accept button is there, in the page's own milliseconds. */
const watchVisible = (find, selector, host) => {
  const look = () => {
    if (!find(selector, host)) return requestAnimationFrame(look);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      window.visible = performance.now();
    };
    port2.postMessage(0);
  };
  requestAnimationFrame(look);
};

/** A call of `watch`, which looks for a tool's accept button, as text for the page. */
const watching = (watch, { accept: selector, host = "" }) =>
  `(${watch})(${findAccept}, ${JSON.stringify(selector)}, ${JSON.stringify(host)})`;

async function ranAll(page, count) {
  await page.waitForFunction((n) => window.ran.length >= n, WAIT, count);
  return page.evaluate(() => ({
    first: Math.min(...window.ran),
    last: Math.max(...window.ran),
    clicked: window.clicked,
    event: Math.max(
      0,
      ...window.entries.event.filter(({ name }) => /pointerup|click/.test(name)).map((of) => of.duration),
    ),
    long: Math.max(
      0,
      ...window.entries.longtask
        .filter((of) => of.startTime + of.duration > (window.clicked ?? 0))
        .map((of) => of.duration),
    ),
  }));
}

async function visit(browser, server, name, count, throttle) {
  const visitor = await browser.newVisitor();
  const url = `http://127.0.0.1:${server.port}/page/${name}/${count}`;
  const suffix = `${count} tags${throttle > 1 ? `, ${throttle}× slower` : ""}`;
  const open = async () => {
    const page = await visitor.page("about:blank");
    const session = await page.createCDPSession();
    if (throttle > 1) await session.send("Emulation.setCPUThrottlingRate", { rate: throttle });
    if (TOOLS[name].accept) await page.evaluateOnNewDocument(watching(watchVisible, TOOLS[name]));
    server.asked.length = 0;
    await page.goto(url, { waitUntil: "load" });
    return { page, session };
  };
  try {
    const { page, session } = await open();
    if (TOOLS[name].accept) {
      await accept(page, name, async () => {
        record(name, `banner visible, ${suffix}`, await page.evaluate(() => window.visible));
        if (throttle === 1 && count === 8) record(name, "bytes, first visit", sum(server.asked));
      });
      const seen = await ranAll(page, count);
      await pause(1500);
      const after = await ranAll(page, count);
      record(name, `click → first tag, ${suffix}`, seen.first - seen.clicked);
      record(name, `click → last tag, ${suffix}`, seen.last - seen.clicked);
      const gone = await page.evaluate(() => window.gone);
      record(name, `click → banner gone, ${suffix}`, gone.at - seen.clicked);
      record(name, `frames until the banner is gone, ${suffix}`, gone.frames);
      record(name, `click’s event timing, ${suffix}`, after.event);
      record(name, `longest task after the click, ${suffix}`, after.long);
    } else {
      await ranAll(page, count);
    }
    await session.send("HeapProfiler.collectGarbage");
    const { metrics } = await session
      .send("Performance.enable")
      .then(() => session.send("Performance.getMetrics"));
    const heap = metrics.find((of) => of.name === "JSHeapUsedSize").value;
    record(name, `memory, ${suffix}`, heap / 1e6);
    await page.close();

    const again = await open();
    const seen = await ranAll(again.page, count);
    record(name, `returning: first tag, ${suffix}`, seen.first);
    record(name, `returning: last tag, ${suffix}`, seen.last);
    await again.page.close();
  } finally {
    await visitor.close();
  }
}

/** What a returning visitor downloads with an empty cache. */
async function returningBytes(browser, server, name) {
  const visitor = await browser.newVisitor();
  const page = await visitor.page(`http://127.0.0.1:${server.port}/page/${name}/8`);
  await accept(page, name);
  await ranAll(page, 8);
  const session = await page.createCDPSession();
  await session.send("Network.clearBrowserCache");
  server.asked.length = 0;
  await page.goto(page.url(), { waitUntil: "load" });
  await ranAll(page, 8);
  await pause(1000);
  record(name, "bytes, returning visit", sum(server.asked));
  await visitor.close();
}

/**
 * Once more where a page did not load in time. Where Chromium emulates a network, answers that the server has sent
 * stay undelivered for good in one load of some hundreds, of whichever file; without the emulation it was not seen.
 */
async function patiently(measure, ...given) {
  for (let tries = 1; ; tries++) {
    try {
      return await measure(...given);
    } catch (error) {
      if (error.name !== "TimeoutError" || tries > 2) throw error;
      console.log(`again, after ${error.message}: ${measure.name} ${given.slice(2)}`);
    }
  }
}

/** A network as far away as that of a phone: what waits for a file waits for it here. */
const NETWORK = { offline: false, latency: 40, downloadThroughput: 1.25e6, uploadThroughput: 6e5 };

/** A returning visitor who has granted everything, behind a slow network: with nothing cached, and with all. */
async function returning(browser, server, name, count) {
  const visitor = await browser.newVisitor();
  const url = `http://127.0.0.1:${server.port}/page/${name}/${count}`;
  const suffix = `${count} tags, 40 ms away`;
  try {
    const first = await visitor.page(url);
    await accept(first, name);
    await ranAll(first, count);
    // The second page is left as visitors leave pages; the third is measured.
    for (const next of [url, "about:blank"]) {
      await first.goto(next, { waitUntil: "load" });
      if (next === url) await ranAll(first, count);
    }
    await first.close();
    for (const cached of [false, true]) {
      const page = await visitor.page("about:blank");
      const session = await page.createCDPSession();
      await session.send("Network.enable");
      await session.send("Network.emulateNetworkConditions", NETWORK);
      if (!cached) await session.send("Network.clearBrowserCache");
      await page.goto(url, { waitUntil: "load" });
      const seen = await ranAll(page, count);
      const state = cached ? "cached" : "nothing cached";
      record(name, `returning: first tag, ${suffix}, ${state}`, seen.first);
      record(name, `returning: last tag, ${suffix}, ${state}`, seen.last);
      await page.close();
    }
  } finally {
    await visitor.close();
  }
}

/** A first visit behind a slow network. */
async function arriving(browser, server, name) {
  if (!TOOLS[name].accept) return;
  const visitor = await browser.newVisitor();
  try {
    const page = await visitor.page("about:blank");
    const session = await page.createCDPSession();
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", NETWORK);
    await page.evaluateOnNewDocument(watching(watchVisible, TOOLS[name]));
    await page.goto(`http://127.0.0.1:${server.port}/page/${name}/8`, { waitUntil: "load" });
    await page.waitForFunction(() => window.visible, WAIT);
    record(name, "banner visible, 8 tags, 40 ms away", await page.evaluate(() => window.visible));
  } finally {
    await visitor.close();
  }
}

/** Clicks the accept button, once it can be seen; `before` is called in between. */
async function accept(page, name, before = async () => {}) {
  const { accept: selector, host } = TOOLS[name];
  if (!selector) return;
  await page.waitForFunction(findAccept, WAIT, selector, host ?? "");
  // Some slide in: where it is then is where it is clicked.
  await pause(700);
  const point = await page.evaluate(findAccept, selector, host ?? "");
  await before();
  await page.evaluate(watching(watchGone, TOOLS[name]));
  await page.mouse.click(point.x, point.y);
}

/** From the click on, notes in `window.gone` when the button is no longer seen, and in which frame. */
const watchGone = (find, selector, host) => {
  addEventListener(
    "click",
    () => {
      let frames = 0;
      const look = () => {
        frames++;
        // One of them keeps its box and is hidden; what is in a shadow root is taken away.
        const outside = document.querySelector(selector);
        const isHidden = !!outside && getComputedStyle(outside).visibility === "hidden";
        if (find(selector, host) && !isHidden) return requestAnimationFrame(look);
        window.gone = { at: performance.now(), frames };
      };
      requestAnimationFrame(look);
    },
    { capture: true, once: true },
  );
};

const sum = (asked) =>
  [...new Map(asked.map(({ path, body }) => [path, body])).values()].reduce(
    (total, body) => total + compressed(body),
    0,
  );

const shuffled = (list) =>
  list
    .map((of) => [Math.random(), of])
    .sort(([a], [b]) => a - b)
    .map(([, of]) => of);

const server = await startServer();
const names = Object.keys(TOOLS);
const only = process.argv.includes("--only")
  ? process.argv[process.argv.indexOf("--only") + 1].split(",")
  : names;
for (let round = 0; round < ROUNDS; round++) {
  // A browser for each round: what one round left behind is not the next one's burden.
  const browser = await launch("chromium", null);
  for (const name of shuffled(only)) {
    if (round === 0) await returningBytes(browser, server, name);
    for (const count of COUNTS) await visit(browser, server, name, count, 1);
    await visit(browser, server, name, 500, 4);
    await patiently(arriving, browser, server, name);
    for (const count of COUNTS.slice(0, 2)) await patiently(returning, browser, server, name, count);
  }
  await browser.close();
  console.log(`round ${round + 1} of ${ROUNDS}`);
}
await server.stop();
const cost = process.argv.includes("--no-dom") ? null : await domCost();

const table = Object.entries(all).map(([measure, by]) => {
  const middle = Object.fromEntries(names.map((name) => [name, median(by[name] ?? [])]));
  const peers = names.filter((name) => !/^(none|handwritten|portcullis.*)$/.test(name));
  const best = Math.min(...peers.map((name) => middle[name]).filter((value) => !Number.isNaN(value)));
  return { measure, middle, ratio: middle.portcullis / best };
});
const shown = (value) =>
  Number.isNaN(value) ? "–" : value >= 1000 ? Math.round(value).toLocaleString("en") : value.toFixed(1);
const lines = table.map(
  ({ measure, middle, ratio }) =>
    `| ${measure} | ${names.map((name) => shown(middle[name])).join(" | ")} | ${Number.isNaN(ratio) ? "–" : ratio.toFixed(2)} |`,
);
const text = `# Measured beside the peers

\`npm run bench\` wrote this: ${ROUNDS} rounds in Chromium on ${os.cpus().length} cores, every tool in every round, in a new order. Medians;
milliseconds, but for bytes (of files and of lines in the head, after brotli at level 11) and memory (MB of JavaScript heap after a collection). The last column is
Portcullis over the best peer: below 1 it is ahead. (A banner by hand asks, remembers and starts; it is no peer.) Machines are noisy: only figures of one run compare.

| | ${names.map((name) => TOOLS[name].title).join(" | ")} | ratio |
|---|${names.map(() => "---:").join("|")}|---:|
${lines.join("\n")}

${cost ? `DOM operations with the traps standing, over the same without them: ${cost.ratio.toFixed(3)}, 95 % interval ${cost.low.toFixed(3)}–${cost.high.toFixed(3)} over ${cost.pairs} interleaved pairs of 10,000 insertions and attribute writes.\n` : ""}
![medians](results.svg)
`;
await writeFile(new URL("RESULTS.md", import.meta.url), text);
await writeFile(new URL("results.svg", import.meta.url), plot(table, names, TOOLS));
console.log(text);
