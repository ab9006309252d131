// Analytics from npm, bundled into the page's own script. As a vendor of the config nothing of them leaves
// the page before a choice, and they work after it; as a library of the site's own they work as if
// Portcullis were not there.

import assert from "node:assert/strict";
import { test } from "node:test";
import { config } from "../browser/site.mjs";
import { asVisitor, inEachBrowser } from "../browser/suite.mjs";
import { HOST, serve } from "./compat.mjs";
import { SDKS, serveSdk } from "./sdk-servers.mjs";

/** What arrived at the SDK's servers: each endpoint, and each event by name. */
function arrivals(farm, { hosts, events, whenever }) {
  const entries = farm.siteLog.filter(
    ({ host, method, path }) => hosts.includes(host) && method !== "OPTIONS" && !whenever?.test(path),
  );
  return {
    endpoints: [...new Set(entries.map(({ method, host, path }) => `${method} ${host}${path}`))].sort(),
    events: [...new Set(entries.flatMap(events))].sort(),
  };
}

/** Waits until all of these events have arrived. */
async function arrive(farm, sdk, names) {
  const missing = () => {
    const { events } = arrivals(farm, sdk);
    return names.filter((name) => !events.includes(name));
  };
  for (let round = 0; round < 100 && missing().length; round++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(missing(), [], `did not arrive; what did: ${JSON.stringify(arrivals(farm, sdk))}`);
}

/** A line without the random ids in it. */
const anyId = (line) => line.replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, "…");

/** Names of what the page has stored, without our own record. */
const stored = (page) =>
  page.evaluate(() =>
    [
      ...document.cookie.split("; ").map((pair) => `cookie ${pair.split("=")[0]}`),
      ...Object.keys(localStorage).map((key) => `local ${key}`),
      ...Object.keys(sessionStorage).map((key) => `session ${key}`),
    ]
      .filter((name) => !/^cookie (.*portcullis.*)?$/.test(name))
      .sort(),
  );

/** Leaves the page, and waits for what that sends. */
async function leave(farm, page) {
  await page.goto(`https://${HOST}/elsewhere`);
  await farm.sentinel(page);
}

const run = (page, half) => page.evaluate((name) => window.scenario[name](), half);

inEachBrowser("analytics from npm", (at) => {
  for (const [id, sdk] of Object.entries(SDKS)) {
    const start = () => {
      serveSdk(at().farm, sdk);
      return serve(at().farm, `${id}.js`, { "/elsewhere": () => "<!doctype html><title>Elsewhere</title>" });
    };

    test(`${id}, a library of the site's own: as if Portcullis were not there`, async () => {
      const { farm } = at();
      const site = start();
      const visit = (then) =>
        asVisitor(at(), async (visitor) => {
          farm.siteLog.length = 0;
          const page = await visitor.page(`https://${HOST}/`);
          const told = [await run(page, "run")];
          await then(page);
          for (const half of ["later", "run", "later"]) told.push(await run(page, half));
          await arrive(farm, sdk, [...sdk.once, ...sdk.sends(1), ...sdk.sends(2)]);
          const left = (await stored(page)).filter((name) => !sdk.whenever?.test(name));
          await leave(farm, page);
          return { told, left, problems: page.problems.map(anyId), ...arrivals(farm, sdk) };
        });
      const bare = await visit(() => {});
      const other = { id: "other", name: "Other", category: "targeting", hosts: ["other.example"] };
      site.consent = await config([other], { site: { name: "Acme", hosts: sdk.hosts } });
      const gated = await visit((page) => page.evaluate(() => window.portcullis.acceptAll()));
      if (process.env.PORTCULLIS_TRACE) console.log(bare);
      assert.deepEqual(gated, bare);
    });

    test(`${id}, a vendor: nothing before a choice, and everything after it`, () =>
      asVisitor(at(), async (visitor) => {
        const { farm } = at();
        const site = start();
        const { hosts, cookies = [], storage = [] } = sdk;
        site.consent = await config([{ id, name: id, category: "performance", hosts, cookies, storage }]);
        const page = await visitor.page(`https://${HOST}/`);
        const told = await run(page, "run");
        await farm.sentinel(page);
        assert.deepEqual(arrivals(farm, sdk), { endpoints: [], events: [] });
        // Not a request, not even a connection.
        const connected = farm.connections.filter((host) => hosts.includes(host));
        assert.deepEqual(connected, []);
        assert.deepEqual(await stored(page), []);

        await page.evaluate(() => window.portcullis.acceptAll());
        for (const half of ["later", "run", "later"]) told.push(...(await run(page, half)));
        await arrive(farm, sdk, ["later 1", ...sdk.sends(2)]);
        if (storage.length) assert.notDeepEqual(await stored(page), []);
        if (process.env.PORTCULLIS_TRACE) console.log(told);
        // What the scenario throws itself, for Sentry to catch, has a number.
        const broken = told.filter((line) =>
          /^(error|rejection|thrown) (?!.*(listener|timer|promise) \d)/.test(line),
        );
        assert.deepEqual(broken, []);
        await leave(farm, page);
      }));
  }
});
