// Accept All: every vendor starts once, with what its stub kept, and Google is told in the right order.

import assert from "node:assert/strict";
import { test } from "node:test";
import { click, gone } from "./harness.mjs";
import { config, html, ORIGIN } from "./site.mjs";
import { asVisitor, BEACONS, beacons, inEachBrowser } from "./suite.mjs";

const LOADERS = [
  "www.googletagmanager.com/gtm.js",
  "www.googletagmanager.com/gtag/js",
  "snap.licdn.com/li.lms-analytics/insight.min.js",
  "munchkin.marketo.net/munchkin.js",
  "connect.facebook.net/en_US/fbevents.js",
  "static.ads-twitter.com/uwt.js",
];

/** The data layer in words: commands as lists of their plain parts, objects by their keys and values. */
const trace = () =>
  window.dataLayer.map((item) => {
    const isCommand = Object.prototype.toString.call(item) === "[object Arguments]";
    if (!isCommand) return [item.event ?? "?"];
    return Array.from(item, (part) => (part instanceof Date ? "date" : part));
  });

const states = (granted) => ({
  ad_storage: granted,
  ad_user_data: granted,
  ad_personalization: granted,
  analytics_storage: granted,
  functionality_storage: granted,
  personalization_storage: granted,
  security_storage: "granted",
});

inEachBrowser("accept all", (at) => {
  test("each loader arrives once, each first beacon carries its ids", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      farm.page(`${ORIGIN}/accept`, html({ config: await config() }));
      const page = await visitor.page(`${ORIGIN}/accept`);
      await click(page, '[data-action="accept"]');
      await gone(page, '[data-action="accept"]');
      await beacons(farm);
      await farm.sentinel(page);
      for (const loader of LOADERS) {
        const times = farm.log.filter(({ host, path }) => host + path === loader).length;
        assert.equal(times, 1, loader);
      }
      for (const [id, matches] of Object.entries(BEACONS)) {
        const sent = farm.log.filter(matches).length;
        assert.equal(sent, 1, `${id} sent its first beacon ${sent} times`);
      }
      const analytics = farm.log.find(BEACONS["google-analytics"]);
      assert.equal(analytics.query.gcs, "G111", "the first hit carries the update");
      assert.equal(farm.requests({ vendor: "facebook-login" }).length, 0, "it starts on demand");
      assert.deepEqual(page.problems, []);
    }));

  test("Google's commands: default, then update, then everything else", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      farm.page(`${ORIGIN}/trace`, html({ config: await config() }));
      const page = await visitor.page(`${ORIGIN}/trace`);
      await click(page, '[data-action="accept"]');
      await farm.waitFor(BEACONS["google-floodlight"]);
      assert.deepEqual(await page.evaluate(trace), [
        ["consent", "default", states("denied")],
        ["set", "ads_data_redaction", true],
        ["consent", "update", states("granted")],
        ["portcullis_consent"],
        ["gtm.js"],
        ["js", "date"],
        ["config", "G-ABC1234567"],
        ["js", "date"],
        ["config", "AW-123456789"],
        ["js", "date"],
        ["config", "DC-1234567"],
      ]);
    }));

  test("what the page called before the answer is delivered after it, and nothing throws", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const calls = `<script>
        window.thrown = [];
        window.callAll = (mark) => {
          for (const call of [
            () => gtag("event", "early_" + mark),
            () => fbq("trackCustom", "Early" + mark),
            () => twq("event", "early-" + mark),
            () => lintrk("track", { conversion_id: 77 }),
          ]) try { call(); } catch (error) { thrown.push(String(error)); }
        };
        callAll("a");
      </script>`;
      farm.page(`${ORIGIN}/calls`, html({ config: await config(), head: calls }));
      const page = await visitor.page(`${ORIGIN}/calls`);
      await page.evaluate(() => window.callAll("b"));
      await click(page, '[data-action="accept"]');
      for (const mark of ["a", "b"]) {
        await farm.waitFor(({ path, query }) => path === "/tr/" && query.ev === `Early${mark}`);
        await farm.waitFor(({ host, query }) => host === "t.co" && query.events === `early-${mark}`);
      }
      await farm.waitFor(({ host, query }) => host === "px.ads.linkedin.com" && query.conversionId === "77");
      assert.deepEqual(await page.evaluate(() => window.thrown), []);
    }));

  test("a page that calls on and on is heard to the last once its vendor runs", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      farm.page(`${ORIGIN}/many`, html({ config: await config() }));
      const page = await visitor.page(`${ORIGIN}/many`);
      await click(page, '[data-action="accept"]');
      await beacons(farm, ["google-analytics"]);
      await page.evaluate(() => {
        for (let n = 0; n < 600; n++) window.gtag("set", { n });
        window.gtag("event", "last");
      });
      await farm.waitFor(({ path, query }) => path === "/g/collect" && query.en === "last");
      // And to every destination: a browser sends again what a closed page still had under way.
      for (const part of ["/viewthroughconversion/", "/1p-user-list/"])
        await farm.waitFor(({ path, query }) => path.includes(part) && query.en === "last");
      for (const part of ["/activityi;", "/activity;"])
        await farm.waitFor(({ path }) => path.startsWith(part) && path.includes(";type=last;"));
    }));

  test("after a refusal the page's calls are swallowed, and nothing throws", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const calls = `<script>window.callAll = () => { gtag("event", "x"); fbq("track", "X"); twq("event", "x"); lintrk("track", {}); return true; }</script>`;
      farm.page(`${ORIGIN}/swallow`, html({ config: await config(), head: calls }));
      const page = await visitor.page(`${ORIGIN}/swallow`);
      await page.evaluate(() => window.callAll());
      await click(page, '[data-action="reject"]');
      await gone(page, '[data-action="reject"]');
      for (let n = 0; n < 3; n++) assert.equal(await page.evaluate(() => window.callAll()), true);
      const kept = await page.evaluate(() => [
        window.fbq.queue.length,
        window.twq.queue.length,
        window.lintrk.q.length,
        window.dataLayer.filter((item) => item[0] === "event").length,
      ]);
      assert.deepEqual(kept, [0, 0, 0, 0], "what was refused is forgotten");
      await farm.sentinel(page);
      assert.deepEqual(farm.log, []);
    }));
});
