// A config with problems, met by a page: each is reported with its path and the nearest right spelling,
// and the site's other vendors work.

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
      farm.page(
        `${ORIGIN}/broken`,
        html({
          config: broken,
          head: `${head}<script>document.addEventListener("DOMContentLoaded", () => { const i = new Image(); i.src = "https://www.facebook.com/tr?id=1"; })</script>`,
        }),
      );
      const page = await visitor.page(`${ORIGIN}/broken`);
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
      const broke = arrived(farm).filter((line) => /facebook|licdn|linkedin|twitter|t\.co/.test(line));
      assert.deepEqual(broke, [], "what cannot be read is not granted");
    }));
});
