// Reject, or pick: exactly what was allowed starts, and it stays so on the next page, after a reload, in
// a new tab.

import assert from "node:assert/strict";
import { test } from "node:test";
import { click, cookies, gone, shown } from "./harness.mjs";
import { config, html, ORIGIN } from "./site.mjs";
import { arrived, asVisitor, BEACONS, beacons, inEachBrowser } from "./suite.mjs";

async function pages(farm) {
  const given = await config();
  for (const path of ["one", "two", "three"]) farm.page(`${ORIGIN}/${path}`, html({ config: given }));
}

inEachBrowser("reject and pick", (at) => {
  test("Reject All: nothing, and nothing on the next two pages", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      await pages(farm);
      const page = await visitor.page(`${ORIGIN}/one`);
      await click(page, '[data-action="reject"]');
      await gone(page, '[data-action="reject"]');
      await farm.sentinel(page);
      for (const path of ["two", "three"]) {
        await page.goto(`${ORIGIN}/${path}`);
        await shown(page, "button", "portcullis-way-back");
        await farm.sentinel(page);
        assert.equal(
          await page.evaluate(() => !!document.querySelector("portcullis-ui")),
          false,
          "no banner",
        );
      }
      assert.deepEqual(arrived(farm), []);
      assert.deepEqual(Object.keys(await cookies(page)), ["__Host-portcullis"]);

      // The positive control: the same visitor, on the same page, changes their mind.
      await click(page, "button", "portcullis-way-back");
      await click(page, '[data-action="accept"]');
      await beacons(farm);
    }));

  test("only Performance: the analytics vendor and its container, then the same everywhere", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      await pages(farm);
      const page = await visitor.page(`${ORIGIN}/one`);
      await click(page, '[data-action="settings"]');
      await click(page, '[data-category="performance"]');
      await click(page, '[data-action="confirm"]');
      const started = async (tab) => {
        await farm.waitFor(BEACONS["google-analytics"]);
        // It is fetched ahead on later pages, and WebKit may have it in memory then: that it runs is what counts.
        await tab.waitForFunction(() => window.__farmRan?.includes("google-tag-manager"), {
          timeout: 30_000,
        });
        await farm.sentinel(tab);
        const hosts = [...new Set(farm.log.map(({ host }) => host))].sort();
        assert.deepEqual(hosts, ["region1.google-analytics.com", "www.googletagmanager.com"]);
        assert.equal(farm.log.find(BEACONS["google-analytics"]).query.gcs, "G101");
        assert.equal(
          await tab.evaluate(
            () => !!document.querySelector("portcullis-ui")?.shadowRoot?.querySelector(".banner"),
          ),
          false,
        );
      };
      await started(page);
      const names = Object.keys(await cookies(page)).sort();
      assert.deepEqual(names, ["__Host-portcullis", "_ga", "_ga_ABC1234567"]);
      farm.reset();
      await page.reload();
      await started(page);
      farm.reset();
      await page.goto(`${ORIGIN}/two`);
      await started(page);
      farm.reset();
      const tab = await visitor.page(`${ORIGIN}/three`);
      await started(tab);
    }));

  test("the record says what was shown, and a click no person made is the page's own", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      await pages(farm);
      const page = await visitor.page(`${ORIGIN}/one`);
      await click(page, '[data-action="accept"]');
      await gone(page, '[data-action="accept"]');
      const fields = (await cookies(page))["__Host-portcullis"].split(".");
      assert.equal(fields[0], "1");
      assert.match(fields[1], /^[0-9a-f]{16}$/);
      assert.equal(fields[2], "1", "the first choice of this browser");
      assert.equal(fields[7], "a", "by the banner's Accept");
      assert.equal(fields[8], "en");
      assert.match(fields[9], /^(?!0{8})[0-9a-f]{8}$/, "the digest of what was shown");
      assert.equal(fields[10], "performance~functional~targeting");

      // Nobody else writes it, by its name or by a value that is read back like it.
      await page.evaluate(() => {
        for (const text of ["__Host-portcullis=x", " __Host-portcullis =x", "=__Host-portcullis=x"]) {
          // biome-ignore lint/suspicious/noDocumentCookie: what a page's script might do
          document.cookie = `${text}; Path=/; Secure`;
        }
      });
      assert.equal((await cookies(page))["__Host-portcullis"], fields.join("."));
      const refused = () =>
        window.portcullis.log().filter(({ reason, what }) => reason === "record-cookie" && what === "refused")
          .length;
      assert.equal(await page.evaluate(refused), 3);

      // A script of the page that clicks for the visitor.
      const clicker = `<script>const wait = setInterval(() => {
        const button = document.querySelector("portcullis-ui")?.shadowRoot.querySelector("[data-action=accept]");
        if (button) { clearInterval(wait); button.click(); }
      }, 20)</script>`;
      // A container of its own: what the page before still asks for is not taken for it.
      const manager = { use: "google-tag-manager", containerId: "GTM-CLICK1", carries: ["performance"] };
      farm.page(`${ORIGIN}/clicker`, html({ config: await config([manager]), head: clicker }));
      await asVisitor(at(), async (other) => {
        // Waiting by asking the page would count as the visitor's own act there.
        const second = await other.page(`${ORIGIN}/clicker`);
        await farm.waitFor(({ query }) => query.id === "GTM-CLICK1");
        assert.equal((await cookies(second))["__Host-portcullis"].split(".")[7], "i");
      });
    }));

  test("a choice in one tab reaches the other", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      await pages(farm);
      const first = await visitor.page(`${ORIGIN}/one`);
      const second = await visitor.page(`${ORIGIN}/two`);
      await shown(second, '[data-action="accept"]');
      await first.bringToFront();
      await click(first, '[data-action="accept"]');
      await gone(second, '[data-action="accept"]');
      await second.waitForFunction(() => window.portcullis.allows("targeting"));
      const both = () => farm.log.filter(({ host }) => host === "t.co").length === 2;
      await farm.waitFor(both);
      await farm.sentinel(first);
      await farm.sentinel(second);
      await second.evaluate(() => window.portcullis.withdraw());
      await first.waitForFunction(() => !window.portcullis.allows("targeting"));
      farm.reset();
      await first.evaluate(() => dispatchEvent(new Event("farm:tick")));
      await farm.sentinel(first);
      assert.deepEqual(arrived(farm), [], "the other tab is shut, too");
    }));
});
