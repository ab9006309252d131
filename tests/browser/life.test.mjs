// The life of a page: going back, single-page sites, documents that are opened anew, frames of the site, tabs, and
// gates that come late, damaged or twice.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { shown } from "./harness.mjs";
import { config, html, ORIGIN, PKG } from "./site.mjs";
import { asVisitor, inEachBrowser } from "./suite.mjs";

const VENDORS = [
  { id: "tags", name: "Tags", category: "performance", hosts: ["tags.leaky.example"] },
  { id: "ads", name: "Ads", category: "targeting", hosts: ["ads.leaky.example"] },
];
const TAGS = "https://tags.leaky.example";

inEachBrowser("life of a page", (at) => {
  const serve = async (path, more = {}) => {
    at().farm.page(ORIGIN + path, html({ config: await config(VENDORS), ...more }));
    return ORIGIN + path;
  };
  const pixel = (page, url) => page.evaluate((src) => void Object.assign(new Image(), { src }), url);

  test("back to a page after a choice was made on another: it holds there", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const [first, second] = [await serve("/first"), await serve("/second")];
      const page = await visitor.page(first);
      await shown(page, '[data-action="accept"]');
      await pixel(page, `${TAGS}/held.png`);
      await page.goto(second);
      await page.evaluate(() => window.portcullis.choose({ categories: { performance: true } }));
      await page.evaluate(() => history.back());
      await page.waitForFunction(() => location.pathname === "/first", { timeout: 30_000 });
      await page.waitForFunction(() => window.portcullis.allows("performance"), { timeout: 30_000 });
      assert.equal(await page.evaluate(() => window.portcullis.allows("targeting")), false);
      await pixel(page, `${TAGS}/later.png`);
      await farm.waitFor(({ path }) => path === "/later.png");
      await farm.sentinel(page);
      assert.deepEqual(farm.requests({ host: "ads.leaky.example" }), []);
    }));

  test("a single-page site: routes come and go for a thousand steps, the gate holds and keeps little", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const page = await visitor.page(await serve("/app"));
      await shown(page, '[data-action="accept"]');
      await page.evaluate(async (url) => {
        const main = document.querySelector("main");
        for (let n = 0; n < 1000; n++) {
          if (n % 20 === 0) history.pushState({}, "", `/app/${n}`);
          main.innerHTML = `<h2>${n}</h2><img alt="" src="${url}/${n}.png"><iframe src="${url}/${n}.html"></iframe>`;
          if (n % 100 === 0) await new Promise((resolve) => setTimeout(resolve));
        }
      }, TAGS);
      await farm.sentinel(page);
      assert.deepEqual(farm.requests({ host: "tags.leaky.example" }), []);
      assert.ok((await page.evaluate(() => window.portcullis.log().length)) <= 500, "the log is bounded");
      await page.evaluate(() => void window.portcullis.acceptAll());
      // What still stands is released; what is gone from the page is nobody's.
      await farm.waitFor(({ path }) => path === "/999.png");
      await farm.waitFor(({ path }) => path === "/999.html");
      await farm.sentinel(page);
      assert.equal(farm.requests({ host: "tags.leaky.example" }).length, 2);
    }));

  test("document.open on a page: the new document is gated as the old one was", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const page = await visitor.page(await serve("/opened"));
      await shown(page, '[data-action="accept"]');
      await page.evaluate((url) => {
        document.open();
        document.write(`<!doctype html><body><p>new</p><img alt="" src="${url}/written.png"></body>`);
        document.close();
        new Image().src = `${url}/after.png`;
      }, TAGS);
      assert.deepEqual(
        await page.evaluate(() => [document.compatMode, document.querySelector("p").textContent]),
        ["CSS1Compat", "new"],
      );
      await farm.sentinel(page);
      assert.deepEqual(farm.requests({ host: "tags.leaky.example" }), []);
    }));

  test("a frame of the same site has a gate of its own, and hears of a choice", () =>
    asVisitor(at(), async (visitor) => {
      const inner = await serve("/inner");
      const page = await visitor.page(
        await serve("/outer", { body: `<iframe src="${inner}" id="inner"></iframe>` }),
      );
      await shown(page, '[data-action="accept"]');
      await page.evaluate(() => void window.portcullis.acceptAll());
      await page.waitForFunction(
        () => document.querySelector("#inner").contentWindow.portcullis.allows("performance"),
        { timeout: 30_000 },
      );
    }));

  test("the file comes five seconds late: the page works, and nothing leaks meanwhile by what comes after it", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const body = await readFile(`${PKG}/portcullis.js`);
      farm.site("slow.acme.example", async () => {
        await new Promise((resolve) => setTimeout(resolve, 5000));
        return { headers: { "content-type": "text/javascript; charset=utf-8" }, body };
      });
      const page = html({ config: await config(VENDORS), body: `<img alt="" src="${TAGS}/held.png">` });
      farm.page(
        `${ORIGIN}/late`,
        page.replace("/pkg/portcullis.js", "https://slow.acme.example/portcullis.js"),
      );
      const tab = await visitor.page(`${ORIGIN}/late`);
      assert.equal(await tab.evaluate(() => typeof window.portcullis.acceptAll), "function");
      await pixel(tab, `${TAGS}/inserted.png`);
      await farm.sentinel(tab);
      assert.ok(!farm.log.some(({ path }) => path === "/inserted.png"));
    }));

  for (const [what, change, headers] of [
    ["in another character set", (text) => text, { "content-type": "text/javascript; charset=iso-8859-1" }],
    ["without a character set, in a Latin-1 page", (text) => text, { "content-type": "text/javascript" }],
  ]) {
    test(`the file is served ${what}: it works`, () =>
      asVisitor(at(), async (visitor) => {
        const { farm } = at();
        const body = change(await readFile(`${PKG}/portcullis.js`));
        farm.site("odd.acme.example", async () => ({ headers, body }));
        const page = html({ config: await config(VENDORS, { interface: { wayBack: false } }) })
          .replace('<meta charset="utf-8">', '<meta charset="iso-8859-1">')
          .replace("/pkg/portcullis.js", "https://odd.acme.example/portcullis.js");
        farm.page(`${ORIGIN}/odd`, page);
        const tab = await visitor.page(`${ORIGIN}/odd`);
        assert.equal(await tab.evaluate(() => window.portcullis.allows("performance")), false);
        await pixel(tab, `${TAGS}/held.png`);
        await farm.sentinel(tab);
        assert.deepEqual(farm.requests({ host: "tags.leaky.example" }), []);
      }));
  }

  test("the file is cut short: the page works, marked tags stay held", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const body = (await readFile(`${PKG}/portcullis.js`)).subarray(0, 20_000);
      farm.site("cut.acme.example", async () => ({
        headers: { "content-type": "text/javascript; charset=utf-8" },
        body,
      }));
      const page = html({
        config: await config(VENDORS),
        body: `<script type="text/plain" data-category="performance" data-src="${TAGS}/marked.js"></script><script>window.works = true</script>`,
      }).replace("/pkg/portcullis.js", "https://cut.acme.example/portcullis.js");
      farm.page(`${ORIGIN}/cut`, page);
      const tab = await visitor.page(`${ORIGIN}/cut`);
      assert.equal(await tab.evaluate(() => window.works), true);
      await farm.sentinel(tab);
      assert.deepEqual(farm.requests({ host: "tags.leaky.example" }), []);
    }));

  test("another library that patches the same functions, before and after us: both are heard", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const patch = (name) => `<script>{
        const { fetch } = window, { appendChild } = Node.prototype;
        window.heard = window.heard ?? [];
        window.fetch = function (...all) { heard.push("${name} fetch"); return fetch.apply(this, all) };
        Node.prototype.appendChild = function (node) { heard.push("${name} append"); return appendChild.call(this, node) };
      }</script>`;
      const page = html({ config: await config(VENDORS), head: patch("after") }).replace(
        "<script",
        `${patch("before")}<script`,
      );
      farm.page(`${ORIGIN}/patched`, page);
      const tab = await visitor.page(`${ORIGIN}/patched`);
      await shown(tab, '[data-action="accept"]');
      const [heard, refused] = await tab.evaluate(async (url) => {
        window.heard.length = 0;
        const answer = await fetch(`${url}/call`).then(
          () => "arrived",
          () => "refused",
        );
        await fetch("/pkg/package.json");
        const image = document.createElement("img");
        document.body.appendChild(image).src = `${url}/pixel.png`;
        return [[...window.heard], answer];
      }, TAGS);
      assert.equal(refused, "refused");
      // What is refused never reaches whoever stood there before us.
      assert.deepEqual(
        heard.filter((name) => !name.startsWith("before append")),
        ["after fetch", "after fetch", "before fetch", "after append"],
      );
      await farm.sentinel(tab);
      assert.deepEqual(farm.requests({ host: "tags.leaky.example" }), []);
    }));
});
