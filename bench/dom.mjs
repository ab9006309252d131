// What the traps cost: the same 10,000 insertions and attribute writes with and without them, in one page each,
// in interleaved pairs until the interval of their ratio is narrow enough.

import { launch } from "../tests/browser/harness.mjs";
import { startServer } from "./lib/server.mjs";
import { ratio } from "./lib/statistics.mjs";

const WIDTH = 0.04;
const PAIRS_MIN = 40;
const PAIRS_MAX = 1500;

/** One run: milliseconds. Runs in the page. */
function work() {
  const root = document.createElement("div");
  document.body.append(root);
  const started = performance.now();
  for (let n = 0; n < 2500; n++) {
    const div = document.createElement("div");
    div.setAttribute("class", "row");
    div.setAttribute("data-n", n);
    div.appendChild(document.createElement("span")).textContent = "text";
    root.appendChild(div);
    div.firstChild.setAttribute("title", "t");
  }
  const took = performance.now() - started;
  root.remove();
  return took;
}

export async function domCost(browserName = "chromium") {
  const server = await startServer();
  const browser = await launch(browserName, null);
  const visitor = await browser.newVisitor();
  const open = async (name) => {
    const page = await visitor.page(`http://127.0.0.1:${server.port}/page/${name}/0`);
    await page.evaluate(`window.work = ${work}; for (let n = 0; n < 30; n++) work()`);
    return page;
  };
  const pages = [await open("portcullis"), await open("none")];
  const pairs = [];
  let found;
  do {
    const order = pairs.length % 2 ? [0, 1] : [1, 0];
    const took = [];
    for (const at of order) {
      // The least of three: what else the machine does only ever adds.
      took[at] = await pages[at].evaluate(() => Math.min(window.work(), window.work(), window.work()));
    }
    pairs.push(took);
    if (pairs.length >= PAIRS_MIN) found = ratio(pairs);
  } while (!found || (found.high - found.low > WIDTH && pairs.length < PAIRS_MAX));
  await browser.close();
  await server.stop();
  return found;
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { ratio: mean, low, high, pairs } = await domCost(process.argv[2]);
  console.log(
    `traps cost ${mean.toFixed(3)} (95 % interval ${low.toFixed(3)}–${high.toFixed(3)}, ${pairs} pairs)`,
  );
}
