// Runs tests in every browser, each file with a farm and a browser of its own.

import { after, before, beforeEach, describe } from "node:test";
import { engines, launch } from "./harness.mjs";
import { startSite } from "./site.mjs";

/** `define` gets `at()`, which gives the farm and the browser once a test runs. */
export function inEachBrowser(title, define, options = {}) {
  for (const name of engines) {
    describe(`${title} (${name})`, () => {
      const here = {};
      before(async () => {
        here.farm = await startSite();
        here.browser = await launch(name, here.farm, options);
      });
      beforeEach(async () => {
        await here.farm.hangUp();
        here.farm.reset();
      });
      after(async () => {
        await here.browser?.close();
        await here.farm?.stop();
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
