// The life of a page: going back, single-page sites, documents that are opened anew, frames of the site, tabs, and
// gates that come late, damaged or twice.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { cookies, shown } from "./harness.mjs";
import { buildSite, config, html, ORIGIN, PKG } from "./site.mjs";
import { asVisitor, inEachBrowser } from "./suite.mjs";

const VENDORS = [
  { id: "tags", name: "Tags", category: "performance", hosts: ["tags.leaky.example"] },
  { id: "ads", name: "Ads", category: "targeting", hosts: ["ads.leaky.example"] },
];
const TAGS = "https://tags.leaky.example";

inEachBrowser("life of a page", (at, engine) => {
  const serve = async (where, more = {}) => {
    at().farm.page(ORIGIN + where, html({ config: await config(VENDORS), ...more }));
    return ORIGIN + where;
  };
  const pixel = (page, url) => page.evaluate((src) => void Object.assign(new Image(), { src }), url);

  /** What is true of a page in the end. A wait of the driver's own can miss a page that comes back from its cache. */
  const comesTo = async (page, check) => {
    for (const until = Date.now() + 30_000; Date.now() < until; ) {
      if (await page.evaluate(check).catch(() => false)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.fail(`never: ${check}`);
  };

  /** A pixel that is inserted now does not arrive, nor did anything of its host before. */
  const holds = async (page) => {
    const { farm } = at();
    await pixel(page, `${TAGS}/held.png`);
    await farm.sentinel(page);
    assert.deepEqual(farm.requests({ host: "tags.leaky.example" }), []);
  };

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
      await comesTo(page, () => location.pathname === "/first" && window.portcullis.allows("performance"));
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
      await page.evaluate(() => window.portcullis.acceptAll().then(() => {}));
      // What still stands is released; what is gone from the page is nobody's.
      await farm.waitFor(({ path }) => path === "/999.png");
      await farm.waitFor(({ path }) => path === "/999.html");
      await farm.sentinel(page);
      assert.equal(farm.requests({ host: "tags.leaky.example" }).length, 2);
    }));

  test("frames that are released are no steps of the page's history, and keep their places", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const page = await visitor.page(await serve("/framed"));
      await shown(page, '[data-action="accept"]');
      await page.evaluate((url) => {
        const [main, next] = [document.querySelector("main"), document.createElement("p")];
        main.innerHTML = `<iframe src="${url}/one.html"></iframe>after<iframe src="${url}/two.html"></iframe>`;
        history.pushState({}, "", "/framed/on");
        main.append(next);
      }, TAGS);
      await new Promise((resolve) => setTimeout(resolve, 300));
      const before = await page.evaluate(() => history.length);
      await page.evaluate(() => window.portcullis.acceptAll().then(() => {}));
      for (const frame of ["/one.html", "/two.html"]) await farm.waitFor(({ path }) => path === frame);
      await farm.sentinel(page);
      assert.deepEqual(
        await page.evaluate(() => [
          history.length,
          ...[...document.querySelector("main").childNodes].map(({ nodeName }) => nodeName),
        ]),
        [before, "IFRAME", "#text", "IFRAME", "P"],
      );
      await page.evaluate(() => history.back());
      await page.waitForFunction(() => location.pathname === "/framed", { timeout: 30_000 });
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
      await page.evaluate(() => window.portcullis.acceptAll().then(() => {}));
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
      const page = html({
        config: await config(VENDORS),
        way: "file",
        body: `<img alt="" src="${TAGS}/held.png">`,
      });
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
        const page = html({ config: await config(VENDORS, { interface: { wayBack: false } }), way: "file" })
          .replace('<meta charset="utf-8">', '<meta charset="iso-8859-1">')
          .replace("/pkg/portcullis.js", "https://odd.acme.example/portcullis.js");
        farm.page(`${ORIGIN}/odd`, page);
        const tab = await visitor.page(`${ORIGIN}/odd`);
        assert.equal(await tab.evaluate(() => window.portcullis.allows("performance")), false);
        await holds(tab);
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
        way: "file",
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

  test("another version of the file, or of the lines for the head, after the first: the first stays", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const other = { site: { name: "Other", cookieNotice: "/privacy" }, vendors: [] };
      const { files, out, lines } = await buildSite(other, "/version/");
      for (const file of files) {
        const type = file.endsWith(".js") ? "text/javascript; charset=utf-8" : "text/plain";
        const text = await readFile(path.join(out, file), "utf8");
        farm.page(`${ORIGIN}/version/${file}`, text, { "content-type": type });
      }
      const file = `<script type="application/json">{}</script><script src="/pkg/portcullis.js"></script>`;
      const ours = await serve("/version", { head: lines + file });
      const page = await visitor.page(ours);
      await shown(page, '[data-action="accept"]');
      await holds(page);
      assert.equal(await page.evaluate(() => window.portcullis.config.site.name), "Acme");
      assert.equal(await page.evaluate(() => document.querySelectorAll("portcullis-ui").length), 1);

      // And the other way about.
      farm.page(
        `${ORIGIN}/version-first`,
        `<!doctype html><title>First</title>${lines}${file}<body>text</body>`,
      );
      const second = await visitor.page(`${ORIGIN}/version-first`);
      await second.waitForFunction(() => window.portcullis.config.site?.name === "Other");
    }));

  test("a record from a clock that goes wrong: up to a day ahead it counts, beyond that it is asked again", () =>
    asVisitor(at(), async (visitor) => {
      for (const [hours, counts] of [
        [20, true],
        [-20, true],
        [49, false],
      ]) {
        const shifted = `<script>{ const { now } = Date; Date.now = () => now() + ${hours} * 36e5 }</script>`;
        const given = html({ config: await config(VENDORS) }).replace("<script", `${shifted}<script`);
        at().farm.page(`${ORIGIN}/shifted${hours}`, given);
        const tab = await visitor.page(`${ORIGIN}/shifted${hours}`);
        await tab.evaluate(async () => {
          await window.portcullis.withdraw();
          await window.portcullis.acceptAll();
        });
        const right = await visitor.page(await serve("/right"));
        const [allowed, pending] = await right.evaluate(() => [
          window.portcullis.allows("performance"),
          !!window.portcullis.pending,
        ]);
        assert.deepEqual([allowed, pending], [counts, !counts], `${hours} hours ahead`);
        await tab.close();
        await right.close();
      }
    }));

  test("two hosts of a site: a choice is one host's own", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const page = await visitor.page(await serve("/host"));
      await page.evaluate(() => window.portcullis.acceptAll().then(() => {}));
      const given = html({ config: await config(VENDORS), way: "file" }).replace("/pkg/", `${ORIGIN}/pkg/`);
      farm.page("https://shop.acme.example/host", given);
      const other = await visitor.page("https://shop.acme.example/host");
      assert.equal(await other.evaluate(() => window.portcullis.allows("performance")), false);
      await holds(other);
    }));

  test("the gate breaks on a page that runs: the page goes on, tags stay held, and it is said once", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      // As if memory had run out: every question ends in a trap of WebAssembly's, in whichever build.
      const breaks = `<script>
        window.errors = [];
        addEventListener("portcullis:error", ({ detail }) => errors.push(detail.code));
        { const { encode } = TextEncoder.prototype;
          TextEncoder.prototype.encode = function (text) {
            if (window.broken) throw new RangeError("out of memory");
            return encode.call(this, text);
          } }
      </script>`;
      const given = html({ config: await config(VENDORS) }).replace("<script", `${breaks}<script`);
      farm.page(`${ORIGIN}/breaks`, given);
      const page = await visitor.page(`${ORIGIN}/breaks`);
      await page.evaluate(() => window.portcullis.acceptAll().then(() => {}));
      const stored = await cookies(page);
      await page.evaluate(() => {
        window.broken = true;
      });
      await pixel(page, `${TAGS}/held.png`);
      const answers = await page.evaluate(async (url) => {
        document.body.append(Object.assign(document.createElement("iframe"), { src: `${url}/frame.html` }));
        return [
          await fetch(`${url}/call`).then(
            () => "arrived",
            () => "refused",
          ),
          await fetch("/pkg/package.json").then(({ status }) => status),
        ];
      }, TAGS);
      assert.deepEqual(answers, ["refused", 200]);
      await farm.sentinel(page);
      assert.deepEqual(farm.requests({ host: "tags.leaky.example" }), []);
      assert.deepEqual(await page.evaluate(() => window.errors), ["no-gate"]);
      assert.deepEqual(await cookies(page), stored, "the choice is kept");
    }));

  if (engine === "chromium") {
    test("a page that is rendered beforehand sends and asks nothing until it is looked at", () =>
      asVisitor(at(), async (visitor) => {
        const { farm } = at();
        const next = await serve("/next", {
          body: `<script type="text/plain" data-category="performance" data-src="${TAGS}/marked.js"></script>`,
        });
        const rules = `<script type="speculationrules">{"prerender":[{"urls":["/next"],"eagerness":"immediate"}]}</script>`;
        const page = await visitor.page(await serve("/before"));
        await page.evaluate(() => window.portcullis.acceptAll().then(() => {}));
        await page.close();
        const first = await visitor.page(
          await serve("/rules", { head: rules, body: `<a id="go" href="${next}">next</a>` }),
        );
        const isPrerendered = ({ path: where, headers }) =>
          where === "/next" && /prerender/.test(headers["sec-purpose"] ?? "");
        for (const until = Date.now() + 30_000; !farm.siteLog.some(isPrerendered) && Date.now() < until; ) {
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        assert.ok(farm.siteLog.some(isPrerendered), "it was rendered beforehand");
        await new Promise((resolve) => setTimeout(resolve, 1000));
        assert.deepEqual(farm.requests({ host: "tags.leaky.example" }), []);
        // What is shown then is another frame, which the driver may take for a lost one: the log says whether it came.
        await first.click("#go");
        await farm.waitFor(({ path: where }) => where === "/marked.js");
        assert.equal(
          farm.siteLog.filter(({ path: where }) => where === "/next").length,
          1,
          "it was not fetched anew",
        );
      }));
  }
});
