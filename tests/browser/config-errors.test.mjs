// A config with problems, met by a page: a developer is told each with its path and the nearest right
// spelling, a visitor's browser fetches no checker, and the site's other vendors work.

import assert from "node:assert/strict";
import { test } from "node:test";
import { config, html, ORIGIN } from "./site.mjs";
import { arrived, asVisitor, BEACONS, inEachBrowser } from "./suite.mjs";

inEachBrowser("config errors at start", (at) => {
  test("all are reported, the rest works, and a broken vendor stays held", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const good = await config();
      const vendors = good.vendors.map((vendor) => {
        if (vendor.id === "meta-pixel") return { ...vendor, values: { pixelId: "none" } };
        if (vendor.id === "linkedin-insight") return { ...vendor, values: {} };
        if (vendor.id === "x-ads") return { ...vendor, categroy: "targeting" };
        return vendor;
      });
      const broken = {
        ...good,
        vendros: [],
        vendors: [...vendors, { use: "google-analitics", measurementId: "G-1" }],
      };
      const head = `<script>window.errors = []; addEventListener("portcullis:error", ({ detail }) => errors.push(detail))</script>`;
      const pixel = `<script>document.addEventListener("DOMContentLoaded", () => { const i = new Image(); i.src = "https://www.facebook.com/tr?id=1"; })</script>`;
      // Some errors are raised while our script runs: the listener has to stand before it.
      farm.page(
        `${ORIGIN}/broken`,
        html({ config: broken, head: pixel, way: "file" }).replace("<script", `${head}<script`),
      );
      const page = await visitor.page(`${ORIGIN}/broken?portcullis=debug`);
      await page.waitForFunction(() => window.errors.some(({ issues }) => issues));
      const { issues } = await page.evaluate(() => window.errors.find((error) => error.issues));
      const said = issues
        .filter(({ severity }) => severity === "error")
        .map(({ path, nearest }) => [path, nearest ?? null]);
      assert.deepEqual(said, [
        ["vendros", "vendors"],
        ["vendors[4].values.partnerId", null],
        ["vendors[6].values.pixelId", null],
        ["vendors[7].categroy", "category"],
        ["vendors[9].use", "google-analytics"],
      ]);
      await page.evaluate(() => window.portcullis.acceptAll());
      await farm.waitFor(BEACONS["google-analytics"]);
      await farm.waitFor(BEACONS["marketo-munchkin"]);
      await farm.sentinel(page);
      const broke = arrived(farm).filter((line) => /facebook|licdn|linkedin/.test(line));
      assert.deepEqual(broke, [], "what has not the form of its parameters starts nothing");

      farm.siteLog.length = 0;
      const other = await visitor.page(`${ORIGIN}/broken`);
      await other.waitForFunction(() => window.errors.length > 0);
      await farm.sentinel(other);
      const errors = await other.evaluate(() => window.errors);
      assert.deepEqual(
        errors.map(({ code }) => code),
        ["config"],
      );
      assert.match(errors[0].message, /npx portcullis validate/);
      assert.ok(!farm.siteLog.some(({ path }) => path.endsWith("/tools.js")), "no checker for visitors");
    }));
});
