// What every test of a process shares: one farm, and one browser of each kind. Both end with the process's tests.

import { after } from "node:test";
import { launch } from "./harness.mjs";
import { furnish, startSite } from "./site.mjs";

/** What has been started, by its name. */
const kept = new Map();

function once(name, start) {
  if (!kept.has(name)) kept.set(name, start());
  return kept.get(name);
}

/** The farm with its site, as if it had just been started. */
export async function cleanSite() {
  const farm = await once("farm", startSite);
  await farm.forget();
  return furnish(farm);
}

/** A browser that runs: one that has broken off breaks no more than the tests that it was in. */
async function running(name, start) {
  const browser = await once(name, start).catch(() => null);
  if (browser?.isAlive) return browser;
  kept.delete(name);
  await browser?.close().catch(() => {});
  return once(name, start);
}

/** A browser behind the farm's proxy. */
export const behindFarm = (name) => running(name, async () => launch(name, await once("farm", startSite)));

/** A browser that reaches this machine as it is. */
export const withoutFarm = (name) => running(`${name}, no farm`, () => launch(name, null));

async function closeAll() {
  const all = await Promise.allSettled(kept.values());
  kept.clear();
  const [browsers, farms] = [[], []];
  for (const { value } of all) if (value) (value.newVisitor ? browsers : farms).push(value);
  // A browser that has lost its proxy takes its time to end.
  await Promise.all(browsers.map((browser) => browser.close()));
  await Promise.all(farms.map((farm) => farm.stop()));
}

// At the root: this file is read before any test begins.
after(closeAll);
// Puppeteer would end its browsers, and let the tests go on without.
for (const signal of ["SIGTERM", "SIGHUP"]) {
  process.once(signal, async () => {
    await closeAll().catch(() => {});
    process.exit(1);
  });
}
