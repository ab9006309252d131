// Runs tests in every engine that tells something new. Farm and browser are the process's own; each describe gets
// a farm as if it had just been started, and each visitor is one whom nobody has seen.

import { after, before, beforeEach, describe } from "node:test";
import { enginesOf } from "../engines.mjs";
import { launch } from "./harness.mjs";
import { behindFarm, cleanSite } from "./pool.mjs";

/**
 * `define` gets `at()`, which gives the farm and the browser once a test runs. With `options` it is a browser of its
 * own: see `launch`. Which engines: see `enginesOf`.
 */
export function inEachBrowser(title, define, options = {}) {
  for (const name of enginesOf(title)) {
    describe(`${title} (${name})`, () => {
      const here = {};
      before(async () => {
        here.farm = await cleanSite();
        here.browser = options.cookies ? await launch(name, here.farm, options) : await behindFarm(name);
      });
      beforeEach(async () => {
        await here.farm.hangUp();
        here.farm.reset();
      });
      after(async () => {
        if (options.cookies) await here.browser?.close();
      });
      define(() => here, name);
    });
  }
}

/** Runs `steps` with a new visitor, whose pages are closed afterwards. */
export async function asVisitor({ browser }, steps, options) {
  const visitor = await browser.newVisitor(options);
  try {
    return await steps(visitor);
  } finally {
    await visitor.close();
  }
}

/** What arrived, as `METHOD host/path`, for messages. */
export const arrived = (farm) => farm.log.map(({ method, host, path }) => `${method} ${host}${path}`);

/** Every vendor's own first beacon: what shows that its script has run and been given its ids. */
export const BEACONS = {
  "google-analytics": (entry) =>
    entry.host === "region1.google-analytics.com" &&
    entry.query.tid === "G-ABC1234567" &&
    entry.query.en === "page_view",
  "google-ads": (entry) => entry.host === "googleads.g.doubleclick.net" && entry.path.includes("/123456789/"),
  "google-floodlight": (entry) => entry.host === "fls.doubleclick.net" && entry.path.includes("src=1234567"),
  "linkedin-insight": (entry) => entry.host === "px.ads.linkedin.com" && entry.query.pid === "1234567",
  "marketo-munchkin": (entry) =>
    entry.host === "123-abc-456.mktoresp.com" &&
    entry.path === "/webevents/visitWebPage" &&
    entry.query._mchId === "123-ABC-456",
  "meta-pixel": (entry) =>
    entry.path === "/tr/" && entry.query.id === "123456789012345" && entry.query.ev === "PageView",
  "x-ads": (entry) => entry.host === "t.co" && entry.query.txn_id === "o1abc",
};

/** Waits for beacons of these vendors. */
export const beacons = (farm, ids = Object.keys(BEACONS)) =>
  Promise.all(ids.map((id) => farm.waitFor(BEACONS[id])));
