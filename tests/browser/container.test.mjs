// A container brings others: each is judged for itself. And third parties that no vendor claims.

import assert from "node:assert/strict";
import { test } from "node:test";
import { config, html, ORIGIN, VENDORS } from "./site.mjs";
import { arrived, asVisitor, inEachBrowser } from "./suite.mjs";

const BROUGHT = [
  { tag: "meta", pixelId: "123456789012345" },
  { tag: "linkedin", partnerId: "1234567" },
  { tag: "floodlight", id: "1234567" },
];

/** Only the container and what lets it run; the vendors that it brings are claimed, not registered. */
async function containerConfig(more) {
  const given = await config(VENDORS, more);
  const registered = ["google-tag-manager", "google-analytics"];
  return {
    ...given,
    vendors: given.vendors.map((vendor) => {
      if (registered.includes(vendor.id)) return vendor;
      const { id, name, category, hosts, resume } = vendor;
      return { id, name, category, hosts, ...(resume && { resume }) };
    }),
  };
}

inEachBrowser("containers", (at) => {
  test("what the container brings is held with the reason, and released once, in order", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      farm.containers["GTM-ABC123"] = BROUGHT;
      farm.page(`${ORIGIN}/gtm`, html({ config: await containerConfig() }));
      const page = await visitor.page(`${ORIGIN}/gtm`);
      await page.evaluate(() =>
        window.portcullis.choose({ categories: { performance: true, targeting: false } }),
      );
      await farm.waitFor(({ path }) => path === "/gtm.js");
      await page.waitForFunction(
        () => window.portcullis.log().filter(({ what }) => what === "held").length === 3,
      );
      await farm.sentinel(page);
      assert.deepEqual(farm.requests({ vendor: "meta-pixel" }), []);
      assert.deepEqual(farm.requests({ vendor: "linkedin-insight" }), []);
      assert.deepEqual(farm.requests({ host: "fls.doubleclick.net" }), []);
      const held = await page.evaluate(() => window.portcullis.log().filter(({ what }) => what === "held"));
      assert.deepEqual(
        held.map(({ kind, vendor, reason, target }) => [kind, vendor, reason, new URL(target).hostname]),
        [
          ["script", "meta-pixel", "not-granted", "connect.facebook.net"],
          ["script", "linkedin-insight", "not-granted", "snap.licdn.com"],
          ["iframe", "google-floodlight", "not-granted", "fls.doubleclick.net"],
        ],
      );
      const explained = await page.evaluate(() =>
        window.portcullis.explain("https://connect.facebook.net/en_US/fbevents.js"),
      );
      assert.deepEqual(explained, {
        verdict: "hold",
        reason: "not-granted",
        vendor: "meta-pixel",
        category: "targeting",
      });

      await page.evaluate(() => window.portcullis.choose({ categories: { targeting: true } }));
      await farm.waitFor(({ path, query }) => path === "/tr/" && query.ev === "PageView");
      await farm.waitFor(({ host }) => host === "px.ads.linkedin.com");
      await farm.waitFor(({ host }) => host === "fls.doubleclick.net");
      await farm.sentinel(page);
      const released = await page.evaluate(() =>
        window.portcullis
          .log()
          .flatMap(({ what, target }) => (what === "released" ? [new URL(target).hostname] : [])),
      );
      assert.deepEqual(released, ["connect.facebook.net", "snap.licdn.com", "fls.doubleclick.net"]);
      for (const path of [
        "/en_US/fbevents.js",
        "/li.lms-analytics/insight.min.js",
        "/activityi;src=1234567;type=gtm;ord=1",
      ]) {
        assert.equal(farm.requests({ path }).length, 1, path);
      }
    }));

  const stranger = [
    { tag: "script", host: "unknown.example-cdn.net", path: "/thing.js" },
    { tag: "img", host: "unknown.example-cdn.net", path: "/pixel" },
  ];

  for (const unclassified of ["hold", "allow"]) {
    test(`a third party that no vendor claims, with "${unclassified}"`, () =>
      asVisitor(at(), async (visitor) => {
        const { farm } = at();
        farm.containers["GTM-ABC123"] = stranger;
        farm.page(`${ORIGIN}/${unclassified}`, html({ config: await containerConfig({ unclassified }) }));
        const page = await visitor.page(`${ORIGIN}/${unclassified}`);
        await page.evaluate(() => window.portcullis.acceptAll());
        await farm.waitFor(({ path }) => path === "/gtm.js");
        if (unclassified === "allow") await farm.waitFor(({ path }) => path === "/beacon");
        await page.waitForFunction(
          (wanted) =>
            window.portcullis
              .log()
              .filter((entry) => entry.reason === "unclassified" && entry.what === wanted).length >= 2,
          {},
          unclassified === "hold" ? "held" : "allowed",
        );
        await farm.sentinel(page);
        assert.equal(await page.evaluate(() => !!window.__unclaimedRan), unclassified === "allow");
        const requests = arrived(farm).filter((line) => line.includes("example-cdn"));
        assert.equal(requests.length > 0, unclassified === "allow", requests.join(", "));
      }));
  }
});
