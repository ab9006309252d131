// Where the gate is an async file: a returning visitor's tags are fetched while it is on its way, under exactly the
// state that it left, and run when it says so.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { click } from "./harness.mjs";
import { buildSite, ORIGIN, SIGNAL } from "./site.mjs";
import { asVisitor, inEachBrowser } from "./suite.mjs";

const HOST = "tags.leaky.example";
const GATE = "https://static.acme.example/";
const LATE = 2500;

inEachBrowser("fetched ahead", (at) => {
  /** A page of one build; its gate comes at once, or after `wait.ms`. */
  async function pageOf(where, wait, more = {}, head = "") {
    const { farm } = at();
    const loader = { category: "targeting", hosts: ["ads.leaky.example"] };
    const vendors = [
      { id: "tags", name: "Tags", category: "performance", hosts: [HOST] },
      { id: "ads", name: "Ads", ...loader, script: "https://ads.leaky.example/loader.js" },
      { id: "chat", name: "Chat", ...loader, script: "https://ads.leaky.example/chat.js", starts: "demand" },
    ];
    const site = { name: "Acme", cookieNotice: "/privacy" };
    const { out, lines } = await buildSite({ site, vendors, ...more }, GATE);
    const headers = { "content-type": "text/javascript; charset=utf-8", "access-control-allow-origin": "*" };
    farm.site("static.acme.example", async ({ path: file }) => {
      if (file.endsWith("/gate.js")) await new Promise((resolve) => setTimeout(resolve, wait.ms));
      return { headers, body: await readFile(path.join(out, file)) };
    });
    for (const [host, body] of [
      [HOST, "window.ran = [...(window.ran ?? []), performance.now()]"],
      ["ads.leaky.example", ""],
    ]) {
      farm.site(host, async () => ({ headers: { ...headers, "cache-control": "no-store" }, body }));
    }
    const tag = `<script type="text/plain" data-category="performance" data-src="https://${HOST}/tag.js" async></script>`;
    farm.page(
      ORIGIN + where,
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Acme</title>${head}${lines}</head><body>${tag}</body></html>`,
    );
    return ORIGIN + where;
  }
  const asked = () => {
    const { log, siteLog } = at().farm;
    return [...log, ...siteLog].filter(({ host }) => /leaky/.test(host)).map(({ path: file }) => file);
  };
  const soon = () => new Promise((resolve) => setTimeout(resolve, LATE / 2));

  test("the same state: fetched at once, run when the gate has come, once; another state: nothing is asked", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const wait = { ms: 0 };
      const url = await pageOf("/ahead", wait);
      const page = await visitor.page(url);
      await page.waitForFunction(() => window.portcullis.pending);
      await page.evaluate(() => window.portcullis.acceptAll().then(() => {}));
      await page.waitForFunction(() => window.ran);
      await page.goto(url);
      await page.waitForFunction(() => window.ran);
      await page.goto(`${ORIGIN}/pkg/package.json`);

      // What comes before the gate was left for it.
      farm.reset();
      wait.ms = LATE;
      const late = await visitor.page(url, { waitUntil: "domcontentloaded" });
      await soon();
      assert.deepEqual(asked().sort(), ["/loader.js", "/tag.js"]);
      assert.equal(await late.evaluate(() => window.ran), undefined, "it ran without the gate");
      await late.waitForFunction(() => window.ran);
      await late.evaluate(() => window.portcullis.ready.then(() => {}));
      await farm.sentinel(late);
      assert.equal(await late.evaluate(() => window.ran.length), 1);
      assert.deepEqual(asked().sort(), ["/loader.js", "/tag.js"], "asked for twice");
      assert.deepEqual(late.problems, []);

      // The browser's signal is kept with the record alone: what is left here names that record, and says no more.
      // Where the signal is another than at the choice, nothing is asked.
      const [entry, record] = await late.evaluate(() => [
        localStorage.getItem("portcullis.ahead").split("\n")[0],
        document.cookie.split("=")[1].split("."),
      ]);
      const [, id, day, ...rest] = entry.split(" ").slice(-4);
      assert.deepEqual([id, day, rest.length], [record[1], record.at(-1), 1], entry);
      farm.reset();
      const signaling = await visitor.page(await pageOf("/ahead", wait, {}, SIGNAL), {
        waitUntil: "domcontentloaded",
      });
      await soon();
      assert.deepEqual(asked(), []);
      await signaling.close();

      // Another config is another build.
      farm.reset();
      const other = await visitor.page(await pageOf("/other", wait, { revision: 2 }), {
        waitUntil: "domcontentloaded",
      });
      await soon();
      assert.deepEqual(asked(), []);
      await other.close();

      // Withdrawn: the record is another.
      await pageOf("/ahead", wait);
      await late.evaluate(() => window.portcullis.rejectAll().then(() => {}));
      farm.reset();
      await late.goto(url, { waitUntil: "domcontentloaded" });
      await soon();
      assert.deepEqual(asked(), []);
      await late.evaluate(() => window.portcullis.ready.then(() => {}));
      await farm.sentinel(late);
      assert.deepEqual(asked(), []);

      // Where nothing is granted, nothing is kept.
      await late.goto(url, { waitUntil: "domcontentloaded" });
      assert.equal(await late.evaluate(() => localStorage.getItem("portcullis.ahead")), null);
    }));

  test("a first visit: what asks is fetched beside the gate, once; whoever has answered fetches nothing of it", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const wait = { ms: LATE };
      const url = await pageOf("/first", wait);
      // A browser may ask again over another connection: what counts is what was asked for.
      const fetched = () => {
        const own = farm.siteLog.filter(({ host }) => host === "static.acme.example");
        return [...new Set(own.map(({ path: file }) => file.replace(/^\/(\w+\/)?/, "")))].sort();
      };
      const page = await visitor.page(url, { waitUntil: "domcontentloaded" });
      await soon();
      assert.deepEqual(fetched(), ["gate.js", "head.js", "locales/en.js", "prepared/en.js", "ui.js"]);
      await click(page, '[data-action="accept"]');
      await page.waitForFunction(() => window.ran);
      const loads = await page.evaluate(
        () => performance.getEntriesByType("resource").filter(({ name }) => name.endsWith("/ui.js")).length,
      );
      assert.equal(loads, 1);
      farm.reset();
      await page.goto(url);
      await page.waitForFunction(() => window.ran);
      await farm.sentinel(page);
      assert.ok(!fetched().includes("ui.js"), fetched().join());
      assert.deepEqual(page.problems, []);
    }));
});
