// Vendors fail; the others start all the same, and the page works.

import assert from "node:assert/strict";
import { test } from "node:test";
import { click, cookies, gone, shown } from "./harness.mjs";
import { config, html, ORIGIN } from "./site.mjs";
import { asVisitor, beacons, inEachBrowser } from "./suite.mjs";

inEachBrowser("failing vendors", (at) => {
  test("one hangs, one answers 404, one throws: the others start", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      farm.page(`${ORIGIN}/failing`, html({ config: await config() }));
      farm.fault("snap.licdn.com", "hang");
      farm.fault("munchkin.marketo.net", 404);
      farm.fault("connect.facebook.net", "throw");
      const page = await visitor.page(`${ORIGIN}/failing`);
      await click(page, '[data-action="accept"]');
      await beacons(farm, ["google-analytics", "google-ads", "google-floodlight", "x-ads"]);
      await page.waitForFunction(() =>
        window.portcullis
          .log()
          .some(({ what, target }) => what === "failed" && target === "marketo-munchkin"),
      );
      assert.equal(await page.evaluate(() => window.portcullis.allows("targeting")), true);
    }));

  test("marked tags: a hanging one is outlasted, in its category and in no other", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const head = `
        <script type="text/plain" data-category="targeting" data-src="https://snap.licdn.com/li.lms-analytics/insight.min.js"></script>
        <script type="text/plain" data-category="targeting">window.order = [...(window.order ?? []), "after the hanging one"]</script>
        <script type="text/plain" data-category="performance">window.order = [...(window.order ?? []), "another category"]</script>`;
      farm.page(`${ORIGIN}/patience`, html({ config: await config([]), head }));
      farm.page(
        `${ORIGIN}/patience`,
        html({ config: { categories: { targeting: {}, performance: {} } }, head }),
      );
      farm.fault("snap.licdn.com", "hang");
      const page = await visitor.page(`${ORIGIN}/patience`, { waitUntil: "domcontentloaded" });
      await page.evaluate(() => void window.portcullis.acceptAll());
      await page.waitForFunction(() => window.order?.length === 2, { timeout: 10_000 });
      assert.deepEqual(await page.evaluate(() => window.order), [
        "another category",
        "after the hanging one",
      ]);
    }));

  test("the login starts on demand, and not without its category", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      farm.page(`${ORIGIN}/login`, html({ config: await config() }));
      const page = await visitor.page(`${ORIGIN}/login`);
      const refused = await page.evaluate(() =>
        window.portcullis.load("facebook-login").catch((error) => error.message),
      );
      assert.match(refused, /not granted/);
      await page.evaluate(() => window.portcullis.choose({ categories: { functional: true } }));
      await farm.sentinel(page);
      assert.deepEqual(farm.requests({ vendor: "facebook-login" }), []);
      const status = await page.evaluate(async () => {
        await window.portcullis.load("facebook-login");
        return new Promise((resolve) => window.FB.login((answer) => resolve(answer.status)));
      });
      assert.equal(status, "connected");
      assert.equal(farm.requests({ vendor: "facebook-login", path: "/en_US/sdk.js" }).length, 1);
      assert.equal(farm.requests({ path: "/x/oauth/status" })[0].query.client_id, "1234567890123");
    }));
});

inEachBrowser(
  "blocked storage",
  (at) => {
    test("the banner works and the choice holds for the page", () =>
      asVisitor(at(), async (visitor) => {
        const { farm } = at();
        const head = `<script>addEventListener("portcullis:error", ({ detail }) => { (window.errors ??= []).push(detail.code) })</script>`;
        farm.page(`${ORIGIN}/blocked`, html({ config: await config(), head }));
        const page = await visitor.page(`${ORIGIN}/blocked`);
        await click(page, '[data-action="accept"]');
        await gone(page, '[data-action="accept"]');
        await farm.waitFor(({ path }) => path === "/gtag/js");
        assert.deepEqual(await page.evaluate(() => window.errors), ["not-recorded"], "and it is said");
        assert.equal(await page.evaluate(() => window.portcullis.allows("targeting")), true);
        assert.deepEqual(await cookies(page), {});
        await page.reload();
        await shown(page, '[data-action="accept"]');
      }));
  },
  { cookies: "blocked" },
);
