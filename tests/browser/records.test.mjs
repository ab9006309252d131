// Damaged records: never an exception, never a grant that the good one did not give, and the banner
// asks. Each is read by a page of its own, as a browser would hand it over.

import assert from "node:assert/strict";
import { test } from "node:test";
import { config, html, ORIGIN, WAY } from "./site.mjs";
import { asVisitor, inEachBrowser } from "./suite.mjs";

/** Ten choices, each made by the package itself. */
const DECISIONS = [
  { categories: { performance: true } },
  { categories: { functional: true } },
  { categories: { targeting: true } },
  { categories: { performance: true, targeting: true } },
  { categories: { performance: true, functional: true, targeting: true } },
  { vendors: { "meta-pixel": true } },
  { categories: { targeting: true }, vendors: { "meta-pixel": false } },
  { categories: { functional: false, targeting: true }, vendors: { "x-ads": false, "google-ads": false } },
  { vendors: { "google-analytics": true, "linkedin-insight": true } },
  { categories: { performance: true }, vendors: { "google-analytics": true } },
];

/** Under our name, but not ours. */
const FOREIGN = [
  "",
  "1",
  "true",
  "yes",
  "null",
  "%00",
  "undefined",
  "{}",
  "[object Object]",
  "performance",
  "1.1.1.1",
  ".............",
  "isGpcEnabled=0&datestamp=Tue&version=202403.1.0&groups=C0001%3A1%2CC0002%3A1",
  "{stamp:%27x%27%2Cnecessary:true%2Cpreferences:true%2Cstatistics:true%2Cmarketing:true}",
  "%7B%22categories%22%3A%5B%22necessary%22%2C%22analytics%22%5D%2C%22revision%22%3A0%7D",
  "%7B%22google-analytics%22%3Atrue%7D",
  "!googleanalytics=true!facebookpixel=true",
  "x".repeat(3900),
];

/** Every damage to one good text. */
function* damaged(good) {
  for (let cut = 0; cut < good.length; cut += 4) yield good.slice(0, cut);
  for (let at = 0; at < good.length; at += 5) {
    const flipped = good.charCodeAt(at) ^ 1;
    if (flipped > 0x20 && flipped < 0x7f && !'";,\\'.includes(String.fromCharCode(flipped))) {
      yield good.slice(0, at) + String.fromCharCode(flipped) + good.slice(at + 1);
    }
  }
  yield good.replace(/^1\./, "2.");
  yield good.replace(/^1\./, "01.");
  yield `${good}.`;
  yield `${good}~`;
  yield good.toUpperCase();
  yield good + good;
}

/** One gate reads them everywhere: all in one engine, and every fifth damage in the others and without WebAssembly. */
const share = (browser) => (browser === "chromium" && WAY !== "javascript" ? 1 : 5);

inEachBrowser("damaged records", (at, browser) => {
  test("never an exception, never a grant, and the banner asks", { timeout: 180_000 }, () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const given = await config();
      // Nothing to fetch: what is tested is what the record allows.
      const vendors = given.vendors.map(({ id, name, category, hosts }) => ({ id, name, category, hosts }));
      const quiet = { ...given, vendors, interface: { wayBack: false } };
      const watch = `<script>window.problems = []; addEventListener("error", ({ message }) => problems.push(message))</script>`;
      farm.page(
        `${ORIGIN}/frame`,
        // Many pages, each loaded for one record: the way that needs the fewest files.
        html({ config: quiet, head: watch, way: WAY === "javascript" ? WAY : "file" }).replace(
          "<script",
          `${watch}<script`,
        ),
      );
      farm.page(`${ORIGIN}/records`, "<!doctype html><title>Records</title>");
      const page = await visitor.page(`${ORIGIN}/records`);

      /** Reads cookies in a page of their own, and tells what it made of them. */
      const read = (values, decision) =>
        page.evaluate(
          async (texts, decide) => {
            const name = "__Host-portcullis";
            const write = (cookie) => {
              // biome-ignore lint/suspicious/noDocumentCookie: planted under our name
              document.cookie = cookie;
            };
            const results = [];
            for (const text of texts) {
              write(`${name}=; Path=/; Secure; Max-Age=0`);
              if (text !== null) write(`${name}=${text}; Path=/; Secure`);
              const frame = document.createElement("iframe");
              frame.src = "/frame";
              const loaded = new Promise((resolve) => frame.addEventListener("load", resolve));
              document.body.append(frame);
              await loaded;
              const { portcullis, problems } = frame.contentWindow;
              await portcullis.ready;
              if (decide) await portcullis.choose(decide);
              results.push({
                text,
                problems,
                pending: portcullis.pending?.why ?? null,
                granted: Object.entries(portcullis.choices.vendors).flatMap(([id, on]) => (on ? [id] : [])),
                record: document.cookie.match(/__Host-portcullis=([^;]*)/)?.[1],
              });
              frame.remove();
            }
            return results;
          },
          values,
          decision,
        );

      let count = 0;
      for (const decision of DECISIONS) {
        const [made] = await read([null], decision);
        const [again] = await read([made.record]);
        assert.equal(again.pending, null, "the good one is believed");
        assert.deepEqual(again.granted, made.granted);
        assert.ok(made.granted.length > 0);
        const texts = [...new Set(damaged(made.record))].filter(
          (text, n) => text !== made.record && n % share(browser) === 0,
        );
        for (const { text, pending, granted, problems } of await read(texts)) {
          assert.equal(pending, "first", `asked for ${text}`);
          assert.deepEqual(granted, [], `granted for ${text}`);
          assert.deepEqual(problems, [], `threw for ${text}`);
          count++;
        }
      }
      for (const { text, pending, granted, problems } of await read(FOREIGN)) {
        assert.deepEqual([pending, granted, problems], ["first", [], []], text);
        count++;
      }
      console.log(`# ${count} damaged records`);
      assert.ok(count >= 300 / share(browser), `${count} damaged records`);
    }),
  );

  test("of two valid cookies under our name, the one that grants less counts", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const given = await config();
      const vendors = given.vendors.map(({ id, name, category, hosts }) => ({ id, name, category, hosts }));
      // On plain http the name has no __Host-, so a sibling subdomain can plant one beside ours.
      farm.page("http://www.acme.example/plain", html({ config: { ...given, vendors } }));
      const page = await visitor.page("http://www.acme.example/plain");
      const result = await page.evaluate(async () => {
        const stored = () => document.cookie.match(/(?:^|; )portcullis=([^;]*)/)[1];
        await window.portcullis.choose({ categories: { performance: true } });
        const less = stored();
        await window.portcullis.acceptAll();
        return [less, stored()];
      });
      assert.notEqual(result[0], result[1]);
      // Our own traps refuse a page's write of the record: the planting is done by a page without us.
      farm.page("http://www.acme.example/bare", "<!doctype html><title>Bare</title>");
      await page.goto("http://www.acme.example/bare");
      await page.evaluate(([less, more]) => {
        // biome-ignore lint/suspicious/noDocumentCookie: as above
        document.cookie = `portcullis=${less}; Path=/`;
        // biome-ignore lint/suspicious/noDocumentCookie: as above
        document.cookie = `portcullis=${more}; Path=/; Domain=acme.example`;
      }, result);
      await page.goto("http://www.acme.example/plain");
      const choices = await page.evaluate(async () => (await window.portcullis.ready).choices.categories);
      assert.deepEqual(choices, { necessary: true, performance: true, functional: false, targeting: false });
      // The next choice counts higher than both: a tab that knows the other one hears of it.
      const counters = await page.evaluate(async () => {
        await window.portcullis.rejectAll();
        const stored = document.cookie.matchAll(/(?:^|; )portcullis=1\.[^.]*\.(\d+)/g);
        return Array.from(stored, ([, counter]) => Number(counter)).sort();
      });
      assert.deepEqual(counters, [2, 3]);
    }));
});
