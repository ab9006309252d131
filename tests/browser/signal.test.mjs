// The browser's own signal, Global Privacy Control: an opt-out at once where nobody is asked first, said on the page,
// and overruled by nothing less than a choice about that.

import assert from "node:assert/strict";
import { test } from "node:test";
import { click, gone, shown } from "./harness.mjs";
import { config, html, ORIGIN, SIGNAL } from "./site.mjs";
import { asVisitor, inEachBrowser } from "./suite.mjs";

const VENDORS = [
  { use: "meta-pixel", pixelId: "123456789012345" },
  { use: "google-analytics", measurementId: "G-ABC1234567" },
];
const HONORED = /Opt-out request honored: your browser sends a Global Privacy Control signal/;

inEachBrowser("signal", (at) => {
  const open = async (visitor, regime, vendors = VENDORS) => {
    const { farm } = at();
    const text = html({
      config: await config(vendors, { regime }),
      body: "<portcullis-settings></portcullis-settings>",
    });
    farm.page(`${ORIGIN}/signal`, text.replace("<head>", `<head>${SIGNAL}`));
    const page = await visitor.page(`${ORIGIN}/signal`);
    await page.waitForFunction(
      () => document.querySelector("portcullis-settings").shadowRoot?.querySelector("button"),
      {
        timeout: 30_000,
        polling: 50,
      },
    );
    return page;
  };
  const sold = (farm) => farm.log.filter((entry) => entry.path === "/tr/").length;
  const counted = (farm) => farm.waitFor((entry) => entry.query.en === "page_view");
  const words = (page, host, selector) =>
    page.evaluate(
      (of, inner) => document.querySelector(of).shadowRoot.querySelector(inner)?.textContent ?? "",
      host,
      selector,
    );

  for (const regime of ["opt-out", "notice"]) {
    test(`${regime}: nothing is sold, what only counts runs; it is said in banner, footer and preference centre`, () =>
      asVisitor(at(), async (visitor) => {
        const { farm } = at();
        const page = await open(visitor, regime);
        await shown(page, '[data-action="accept"]');
        await counted(farm);
        await farm.sentinel(page);
        assert.equal(sold(farm), 0);
        assert.match(await words(page, "portcullis-ui", ".banner p"), HONORED);
        assert.match(await words(page, "portcullis-settings", '[part="signal"]'), HONORED);
        await click(page, '[data-action="settings"]');
        await shown(page, '[data-action="confirm"]');
        assert.match(await words(page, "portcullis-ui", "dialog"), HONORED);
        const switches = await page.evaluate(() =>
          ["performance", "targeting"].map(
            (id) =>
              document.querySelector("portcullis-ui").shadowRoot.querySelector(`[data-category=${id}]`)
                .checked,
          ),
        );
        assert.deepEqual(switches, [true, false], "the switch stands where the signal put it");
      }));
  }

  test("what still runs is told that advertising is denied", () =>
    asVisitor(at(), async (visitor) => {
      const page = await open(visitor, "opt-out");
      await counted(at().farm);
      const told = await page.evaluate(() =>
        window.dataLayer.filter(([word]) => word === "consent").map(([, when, states]) => [when, states]),
      );
      const advertising = ["ad_storage", "ad_user_data", "ad_personalization"];
      assert.ok(told.length >= 1);
      for (const [when, states] of told)
        for (const key of advertising) assert.equal(states[key] ?? "denied", "denied", `${when} ${key}`);
      const standing = Object.assign({}, ...told.map(([, states]) => states));
      assert.deepEqual(
        [...advertising, "analytics_storage"].map((key) => standing[key]),
        ["denied", "denied", "denied", "granted"],
      );
    }));

  test("OK is no more than that: the signal stays honoured, on this page and the next", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const page = await open(visitor, "opt-out");
      await click(page, '[data-action="accept"]');
      await gone(page, '[data-action="accept"]');
      await page.waitForFunction(() => window.portcullis.record, { timeout: 30_000 });
      await page.goto(`${ORIGIN}/signal`);
      await counted(farm);
      await farm.sentinel(page);
      assert.equal(sold(farm), 0);
      assert.equal(await page.evaluate(() => window.portcullis.isSignalHonored), true);
    }));

  test("a vendor that sells in a category that does not, and one that does not in one that does: OK changes neither", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const odd = [
        { ...VENDORS[0], category: "performance", sale: true },
        { use: "x-ads", pixelId: "o1abc", category: "performance", sale: false },
        { ...VENDORS[1], category: "targeting", sale: false },
      ];
      const page = await open(visitor, "opt-out", odd);
      const granted = () => page.evaluate(() => window.portcullis.choices.vendors);
      const expected = { "meta-pixel": false, "x-ads": true, "google-analytics": true };
      await counted(farm);
      assert.deepEqual(await granted(), expected);
      assert.equal(await page.evaluate(() => window.portcullis.isSignalHonored), true);
      await click(page, '[data-action="accept"]');
      await gone(page, '[data-action="accept"]');
      await page.waitForFunction(() => window.portcullis.record, { timeout: 30_000 });
      assert.deepEqual(await granted(), expected);
      await page.goto(`${ORIGIN}/signal`);
      await farm.sentinel(page);
      assert.deepEqual(await granted(), expected);
      assert.equal(sold(farm), 0);
      await page.evaluate(() => window.portcullis.choose({ vendors: { "meta-pixel": true } }).then(() => 0));
      assert.equal(await page.evaluate(() => window.portcullis.isSignalHonored), false);
    }));

  test("a later choice about it counts, and then nothing says that it is honoured", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const page = await open(visitor, "opt-out");
      await click(page, '[data-action="settings"]');
      await click(page, '[data-category="targeting"]');
      await click(page, '[data-action="confirm"]');
      await farm.waitFor((entry) => entry.path === "/tr/");
      await page.waitForFunction(
        () =>
          !document.querySelector("portcullis-settings").shadowRoot.querySelector('[part="signal"]')
            .textContent,
        { timeout: 30_000, polling: 50 },
      );
    }));

  test("where visitors are asked first the signal changes nothing of that, and Accept All counts", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const page = await open(visitor, "opt-in");
      await shown(page, '[data-action="accept"]');
      await farm.sentinel(page);
      assert.deepEqual(farm.log, []);
      assert.doesNotMatch(await words(page, "portcullis-ui", ".banner p"), HONORED);
      await click(page, '[data-action="accept"]');
      await farm.waitFor((entry) => entry.path === "/tr/");
    }));
});
