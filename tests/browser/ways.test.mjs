// Each promise in each way of shipping: one page, served linked, inline, from one file, from a bundled app, and where
// WebAssembly is refused.

import assert from "node:assert/strict";
import { test } from "node:test";
import { click, gone, shown } from "./harness.mjs";
import {
  config,
  giveBack,
  html,
  inScript,
  keepBack,
  NONCE,
  ORIGIN,
  pageInPieces,
  SHIPPED,
  STRICT,
} from "./site.mjs";
import { arrived, asVisitor, BEACONS, beacons, inEachBrowser } from "./suite.mjs";
import { isMade, PROMISES } from "./ways.mjs";

const ACCEPT = '[data-action="accept"]';
const REJECT = '[data-action="reject"]';
const HOST = "tags.leaky.example";
const CLAIMED = { id: "leaky", name: "Leaky", category: "targeting", hosts: ["leaky.example"] };
const PAY = {
  id: "pay",
  name: "Pay",
  category: "necessary",
  reason: "Takes payments.",
  hosts: ["pay.example"],
};
const LATE_MS = 700;

/** Other engines run the two ways that differ most, and one that is drawn: `PORTCULLIS_SEED` draws it again. */
const SEED = Number(process.env.PORTCULLIS_SEED ?? Math.floor(Date.now() / 1000));
const DRAWN = SHIPPED.filter((way) => !["linked", "file"].includes(way))[SEED % 3];
const waysOf = (engine) => (engine === "chromium" ? SHIPPED : ["linked", "file", DRAWN]);
console.log(`# ways: seed ${SEED} draws ${DRAWN}`);

/** A promise's test, in every way in which it is made. */
const made = (engine, promise, steps, ways = SHIPPED) => {
  if (!(promise in PROMISES)) throw new Error(`ways.mjs has no promise "${promise}"`);
  for (const way of waysOf(engine)) {
    if (ways.includes(way) && isMade(promise, way))
      test(`${way}: ${promise}`, { timeout: 60_000 }, () => steps(way));
  }
};

inEachBrowser("ways of shipping", (at, engine) => {
  const promised = (promise, steps, ways) =>
    made(engine, promise, (way) => asVisitor(at(), (visitor) => steps(way, visitor)).finally(giveBack), ways);
  let pages = 0;
  /** Serves a page in a way; gives its address. */
  const serve = (way, given, { headers, ...more } = {}) => {
    const url = `${ORIGIN}/way-${++pages}`;
    at().farm.page(url, html({ config: given, way, ...more }), headers);
    return url;
  };
  /** The file without which there are no verdicts. */
  const gateOf = (way) => (way === "file" || way === "javascript" ? /\/js\.js$/ : /\/gate\.js$/);
  /** The gate comes late: the page's own scripts have run by then. */
  const later = (ms = LATE_MS) => new Promise((resolve) => setTimeout(resolve, ms));
  const wanted = ({ host }) => /leaky|unclaimed|unknown/.test(host);
  const asked = () =>
    at()
      .farm.log.filter(wanted)
      .map(({ host, path }) => host + path);
  const ran = (page) => page.evaluate(() => window.__farmRan ?? []);

  promised("nothing of a vendor is asked for, run or stored before a choice", async (way, visitor) => {
    const { farm } = at();
    const url = serve(way, await config());
    const page = await visitor.page(url);
    await shown(page, ACCEPT);
    await farm.sentinel(page);
    assert.deepEqual(arrived(farm), []);
    await click(page, REJECT);
    await gone(page, REJECT);
    await page.waitForFunction(() => window.portcullis.record);
    await page.goto(url);
    await page.waitForFunction(() => window.portcullis.record);
    await farm.sentinel(page);
    assert.deepEqual(arrived(farm), [], "refused, on the next page");
    await page.evaluate(() => window.portcullis.acceptAll().then(() => {}));
    await beacons(farm);
    farm.reset();
    await page.goto(url);
    await beacons(farm);
    assert.deepEqual(page.problems, []);
  });

  promised(
    "what a script adds is held from the first moment, and let go when granted",
    async (way, visitor) => {
      const { farm } = at();
      const head = `<script>{
      const script = document.createElement("script");
      script.src = "https://${HOST}/early.js";
      document.head.append(script);
      new Image().src = "https://${HOST}/early.png";
      window.answer = fetch("https://${HOST}/early.json").then(() => "arrived", () => "refused");
      window.beacon = navigator.sendBeacon("https://${HOST}/early-beacon");
    }</script>`;
      const release = keepBack(gateOf(way), later());
      const page = await visitor.page(
        serve(way, await config([CLAIMED], { unclassified: "allow" }), { head }),
      );
      await shown(page, ACCEPT);
      assert.equal(await page.evaluate(() => window.answer), "refused");
      assert.equal(await page.evaluate(() => window.beacon), true);
      await farm.sentinel(page);
      assert.deepEqual(asked(), []);
      await click(page, ACCEPT);
      await farm.waitFor(({ path }) => path === "/early.js");
      await farm.waitFor(({ path }) => path === "/early.png");
      release();
    },
  );

  for (const pieces of [false, true])
    promised(
      pieces
        ? "the same, where the page comes in pieces"
        : "what the HTML has, unmarked, does not run before a grant",
      async (way, visitor) => {
        const { farm } = at();
        const body = `<script src="https://${HOST}/plain.js"></script>
<script async src="https://${HOST}/async.js"></script><script defer src="https://${HOST}/defer.js"></script>
<script type="module" src="https://${HOST}/module.js"></script><div><p><img alt="" src="https://${HOST}/img.png"></p></div>
<iframe src="https://${HOST}/frame.html" title="frame"></iframe><table><tr><td><img alt="" src="https://${HOST}/cell.png"></table>`;
        const given = await config([CLAIMED], { unclassified: "allow" });
        const url = pieces ? `${ORIGIN}/pieces-${++pages}` : serve(way, given, { body });
        if (pieces) pageInPieces(new URL(url).pathname, html({ config: given, way, body }));
        const page = await visitor.page(url);
        await shown(page, ACCEPT);
        await farm.sentinel(page);
        assert.deepEqual(await ran(page), []);
        farm.reset();
        await page.evaluate(() => window.portcullis.acceptAll().then(() => {}));
        await page.waitForFunction(() => window.__farmRan?.length >= 4, { timeout: 30_000 });
        assert.equal(new Set(await ran(page)).size, 4);
        assert.equal((await ran(page)).length, 4, "a script ran twice");
      },
    );

  const marked = (name, nonce) =>
    `<script type="text/plain" data-vendor="leaky" data-src="https://${HOST}/${name}.js"${nonce}></script>`;
  const withNonce = (nonce) => ` nonce="${nonce}"`;
  promised(
    "under a nonce, tags that carry it are let go whenever they were parsed, and others never",
    async (way, visitor) => {
      const { farm } = at();
      const wasm = way === "javascript" ? "" : " 'wasm-unsafe-eval'";
      const policy = `script-src 'nonce-${NONCE}' 'strict-dynamic'${wasm}`;
      const body = `${marked("marked", withNonce(NONCE))}${marked("stranger", "")}
<script src="https://${HOST}/plain.js"${withNonce(NONCE)}></script>
<script async src="https://${HOST}/async.js"${withNonce(NONCE)}></script>
<script type="text/plain" data-category="targeting"${withNonce(NONCE)}>(window.__farmRan ??= []).push("inline")</script>`;
      const release = keepBack(gateOf(way), later());
      const headers = { "content-security-policy": policy };
      const url = serve(way, await config([CLAIMED]), { body, nonce: NONCE, headers });
      const page = await visitor.page(url);
      await shown(page, ACCEPT);
      assert.deepEqual(await ran(page), []);
      farm.reset();
      await click(page, ACCEPT);
      await page.waitForFunction(() => window.__farmRan?.length >= 4, { timeout: 30_000 });
      await farm.sentinel(page);
      assert.ok(!asked().some((address) => /stranger/.test(address)));
      await page.goto(url);
      await page.waitForFunction(() => window.__farmRan?.length >= 4, { timeout: 30_000 });
      release();
    },
  );

  promised("no violation of ours under a strict policy with Trusted Types", async (way, visitor) => {
    const { farm } = at();
    farm.trustedTypes = true;
    const url = serve(way, await config(), { nonce: NONCE, headers: { "content-security-policy": STRICT } });
    const page = await visitor.page(url);
    await click(page, '[data-action="settings"]');
    await shown(page, '[data-action="confirm"]');
    await page.evaluate(() => window.portcullis.acceptAll().then(() => {}));
    await beacons(farm);
    await page.evaluate(() => window.portcullis.withdraw().then(() => {}));
    await farm.sentinel(page);
    assert.deepEqual(farm.cspReports, []);
  });

  test("without WebAssembly, as built for it: Trusted Types, no violation, and everything works", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      farm.trustedTypes = true;
      const policy = `script-src 'nonce-${NONCE}' 'strict-dynamic'; require-trusted-types-for 'script'; trusted-types portcullis; report-uri /__csp-report`;
      const headers = { "content-security-policy": policy };
      for (const head of ["linked", "inline"]) {
        farm.reset();
        farm.trustedTypes = true;
        const page = await visitor.page(
          serve(head, await config(), { nonce: NONCE, headers, more: { wasm: "off", head } }),
        );
        await page.evaluate(() => window.portcullis.acceptAll().then(() => {}));
        await beacons(farm);
        await page.evaluate(() => window.portcullis.withdraw().then(() => {}));
        await farm.sentinel(page);
        assert.deepEqual(farm.cspReports, [], head);
        await page.close();
      }
    }));

  promised(
    "a page's first calls to its vendors never throw, and are delivered once granted",
    async (way, visitor) => {
      const { farm } = at();
      const head = `<script>
      fbq("trackCustom", "First"); gtag("event", "first"); twq("event", "first"); lintrk("track", { conversion_id: 77 });
      window.isThrough = true;
    </script>`;
      const release = keepBack(gateOf(way), later());
      const page = await visitor.page(serve(way, await config(), { head }));
      assert.equal(await page.evaluate(() => window.isThrough), true);
      await click(page, ACCEPT);
      await farm.waitFor(({ path, query }) => path === "/tr/" && query.ev === "First");
      await farm.waitFor(({ path, query }) => path === "/g/collect" && query.en === "first");
      await farm.waitFor(({ host, query }) => host === "t.co" && query.events === "first");
      await farm.waitFor(({ host, query }) => host === "px.ads.linkedin.com" && query.conversionId === "77");
      assert.deepEqual(page.problems, []);
      release();
    },
  );

  /** The data layer, an entry a word. */
  const layer = (page) =>
    page.evaluate(() =>
      window.dataLayer.map((item) =>
        item.length === undefined ? item.event : [...item].slice(0, 2).join(" "),
      ),
    );
  const OWN = `<script>window.dataLayer = window.dataLayer || []; dataLayer.push({ event: "own" })</script>`;
  promised("Consent Mode's default stands before the page's own entries", async (way, visitor) => {
    const release = keepBack(gateOf(way), later());
    const page = await visitor.page(serve(way, await config(), { head: OWN }));
    await shown(page, ACCEPT);
    const entries = await layer(page);
    assert.deepEqual(entries.slice(0, 3), ["consent default", "set ads_data_redaction", "own"]);
    assert.equal(entries.filter((entry) => entry === "consent default").length, 1);
    release();
  });

  promised("a returning visitor's update stands right behind it", async (way, visitor) => {
    const url = serve(way, await config(), { head: OWN });
    const first = await visitor.page(url);
    await click(first, ACCEPT);
    await first.waitForFunction(() => window.portcullis.record);
    await beacons(at().farm);
    const release = keepBack(gateOf(way), later());
    await first.goto(url);
    await first.waitForFunction(() => window.portcullis.record);
    const entries = (await layer(first)).filter((entry) => /consent (default|update)|own/.test(entry));
    // Where the JavaScript build has to come for the one file, nobody has left anything for it.
    const expected = ["consent default", "consent update", "own"];
    assert.deepEqual(entries, expected);
    release();
  });

  const OF_PAGE = {
    "google-analytics": {
      head: `<script async src="https://www.googletagmanager.com/gtag/js?id=G-ABC1234567"></script>
<script>window.dataLayer=window.dataLayer||[];function gtag(){dataLayer.push(arguments)}gtag("js",new Date());gtag("config","G-ABC1234567")</script>`,
      hit: BEACONS["google-analytics"],
    },
    "meta-pixel": {
      head: `<script>!function(f,b,e,v,n,t,s){if(f.fbq)return;n=f.fbq=function(){n.callMethod?n.callMethod.apply(n,arguments):n.queue.push(arguments)};if(!f._fbq)f._fbq=n;n.push=n;n.loaded=!0;n.version="2.0";n.queue=[];t=b.createElement(e);t.async=!0;t.src=v;s=b.getElementsByTagName(e)[0];s.parentNode.insertBefore(t,s)}(window,document,"script","https://connect.facebook.net/en_US/fbevents.js");fbq("init","123456789012345");fbq("track","PageView")</script>`,
      hit: ({ path, query }) => path === "/tr/" && query.ev === "PageView",
    },
  };
  for (const [id, { head, hit }] of Object.entries(OF_PAGE))
    promised("a page's own snippet of a registered vendor does not count twice", async (way, visitor) => {
      const { farm } = at();
      const all = await config();
      const given = { ...all, vendors: all.vendors.filter((vendor) => vendor.id === id) };
      const url = serve(way, given, { head });
      const page = await visitor.page(url);
      await click(page, ACCEPT);
      await farm.waitFor(hit);
      await farm.sentinel(page);
      assert.equal(farm.log.filter(hit).length, 1, "at the first visit");
      farm.reset();
      await page.goto(url);
      await farm.waitFor(hit);
      await farm.sentinel(page);
      assert.equal(farm.log.filter(hit).length, 1, "at the second visit");
    });

  promised(
    "third parties that nobody claims are held before the gate, where the site holds them",
    async (way, visitor) => {
      const { farm } = at();
      const body = `<script src="https://cdn.unknown.example/plain.js"></script>
<script>new Image().src="https://cdn.unknown.example/early.png";
fetch("https://cdn.unknown.example/early.json").catch(()=>{});
{const s=document.createElement("script");s.src="https://cdn.unknown.example/early.js";document.body.append(s)}
new Image().src="https://static.acme.example/own.png"</script>`;
      farm.site("static.acme.example", async () => ({ status: 404, body: "" }));
      const release = keepBack(gateOf(way), later());
      const url = serve(way, await config([CLAIMED], { unclassified: "hold" }), { body });
      const page = await visitor.page(url);
      await click(page, REJECT);
      for (let view = 0; view < 2; view++) {
        await page.waitForFunction(() => window.portcullis.record);
        await farm.sentinel(page);
        assert.deepEqual(
          asked().filter((address) => !/plain/.test(address)),
          [],
        );
        assert.deepEqual(await ran(page), []);
        const log = await page.evaluate(() => window.portcullis.log().map(({ target }) => target));
        assert.ok(log.includes("https://cdn.unknown.example/early.js"), `the log says what was held: ${log}`);
        assert.ok(
          farm.siteLog.some(({ path }) => path === "/own.png"),
          "the site's own hosts are never held",
        );
        await page.goto(url);
      }
      release();
    },
  );

  promised(
    "a gate that is blocked costs the optional tags, and not those that are always active",
    async (way, visitor) => {
      const { farm } = at();
      for (const host of ["js.pay.example", "api.pay.example"])
        farm.site(host, async () => ({
          headers: { "content-type": "text/javascript", "access-control-allow-origin": "*" },
          body: "(window.paid ??= []).push(document.currentScript?.src)",
        }));
      const body = `<script src="https://js.pay.example/plain.js"></script><script src="https://${HOST}/plain.js"></script>
<script>{const s=document.createElement("script");s.src="https://js.pay.example/added.js";document.body.append(s)}
window.paying=fetch("https://api.pay.example/intent").then(()=>"paid","refused")</script>`;
      const release = keepBack(gateOf(way));
      const loader = { ...PAY, script: "https://js.pay.example/loader.js" };
      const page = await visitor.page(
        serve(way, await config([loader, CLAIMED], { unclassified: "hold" }), { body }),
      );
      assert.equal(await page.evaluate(() => window.paying), "paid");
      // The loader is ours to start, and starts once it is known that no gate comes.
      await page.waitForFunction(() => window.paid?.length === 3, { timeout: 30_000 });
      await farm.sentinel(page);
      assert.deepEqual(await ran(page), []);
      release();
    },
  );

  promised("the page's own import map counts", async (way, visitor) => {
    const { farm } = at();
    farm.page(`${ORIGIN}/app-module.js`, "export const one = 1;", { "content-type": "text/javascript" });
    const head = `<script type="importmap">{"imports":{"app":"/app-module.js"}}</script>
<script type="module">import { one } from "app"; window.imported = one;</script>`;
    const url = serve(way, await config(), { head });
    const page = await visitor.page(url);
    await shown(page, ACCEPT);
    assert.equal(await page.evaluate(() => window.imported), 1, "on the first visit");
    await click(page, REJECT);
    await gone(page, REJECT);
    await page.waitForFunction(() => window.portcullis.record);
    await page.goto(url);
    await page.waitForFunction(() => window.portcullis.record);
    assert.equal(await page.evaluate(() => window.imported), 1, "on the second");
    assert.deepEqual(page.problems, []);
  });

  promised("an optimiser that reorders scripts leaves ours first", async (way, visitor) => {
    const { farm } = at();
    // As Rocket Loader does: whatever does not say otherwise gets a foreign type, and runs after the page has loaded.
    const reordered = (text) =>
      text.replace(
        /<script(?![^>]*(?:data-cfasync="false"|application\/json))([^>]*)>/g,
        '<script type="rl-text/javascript"$1>',
      );
    const loader = `<script data-cfasync="false">addEventListener("load", () => {
      for (const script of document.querySelectorAll("script[type^=rl-]")) {
        const copy = document.createElement("script");
        for (const { name, value } of script.attributes) if (name !== "type") copy.setAttribute(name, value);
        copy.text = script.text;
        copy.async = false;
        script.replaceWith(copy);
      }
    })</script>`;
    const body = `<script>new Image().src = "https://${HOST}/inserted.png"</script><script src="https://${HOST}/plain.js"></script>`;
    const url = `${ORIGIN}/way-${++pages}`;
    const text = html({ config: await config([CLAIMED]), way, head: loader, body });
    // What `build` writes inline is filled in as the page is served: it is reordered then.
    const { fill } = farm;
    farm.fill = async (page) => reordered(await fill(page));
    farm.page(url, text);
    const page = await visitor.page(url);
    farm.fill = fill;
    await shown(page, ACCEPT);
    await farm.sentinel(page);
    assert.deepEqual(
      asked().filter((address) => !/plain/.test(address)),
      [],
    );
    assert.deepEqual(await ran(page), []);
    await click(page, ACCEPT);
    await farm.waitFor(({ path }) => path === "/inserted.png");
    await page.waitForFunction(() => window.__farmRan?.length === 1);
  });

  promised("ordered tags run in their order, each once", async (way, visitor) => {
    const { farm } = at();
    const names = ["a", "b", "c", "d"];
    const body = `${names.map((name) => marked(name, "")).join("")}<script type="text/plain" data-category="targeting">(window.order ??= []).push("inline")</script>`;
    farm.site(HOST, async ({ path }) => {
      if (path === "/a.js") await later(300);
      return {
        headers: { "content-type": "text/javascript" },
        body: `(window.order ??= []).push(${inScript(path)})`,
      };
    });
    const url = serve(way, await config([CLAIMED]), { body });
    const page = await visitor.page(url);
    await click(page, ACCEPT);
    const expected = [...names.map((name) => `/${name}.js`), "inline"];
    for (const visit of ["first", "second"]) {
      await page.waitForFunction(
        (count) => window.order?.length >= count,
        { timeout: 30_000 },
        expected.length,
      );
      assert.deepEqual(await page.evaluate(() => window.order), expected, visit);
      if (visit === "first") await page.goto(url);
    }
  });
});
