// The legal model of the visitor's region: given by the site's server, or worked out from the time zone. What arrived
// at the third parties is the witness of what ran.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { click, gone, shown } from "./harness.mjs";
import { config, html, ORIGIN, PKG } from "./site.mjs";
import { asVisitor, inEachBrowser } from "./suite.mjs";

const VENDORS = [
  { use: "meta-pixel", pixelId: "123456789012345" },
  { use: "google-analytics", measurementId: "G-ABC1234567" },
];

inEachBrowser("regions", (at, browser) => {
  const open = async (visitor, region, more = {}, zone = undefined) => {
    const { farm } = at();
    const given = await config(VENDORS, { regime: "auto", ...(region && { region }), ...more });
    farm.page(`${ORIGIN}/region`, html({ config: given }));
    const page = await visitor.page(undefined);
    if (zone) await page.emulateTimezone(zone);
    await page.goto(`${ORIGIN}/region`);
    await page.waitForFunction(() => window.portcullis.jurisdiction, { timeout: 30_000 });
    return page;
  };
  const labels = (page) =>
    page.evaluate(() =>
      [...document.querySelector("portcullis-ui").shadowRoot.querySelectorAll(".actions button")].map(
        (button) => button.textContent,
      ),
    );
  const tracked = (farm) => farm.log.filter((entry) => entry.path === "/tr/").length;

  for (const [region, regime, buttons, runs] of [
    ["DE", "opt-in", ["Reject All", "Accept All Cookies", "Cookies Settings"], false],
    [
      "US-CA",
      "opt-out",
      ["Do Not Sell or Share My Personal Information", "OK", "Your Privacy Choices"],
      true,
    ],
    ["US-TX", "opt-out", ["Opt Out", "OK", "Your Privacy Choices"], true],
    ["JP", "notice", ["Opt Out", "OK", "Cookies Settings"], true],
    ["AU", "notice", ["OK", "Cookies Settings"], true],
    ["ZZ", "opt-in", ["Reject All", "Accept All Cookies", "Cookies Settings"], false],
  ]) {
    test(`${region} by the site's server: ${regime}`, () =>
      asVisitor(at(), async (visitor) => {
        const { farm } = at();
        const page = await open(visitor, region);
        await shown(page, '[data-action="accept"]');
        assert.equal(await page.evaluate(() => window.portcullis.regime), regime);
        assert.deepEqual(await labels(page), buttons);
        if (runs) await farm.waitFor((entry) => entry.path === "/tr/");
        await farm.sentinel(page);
        assert.equal(tracked(farm) > 0, runs);
      }));
  }

  test("opting out is confirmed, stops what runs, and holds on the next page without an interface", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const page = await open(visitor, "US-CA");
      await farm.waitFor((entry) => entry.path === "/tr/");
      await click(page, '[data-action="reject"]');
      await shown(page, ".report");
      const said = await page.evaluate(
        () => document.querySelector("portcullis-ui").shadowRoot.querySelector(".report").textContent,
      );
      assert.match(said, /opt-out request has been processed/);
      assert.match(said, /Meta Pixel/);
      farm.reset();
      await page.goto(`${ORIGIN}/region`);
      await farm.sentinel(page);
      assert.equal(tracked(farm), 0);
      assert.equal(await page.evaluate(() => window.portcullis.regime), "opt-out");
      assert.ok(
        !farm.siteLog.some((entry) => entry.path.endsWith("/ui.js")),
        "what was worked out is remembered",
      );
      const [of, found] = (await page.evaluate(() => localStorage.getItem("portcullis.region"))).split("\n");
      assert.match(of, /^US-CA \d{5}$/, "the place and the day");
      assert.match(found, /^US-CA\topt-out\t\d+\t[a-z-]+$/, "and what follows");
    }));

  test("where visitors are asked first nothing about the place is stored", () =>
    asVisitor(at(), async (visitor) => {
      const page = await open(visitor, "FR");
      await shown(page, '[data-action="accept"]');
      const stored = () =>
        page.evaluate(() => [document.cookie, ...Object.keys(localStorage), ...Object.keys(sessionStorage)]);
      assert.deepEqual(await stored(), [""]);
    }));

  test("an interface that does not come leaves the strictest", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      // The gate stands alone in its folder: what it asks for beside itself is not there.
      const gate = await readFile(path.join(PKG, "portcullis.js"), "utf8");
      farm.page(`${ORIGIN}/alone/portcullis.js`, gate, { "content-type": "text/javascript; charset=utf-8" });
      const given = await config(VENDORS, { regime: "auto", region: "US-CA" });
      farm.page(`${ORIGIN}/region`, html({ config: given, way: "file" }).replace("/pkg/", "/alone/"));
      const page = await visitor.page(`${ORIGIN}/region`);
      await farm.sentinel(page);
      assert.equal(await page.evaluate(() => window.portcullis.jurisdiction), null);
      assert.equal(await page.evaluate(() => window.portcullis.pending.why), "first");
      assert.equal(tracked(farm), 0);
    }));

  if (browser === "chromium") {
    for (const [zone, regime] of [
      ["Europe/Berlin", "opt-in"],
      ["America/Los_Angeles", "opt-out"],
      ["Asia/Tokyo", "notice"],
      ["America/Toronto", "opt-in"],
      ["Etc/UTC", "opt-in"],
    ]) {
      test(`${zone} by the browser's time zone: ${regime}`, () =>
        asVisitor(at(), async (visitor) => {
          const page = await open(visitor, undefined, {}, zone);
          assert.equal(await page.evaluate(() => window.portcullis.regime), regime);
        }));
    }

    test("whoever travels is judged by where they are: a record of a laxer place is no consent", () =>
      asVisitor(at(), async (visitor) => {
        const { farm } = at();
        const page = await open(visitor, undefined, {}, "America/New_York");
        await farm.waitFor((entry) => entry.path === "/tr/");
        await click(page, '[data-action="accept"]');
        await gone(page, '[data-action="accept"]');
        await page.emulateTimezone("Europe/Paris");
        farm.reset();
        await page.goto(`${ORIGIN}/region`);
        await shown(page, '[data-action="accept"]');
        assert.equal(await page.evaluate(() => window.portcullis.regime), "opt-in");
        await farm.sentinel(page);
        assert.equal(tracked(farm), 0);
      }));
  }
});
