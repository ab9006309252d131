// Vendors fail; the others start all the same, and the page works.

import assert from "node:assert/strict";
import { test } from "node:test";
import { click, cookies, gone, shown } from "./harness.mjs";
import { config, html, inScript, keepBack, ORIGIN } from "./site.mjs";
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
      farm.page(
        `${ORIGIN}/patience`,
        html({ config: { categories: { targeting: {}, performance: {} } }, head }),
      );
      farm.fault("snap.licdn.com", "hang");
      const page = await visitor.page(`${ORIGIN}/patience`, { waitUntil: "domcontentloaded" });
      await page.evaluate(() => void window.portcullis.acceptAll());
      await page.waitForFunction(() => window.order?.length === 2, { timeout: 30_000 });
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

inEachBrowser("no gate", (at) => {
  /** What a page asks of a vendor while there is no gate, and what it got. */
  const HEAD = `<script>window.errors = [];
        addEventListener("portcullis:error", ({ detail }) => errors.push(detail.code));
        document.addEventListener("DOMContentLoaded", async () => {
          const script = document.createElement("script");
          script.src = "https://snap.licdn.com/li.lms-analytics/insight.min.js";
          document.head.append(script);
          new Image().src = "https://www.facebook.com/tr?id=1";
          window.answers = [
            await fetch("https://px.ads.linkedin.com/collect").then(() => "arrived", () => "refused"),
            await fetch("/pkg/package.json").then(({ status }) => status),
          ];
        });
      </script>`;
  const POLICY = { "content-security-policy": "script-src 'self' 'unsafe-inline' https:" };
  // An error is raised while our script runs: the listener has to stand before it.
  const page = async (way) => html({ config: await config(), way }).replace("<script", `${HEAD}<script`);

  test("WebAssembly refused by policy: the JavaScript build takes over, and nothing was lost", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      farm.page(`${ORIGIN}/no-wasm`, await page(), POLICY);
      const tab = await visitor.page(`${ORIGIN}/no-wasm`);
      await tab.waitForFunction(() => window.answers);
      await farm.sentinel(tab);
      assert.deepEqual(await tab.evaluate(() => window.answers), ["refused", 200]);
      assert.deepEqual(await tab.evaluate(() => window.errors), []);
      assert.deepEqual(
        farm.log.map(({ host }) => host),
        [],
      );
      await click(tab, '[data-action="accept"]');
      await beacons(farm);
      await farm.waitFor(({ host, path }) => host === "www.facebook.com" && path.startsWith("/tr"));
      assert.equal(await tab.evaluate(() => window.portcullis.allows("targeting")), true);
      await tab.evaluate(() => window.portcullis.withdraw());
      assert.equal(await tab.evaluate(() => window.portcullis.allows("targeting")), false);
    }));

  for (const way of ["linked", "file"])
    test(`${way}: neither WebAssembly nor the JavaScript build: tags stay held, the page works, and it is said`, () =>
      asVisitor(at(), async (visitor) => {
        const { farm } = at();
        farm.page(`${ORIGIN}/no-gate-at-all`, await page(way), POLICY);
        const giveBack = keepBack(/\/js\.js$/);
        const tab = await visitor.page(`${ORIGIN}/no-gate-at-all`);
        await tab.waitForFunction(() => window.answers);
        await farm.sentinel(tab);
        assert.deepEqual(await tab.evaluate(() => window.answers), ["refused", 200]);
        assert.deepEqual(await tab.evaluate(() => window.errors), ["no-webassembly"]);
        assert.equal(await tab.evaluate(() => window.portcullis.allows("targeting")), false);
        assert.deepEqual(
          farm.log.map(({ host }) => host),
          [],
        );
        giveBack();
      }));

  for (const [what, until] of [
    ["is missing: calls are refused", null],
    ["hangs: calls wait, and are refused after ten seconds", new Promise(() => {})],
  ])
    test(`the gate's file ${what}; the page works, and it is said once`, { timeout: 40_000 }, () =>
      asVisitor(at(), async (visitor) => {
        const { farm } = at();
        const watch = `<script>
        window.errors = [];
        addEventListener("portcullis:error", ({ detail }) => errors.push(detail.code));
        window.answer = fetch("https://px.ads.linkedin.com/collect").then(() => "arrived", () => "refused");
      </script>`;
        farm.page(`${ORIGIN}/no-gate`, html({ config: await config(), head: watch }));
        const giveBack = keepBack(/\/gate\.js$/, until);
        const tab = await visitor.page(`${ORIGIN}/no-gate`, { waitUntil: "domcontentloaded" });
        await tab.waitForFunction(() => window.errors.length, { timeout: 30_000 });
        assert.equal(await tab.evaluate(() => window.answer), "refused");
        await new Promise((resolve) => setTimeout(resolve, until ? 500 : 11_000));
        assert.deepEqual(await tab.evaluate(() => window.errors), ["no-gate"]);
        assert.deepEqual(farm.log, []);
        giveBack();
      }),
    );

  test("loading and starting twice is harmless", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const given = await config();
      const twice = `<script type="application/json">${inScript(given)}</script><script src="/pkg/portcullis.js"></script>`;
      farm.page(`${ORIGIN}/twice`, html({ config: given, head: twice }));
      const tab = await visitor.page(`${ORIGIN}/twice`);
      await click(tab, '[data-action="accept"]');
      await beacons(farm);
      await farm.sentinel(tab);
      for (const file of ["/gtm.js", "/gtag/js", "/munchkin.js", "/uwt.js"]) {
        assert.equal(farm.requests({ path: file }).length, 1, file);
      }
      assert.deepEqual(tab.problems, []);
    }));
});
