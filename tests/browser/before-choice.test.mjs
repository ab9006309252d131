// Before any choice nothing of a vendor is requested, run or stored, however its tag came to the page.
// Every zero has its positive control: granted, the same tags arrive.

import assert from "node:assert/strict";
import { test } from "node:test";
import { cookies, shown } from "./harness.mjs";
import { config, html, ORIGIN } from "./site.mjs";
import { inserted, marked, pasted, plain } from "./snippets.mjs";
import { arrived, asVisitor, BEACONS, beacons, inEachBrowser } from "./suite.mjs";

/** Vendors that are only claimed: what runs of them came with the page. */
async function claimsOnly() {
  const given = await config();
  const kept = ({ id, name, category, hosts, values, cookies: declared, storage, carries }) => ({
    id,
    name,
    category,
    hosts,
    values,
    cookies: declared,
    storage,
    carries,
  });
  return {
    ...given,
    vendors: given.vendors.map((vendor) =>
      Object.fromEntries(Object.entries(kept(vendor)).filter(([, v]) => v)),
    ),
  };
}

const WAYS = {
  registered: { head: () => "", beacons: Object.keys(BEACONS) },
  marked: {
    head: marked,
    beacons: ["google-analytics", "linkedin-insight", "marketo-munchkin", "meta-pixel", "x-ads"],
  },
  pasted: { head: pasted, beacons: Object.keys(BEACONS) },
  inserted: { head: inserted, beacons: Object.keys(BEACONS) },
};

inEachBrowser("before a choice", (at) => {
  for (const [way, { head, beacons: expected }] of Object.entries(WAYS)) {
    test(`${way} tags: nothing until accepted, then everything`, () =>
      asVisitor(at(), async (visitor) => {
        const { farm } = at();
        const given = way === "registered" ? await config() : await claimsOnly();
        farm.page(`${ORIGIN}/${way}`, html({ config: given, head: head() }));
        const page = await visitor.page(`${ORIGIN}/${way}`);
        await shown(page, '[data-action="accept"]');
        await farm.sentinel(page);
        assert.deepEqual(arrived(farm), []);
        assert.deepEqual(Object.keys(await cookies(page)), []);
        assert.equal(await page.evaluate(() => window.__farmRan), undefined);

        await page.evaluate(() => window.portcullis.acceptAll());
        await beacons(farm, expected);
        if (way === "marked") {
          await farm.waitFor(
            ({ host, path }) => host === "ad.doubleclick.net" && path.endsWith("type=marked"),
          );
          await farm.waitFor(
            ({ host, path }) => host === "fls.doubleclick.net" && path.endsWith("type=marked"),
          );
        }
        await farm.sentinel(page);
        const ran = await page.evaluate(() => window.__farmRan);
        // Three pasted Google snippets are three loaders, as the vendor has it; every other runs once.
        const others = ran.filter((name) => name !== "google");
        assert.deepEqual([...new Set(others)].sort(), others.sort(), "a script ran twice");
      }));
  }

  test("tags written plainly in the HTML never run until accepted", () =>
    asVisitor(at(), async (visitor) => {
      const { farm, browser } = at();
      farm.page(`${ORIGIN}/plain`, html({ config: await claimsOnly(), head: plain() }));
      const page = await visitor.page(`${ORIGIN}/plain`);
      await shown(page, '[data-action="accept"]');
      await farm.sentinel(page);
      assert.equal(await page.evaluate(() => window.__farmRan), undefined, "a script ran");
      const ahead = [...new Set(farm.log.map(({ host }) => host))];
      console.log(
        `# ${browser.name}: its preload scanner had asked ${ahead.length ? ahead.join(", ") : "nobody"}`,
      );
      // The parser may have asked for the frame (`HTML` in `leaks.mjs`); what came of it does not stand.
      const hasOthersPage = () => !document.querySelector("iframe[title=Floodlight]").contentDocument;
      assert.equal(await page.evaluate(hasOthersPage), false);

      await page.evaluate(() => window.portcullis.acceptAll());
      await farm.waitFor(BEACONS["linkedin-insight"]);
      await farm.waitFor(({ host, path }) => host === "fls.doubleclick.net" && path.endsWith("type=plain"));
      await page.waitForFunction(hasOthersPage, { timeout: 30_000 });
      const all = ["google", "linkedin", "linkedin-loader", "marketo", "marketo-loader", "meta", "x-ads"];
      await page.waitForFunction(
        (names) => names.every((name) => window.__farmRan.includes(name)),
        { timeout: 30_000 },
        all,
      );
      const ran = await page.evaluate(() => window.__farmRan);
      assert.deepEqual([...ran].sort(), all);
    }));
});
