// Taking it back: switched off, shut, erased, reported; and granted again in the same document.

import assert from "node:assert/strict";
import { test } from "node:test";
import { click, cookies, shown } from "./harness.mjs";
import { config, html, ORIGIN } from "./site.mjs";
import { arrived, asVisitor, beacons, inEachBrowser } from "./suite.mjs";

const tick = (page) => page.evaluate(() => void dispatchEvent(new Event("farm:tick")));

/** What each running script sends when it is asked to, for those that can go on at once. */
const TICKS = {
  "google-analytics": ({ path, query }) => path === "/g/collect" && query.en === "tick",
  "linkedin-insight": ({ host, query }) => host === "px.ads.linkedin.com" && query.tick,
  "meta-pixel": ({ path, query }) => path === "/tr/" && query.ev === "Tick",
  "x-ads": ({ host, query }) => host === "t.co" && query.events === "tick",
};
const marketoTick = ({ path, query }) => path === "/webevents/clickLink" && query.tick;

inEachBrowser("withdrawal", (at) => {
  test("from the preference centre: off, shut, erased, reported; again, once, without a second run", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      farm.page(`${ORIGIN}/shop/withdraw`, html({ config: await config() }));
      const page = await visitor.page(`${ORIGIN}/shop/withdraw`);
      await click(page, '[data-action="accept"]');
      await beacons(farm);
      // What the vendor set on the parent domain is joined by what else can be under its names.
      await page.evaluate(() => {
        for (const attributes of [
          "Path=/",
          "Path=/shop",
          "Path=/shop/; Domain=acme.example",
          "Path=/; Secure; SameSite=None",
        ]) {
          // biome-ignore lint/suspicious/noDocumentCookie: planted as a vendor would
          document.cookie = `_ga_PLANTED=1; ${attributes}`;
        }
        localStorage.setItem("unrelated", "1");
      });
      await tick(page);
      await Promise.all([...Object.values(TICKS), marketoTick].map((matches) => farm.waitFor(matches)));
      const ran = await page.evaluate(() => window.__farmRan);
      assert.ok((await cookies(page))._mkto_trk);

      farm.reset();
      await click(page, "button", "portcullis-way-back");
      await click(page, '[data-action="reject"]');
      await shown(page, ".report");
      assert.equal(
        await page.evaluate(() => window["ga-disable-G-ABC1234567"]),
        true,
        "the off-switch was called",
      );
      assert.deepEqual(Object.keys(await cookies(page)).sort(), ["__Host-portcullis", "mkto_opt_out"]);
      assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), ["unrelated"]);
      for (let n = 0; n < 3; n++) await tick(page);
      await farm.sentinel(page);
      assert.deepEqual(arrived(farm), [], "a running script got something out");
      assert.deepEqual(
        Object.keys(await cookies(page)).sort(),
        ["__Host-portcullis", "mkto_opt_out"],
        "a running script wrote its cookies back",
      );

      const report = Object.fromEntries(
        (await page.evaluate(() => window.portcullis.lastReport.vendors)).map((of) => [of.id, of]),
      );
      assert.ok(report["google-analytics"].wasRunning);
      assert.deepEqual(report["google-analytics"].erased.sort(), ["_ga", "_ga_ABC1234567", "_ga_PLANTED"]);
      assert.deepEqual(report["google-analytics"].left, [{ name: "FPID", why: "http-only" }]);
      assert.deepEqual(report["meta-pixel"].erased.sort(), ["_fbp", "local:lastExternalReferrer"]);
      assert.ok(report["meta-pixel"].left.some(({ name, why }) => name === "fr" && why === "third-party"));
      assert.equal(report["marketo-munchkin"].resumes, "next-page");
      assert.equal(report["x-ads"].resumes, "now");
      assert.equal(report["facebook-login"].wasRunning, false);

      await page.evaluate(() => window.portcullis.acceptAll());
      await tick(page);
      await Promise.all(Object.values(TICKS).map((matches) => farm.waitFor(matches)));
      await farm.sentinel(page);
      assert.deepEqual(await page.evaluate(() => window.__farmRan), ran, "no script ran twice");
      assert.equal(farm.log.filter(marketoTick).length, 0, "what cannot be resumed waits");
      const reason = await page.evaluate(
        () => window.portcullis.explain("https://munchkin.marketo.net/munchkin.js").reason,
      );
      assert.equal(reason, "next-page");

      farm.reset();
      await page.goto(`${ORIGIN}/shop/withdraw`);
      await beacons(farm);
      assert.ok((await cookies(page))._mkto_trk, "on the next page it is back");
    }));

  test("one vendor alone can be taken back", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      farm.page(`${ORIGIN}/one-vendor`, html({ config: await config() }));
      const page = await visitor.page(`${ORIGIN}/one-vendor`);
      await click(page, '[data-action="accept"]');
      await beacons(farm);
      farm.reset();
      const report = await page.evaluate(() => window.portcullis.withdraw({ vendor: "meta-pixel" }));
      assert.deepEqual(
        report.vendors.map(({ id }) => id),
        ["meta-pixel"],
      );
      await tick(page);
      await farm.waitFor(TICKS["linkedin-insight"]);
      await farm.sentinel(page);
      assert.equal(farm.log.filter(TICKS["meta-pixel"]).length, 0);
      const { choices } = await page.evaluate(() => ({ choices: window.portcullis.choices }));
      assert.equal(choices.categories.targeting, "mixed");
    }));
});
