// The banner that `build` has drawn stands before the gate has come. It decides nothing: what is answered meanwhile
// counts once the gate has come, and only if the gate would have asked the same.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { click, gone, shown } from "./harness.mjs";
import { buildSite, ORIGIN, SIGNAL } from "./site.mjs";
import { asVisitor, inEachBrowser } from "./suite.mjs";

const HOST = "tags.leaky.example";
const FOLDER = "/kept/";
const ACCEPT = '[data-action="accept"]';

inEachBrowser("the banner that stands ready", (at) => {
  /** A page of a site as built, with markup before and after our lines. Its gate comes when `release` is called; the file
   *  whose address ends with `missing` never does. */
  async function pageOf(where, { before = "", after = "", missing = "" } = {}) {
    const { farm } = at();
    const { out, lines } = await buildSite(
      {
        site: { name: "Acme", cookieNotice: "/privacy" },
        vendors: [{ id: "tags", name: "Tags", category: "performance", hosts: [HOST] }],
      },
      FOLDER,
    );
    let release = () => {};
    const released = new Promise((resolve) => {
      release = resolve;
    });
    farm.site("www.acme.example", async ({ path: file }) => {
      if (file.endsWith("/gate.js")) await released;
      const isThere = !missing || !file.endsWith(missing);
      const body = isThere && (await readFile(path.join(out, file.replace(FOLDER, ""))).catch(() => null));
      return body
        ? { headers: { "content-type": "text/javascript; charset=utf-8" }, body }
        : { status: 404, body: "not found" };
    });
    farm.site(HOST, async () => ({
      headers: { "content-type": "text/javascript", "cache-control": "no-store" },
      body: "window.ran = true",
    }));
    const tag = `<script type="text/plain" data-category="performance" data-src="https://${HOST}/tag.js" async></script>`;
    farm.page(
      ORIGIN + where,
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Acme</title>${before}${lines}${after}</head><body><h1>Acme</h1>${tag}</body></html>`,
    );
    return { url: ORIGIN + where, release };
  }
  const open = (visitor, url) => visitor.page(url, { waitUntil: "domcontentloaded" });
  /** Such a page, opened, with the banner standing before the gate has come. */
  const standing = async (visitor, where, more) => {
    const { url, release } = await pageOf(where, more);
    const page = await open(visitor, url);
    await shown(page, ACCEPT);
    return { page, release };
  };
  const sent = () => [...at().farm.log, ...at().farm.siteLog].filter(({ host }) => host === HOST).length;
  const record = (page) => page.evaluate(() => /portcullis=/.test(document.cookie));
  const nothingRan = async (page) => {
    await at().farm.sentinel(page);
    assert.equal(sent(), 0);
  };
  const part = (page, selector) =>
    page.evaluate(
      (wanted) => !!document.querySelector("portcullis-ui")?.shadowRoot?.querySelector(wanted),
      selector,
    );
  /** What draws has come, and says what it found. */
  const adopted = (page) =>
    page.waitForFunction(() =>
      document.querySelector("portcullis-ui")?.shadowRoot?.querySelector("[data-slot=status]"),
    );

  test("it stands before the gate has come, nothing runs, and the gate goes on with what stands there", () =>
    asVisitor(at(), async (visitor) => {
      const { page, release } = await standing(visitor, "/ready");
      assert.equal(await page.evaluate(() => window.portcullis.pending), null, "there is no gate yet");
      const box = () =>
        page.evaluate(() => {
          const root = document.querySelector("portcullis-ui").shadowRoot;
          const banner = root.querySelector(".banner");
          const seen = banner.isTheFirst === true;
          banner.isTheFirst = true;
          const { left, top, width, height } = banner.getBoundingClientRect();
          return [seen, root.querySelectorAll(".banner").length, banner.innerHTML, left, top, width, height];
        });
      const [, ...first] = await box();
      await nothingRan(page);
      release();
      await adopted(page);
      const [isTheSame, ...second] = await box();
      assert.ok(isTheSame, "drawn anew");
      assert.deepEqual(second, first);
      await click(page, '[data-action="reject"]');
      await gone(page, '[data-action="reject"]');
      await page.waitForFunction(() => window.portcullis.record);
      await nothingRan(page);
      assert.deepEqual(page.problems, []);
    }));

  for (const answer of ["accept", "reject"]) {
    test(`${answer} before the gate has come: gone at once, and done when it has`, () =>
      asVisitor(at(), async (visitor) => {
        const { farm } = at();
        const { page, release } = await standing(visitor, `/early-${answer}`);
        await click(page, `[data-action="${answer}"]`);
        await gone(page, `[data-action="${answer}"]`);
        await nothingRan(page);
        assert.equal(await record(page), false, "written without a gate");
        // By then the browser does not remember that somebody clicked; to ask the page would be the visitor's own act.
        if (answer === "reject") await pause(6000);
        release();
        await pause(1500);
        await page.waitForFunction(() => window.portcullis.record);
        assert.equal(await page.evaluate(() => window.portcullis.record.source), `banner-${answer}`);
        if (answer === "accept") await page.waitForFunction(() => window.ran);
        await farm.sentinel(page);
        assert.equal(sent(), answer === "accept" ? 1 : 0);
        assert.equal(await part(page, ".banner"), false, "asked again");
      }));
  }

  test("a click that no person made is the page's own, whenever the gate comes", () =>
    asVisitor(at(), async (visitor) => {
      const clicker = `<script>const wait = setInterval(() => {
        const button = document.querySelector("portcullis-ui")?.shadowRoot.querySelector("[data-action=accept]");
        if (button) { clearInterval(wait); button.click(); }
      }, 20)</script>`;
      const { url, release } = await pageOf("/clicked", { after: clicker });
      const page = await open(visitor, url);
      // Waiting by asking the page would count as the visitor's own act there.
      await pause(1500);
      release();
      await pause(1500);
      await page.waitForFunction(() => window.portcullis.record);
      assert.equal(await page.evaluate(() => window.portcullis.record.source), "api");
    }));

  test("the browser's signal changes nothing of the question, nor of the answer", () =>
    asVisitor(at(), async (visitor) => {
      const { page, release } = await standing(visitor, "/signal", { before: SIGNAL });
      await click(page, ACCEPT);
      release();
      await page.waitForFunction(() => window.portcullis.record);
      assert.equal(await page.evaluate(() => window.portcullis.record.source), "banner-accept");
    }));

  for (const [what, missing] of [
    ["what draws", "/ui.js"],
    ["the language", "/locales/en.js"],
  ]) {
    test(`where ${what} does not come, it goes, and nothing runs`, () =>
      asVisitor(at(), async (visitor) => {
        const { page, release } = await standing(visitor, "/broken", { missing });
        release();
        await gone(page, ACCEPT);
        await nothingRan(page);
      }));
  }

  test("Cookies Settings before the gate has come opens the preference centre when it has", () =>
    asVisitor(at(), async (visitor) => {
      const { page, release } = await standing(visitor, "/early-settings");
      await click(page, '[data-action="settings"]');
      release();
      await shown(page, '[data-action="confirm"]');
    }));

  test("an answer to another question is none: it is asked anew, and nothing runs", () =>
    asVisitor(at(), async (visitor) => {
      // By one vendor more than the banner that stood there said.
      const vendor = { id: "more", name: "More", category: "targeting", hosts: ["more.leaky.example"] };
      const after = `<script>portcullis.register(${JSON.stringify(vendor)})</script>`;
      const { page, release } = await standing(visitor, "/other", { after });
      await click(page, ACCEPT);
      await gone(page, ACCEPT);
      release();
      await shown(page, ACCEPT);
      await nothingRan(page);
      assert.equal(await record(page), false);
    }));

  test("where the page answers itself, it goes", () =>
    asVisitor(at(), async (visitor) => {
      const { page, release } = await standing(visitor, "/answered", {
        after: "<script>portcullis.rejectAll()</script>",
      });
      release();
      await page.waitForFunction(() => window.portcullis.record);
      await gone(page, ACCEPT);
    }));

  test("where the gate never comes, it goes", { timeout: 40_000 }, () =>
    asVisitor(at(), async (visitor) => {
      const { page } = await standing(visitor, "/never");
      await gone(page, ACCEPT);
      await nothingRan(page);
      assert.equal(await record(page), false);
    }),
  );

  test("where there is no gate, it goes", () =>
    asVisitor(at(), async (visitor) => {
      const { page, release } = await standing(visitor, "/missing", { missing: "/gate.js" });
      release();
      await gone(page, ACCEPT);
      await nothingRan(page);
      assert.equal(await record(page), false);
    }));

  test("where WebAssembly is refused and nothing takes its place, it goes", () =>
    asVisitor(at(), async (visitor) => {
      const before =
        "<script>WebAssembly.Module = class { constructor() { throw Error('refused') } }</script>";
      const { page, release } = await standing(visitor, "/refused", { before, missing: "/js.js" });
      release();
      await gone(page, ACCEPT);
      await nothingRan(page);
      assert.equal(await record(page), false);
    }));

  test("it is not fetched for who has answered, nor where the language is still to be found", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const fetched = () => farm.siteLog.filter(({ path: file }) => file.includes("/prepared/")).length;
      const { url, release } = await pageOf("/once");
      release();
      const page = await visitor.page(url);
      await shown(page, '[data-action="reject"]');
      assert.ok(fetched() > 0);
      await adopted(page);
      await click(page, '[data-action="reject"]');
      await page.waitForFunction(() => window.portcullis.record);
      farm.reset();
      await page.goto(url);
      await page.waitForFunction(() => window.portcullis.record);
      await farm.sentinel(page);
      assert.equal(fetched(), 0);
      for (const [lang, expected] of [
        ["", ""],
        ["en-AU", ""],
        ["en-US", "/prepared/en.js"],
        ["de-AT", "/prepared/de.js"],
      ]) {
        farm.reset();
        await asVisitor(at(), async (other) => {
          const before = `<script>document.documentElement.lang = "${lang}"</script>`;
          const made = await pageOf("/without", { before });
          const without = await open(other, made.url);
          if (expected) await shown(without, '[data-action="reject"]');
          made.release();
          await shown(without, '[data-action="reject"]');
          await adopted(without);
          const [entry] = farm.siteLog.filter(({ path: file }) => file.includes("/prepared/"));
          assert.equal(entry?.path.replace(/^.*(?=\/prepared)/, "") ?? "", expected, lang);
        });
      }
    }));
});
