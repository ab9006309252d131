// The leak matrix: of a vendor that is not granted nothing arrives, by any way; granted, every way arrives.

import assert from "node:assert/strict";
import { test } from "node:test";
import { shown } from "./harness.mjs";
import { HTML, WAYS } from "./leaks.mjs";
import { config, html, inScript, keepBack, ORIGIN, SHIPPED, WAY } from "./site.mjs";
import { asVisitor, inEachBrowser } from "./suite.mjs";

const HOST = "tags.leaky.example";
const names = Object.keys(WAYS);
// A frame that goes may still ask for something (`fetchLater`): each test has addresses of its own.
let round = 0;
const address = (way) => `https://${HOST}/${names.indexOf(way)}.${round}.${WAYS[way].ext ?? "png"}?leak`;

/** A vendor that is only claimed, and one that may bring it in. */
const VENDORS = [
  { id: "leaky", name: "Leaky", category: "targeting", hosts: ["leaky.example"] },
  { id: "carrier", name: "Carrier", category: "functional", hosts: ["carrier.example"] },
  {
    id: "manager",
    name: "Manager",
    category: "performance",
    carries: ["performance", "targeting"],
    hosts: ["manager.example"],
    script: "https://www.manager.example/run.js",
  },
];

/** Every way as a function, and who runs them. */
const library = `window.ways={${names
  .map((name) => `${inScript(name)}:function(url,w,d){${WAYS[name].run}}`)
  .join(",")}};
window.runWays=(list,w)=>{const failed={};for(const [name,url] of list)try{window.ways[name](url,w,w.document)}catch(e){failed[name]=String(e)}return failed};`;

/** How the tag's code came to the page. */
const CAME = {
  "a script of the page": async (page, list) => page.evaluate((given) => window.runWays(given, window), list),
  "a frame": async (page, list) =>
    page.evaluate(async (given) => {
      // A frame for each: what one way does to its frame is not the next one's trouble.
      const frames = given.map(() => document.body.appendChild(document.createElement("iframe")));
      // Firefox puts a second empty document in the place of the first.
      await new Promise((resolve) => setTimeout(resolve, 500));
      return Object.assign({}, ...given.map((one, at) => window.runWays([one], frames[at].contentWindow)));
    }, list),
  "another held tag": (page, list) => byTag(page, list, { functional: true }),
  "a tag manager": (page, list) => byTag(page, list, { performance: true }),
};

/** A tag of another vendor is granted, and brings it. */
async function byTag(page, list, categories) {
  await page.evaluate((given) => void Object.assign(window, { list: given }), list);
  await page.evaluate((granted) => void window.portcullis.choose({ categories: granted }), categories);
  await page.waitForFunction(() => window.failed, { timeout: 30_000 });
  return page.evaluate(() => window.failed);
}

const HELD_TAG = `<script type="text/plain" data-category="functional" data-src="https://www.carrier.example/run.js"></script>`;
const RUN = {
  headers: { "content-type": "text/javascript" },
  body: "window.failed=window.runWays(window.list,window)",
};

/** Chromium runs all ways of shipping, the others one of them. */
const waysOf = (engine) => (engine === "chromium" && WAY === "linked" ? SHIPPED : [WAY]);

inEachBrowser("leak matrix", (at, engine) => {
  for (const way of waysOf(engine)) matrix(at, engine, way, way === WAY ? "" : `${way}: `);
});

/** The matrix on pages that have Portcullis in one way of shipping; `title` begins the tests' names. */
function matrix(at, engine, way, title) {
  const arrivedWays = (farm) => [
    ...new Set(
      farm.log
        .filter(({ host, path }) => host.toLowerCase() === HOST && path.includes(`.${round}.`))
        .map(({ path }) => names[Number.parseInt(path.slice(1), 10)]),
    ),
  ];
  const open = async (visitor, options) => {
    const { farm } = at();
    round += 1;
    for (const host of ["www.carrier.example", "www.manager.example"]) farm.site(host, async () => RUN);
    farm.page(
      `${ORIGIN}/leaks`,
      html({
        config: await config(VENDORS, { unclassified: "allow" }),
        way,
        head: `<script>${library}</script>${HELD_TAG}`,
      }),
    );
    const page = await visitor.page(`${ORIGIN}/leaks`, options);
    if (!options) await shown(page, '[data-action="accept"]');
    return page;
  };
  const supported = async (page) => {
    const needs = names.map((name) => WAYS[name].needs ?? "");
    const has = await page.evaluate(
      (all) =>
        all.map((path) => !path || path.split(".").reduce((of, part) => of?.[part], window) !== undefined),
      needs,
    );
    return names.filter((name, index) => has[index] && (WAYS[name].engines ?? [engine]).includes(engine));
  };

  for (const [came, run] of Object.entries(CAME)) {
    test(`${title}${came}: nothing arrives, and what was held arrives when granted`, () =>
      asVisitor(at(), async (visitor) => {
        const { farm } = at();
        const page = await open(visitor);
        const ways = await supported(page);
        await run(
          page,
          ways.map((way) => [way, address(way)]),
        );
        await farm.sentinel(page);
        await farm.sentinel(page);
        assert.deepEqual(arrivedWays(farm), [], "leaked");
        assert.equal(await page.evaluate(() => window.__farmRan), undefined, "ran");

        await page.evaluate(() => window.portcullis.acceptAll());
        const held = ways.filter((way) => WAYS[way].kind !== "call");
        await farm
          .waitFor(() => held.every((way) => arrivedWays(farm).includes(way)), { timeout: 30_000 })
          .catch(() => {});
        assert.deepEqual(
          held.filter((way) => !arrivedWays(farm).includes(way)),
          [],
          "held for good",
        );
      }));

    if (came.includes("tag")) continue; // The same calls as a script of the page makes: they have their control.
    test(`${title}${came}: granted, every way arrives`, () =>
      asVisitor(at(), async (visitor) => {
        const { farm } = at();
        const page = await open(visitor);
        const ways = await supported(page);
        await page.evaluate(() => window.portcullis.acceptAll());
        const failed = await run(
          page,
          ways.map((way) => [way, address(way)]),
        );
        await farm
          .waitFor(() => ways.every((way) => arrivedWays(farm).includes(way)), { timeout: 30_000 })
          .catch(() => {});
        assert.deepEqual(
          ways.filter((way) => !arrivedWays(farm).includes(way)),
          [],
          `the control did not arrive: ${JSON.stringify(failed)}`,
        );
      }));
  }

  if (way === "linked" || way === "inline" || way === "javascript")
    test(`${title}before the gate has come: nothing arrives, and what was held arrives when granted`, () =>
      asVisitor(at(), async (visitor) => {
        const { farm } = at();
        let release = () => {};
        const released = new Promise((resolve) => {
          release = resolve;
        });
        const giveBack = keepBack(way === "javascript" ? /\/js\.js$/ : /\/gate\.js$/, released);
        const page = await open(visitor, { waitUntil: "domcontentloaded" });
        const ways = await supported(page);
        const list = ways.map((name) => [name, address(name)]);
        await page.evaluate((given) => window.runWays(given, window), list);
        await farm.sentinel(page);
        assert.deepEqual(arrivedWays(farm), [], "leaked");
        release();
        giveBack();
        await shown(page, '[data-action="accept"]');
        await farm.sentinel(page);
        assert.deepEqual(arrivedWays(farm), [], "leaked when the gate came");
        await page.evaluate(() => void window.portcullis.acceptAll());
        const held = ways.filter((name) => WAYS[name].kind !== "call");
        await farm
          .waitFor(() => held.every((name) => arrivedWays(farm).includes(name)), { timeout: 30_000 })
          .catch(() => {});
        assert.deepEqual(
          held.filter((name) => !arrivedWays(farm).includes(name)),
          [],
          "held for good",
        );
      }));

  // A bundled app runs when the page has been parsed: what the HTML has, unmarked, is not promised there.
  if (way === "npm") return;
  const tags = Object.keys(HTML);
  const place = (tag) => `https://${HOST}/html-${tags.indexOf(tag)}.${HTML[tag].ext ?? "png"}?leak`;
  const arrivedTags = (farm) => [
    ...new Set(
      farm.log
        .filter(({ host, path }) => host === HOST && path.startsWith("/html-"))
        .map(({ path }) => tags[Number(/html-(\d+)/.exec(path)?.[1])]),
    ),
  ];
  test(`${title}the HTML: nothing runs, nothing is asked but by the platform, and when granted all arrives`, () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const body = tags.map((tag) => HTML[tag].markup(place(tag))).join("\n");
      farm.page(`${ORIGIN}/bare`, `<!doctype html><title>Bare</title><body>${body}</body>`);
      const bare = await visitor.page(`${ORIGIN}/bare`);
      await farm.sentinel(bare);
      const native = arrivedTags(farm);
      assert.ok(native.length >= tags.length - 2, `the control: ${native}`);
      const ranNatively = await bare.evaluate(() => window.__farmRan.length);
      await bare.close();
      // What it has asked for last has arrived before the log is emptied.
      await new Promise((resolve) => setTimeout(resolve, 500));

      farm.reset();
      farm.page(
        `${ORIGIN}/html`,
        html({ config: await config(VENDORS, { unclassified: "allow" }), way, body }),
      );
      const page = await visitor.page(`${ORIGIN}/html`);
      await shown(page, '[data-action="accept"]');
      await farm.sentinel(page);
      const early = arrivedTags(farm);
      console.log(`# ${engine}: asked early for ${early.length ? early.join(", ") : "nothing"}`);
      assert.deepEqual(
        early.filter((tag) => !HTML[tag].early || !native.includes(tag)),
        [],
        "asked for what is not the platform's",
      );
      assert.equal(await page.evaluate(() => window.__farmRan), undefined, "ran");

      farm.reset();
      await page.evaluate(() => window.portcullis.acceptAll());
      await farm
        .waitFor(() => native.every((tag) => arrivedTags(farm).includes(tag) || early.includes(tag)), {
          timeout: 30_000,
        })
        .catch(() => {});
      assert.deepEqual(
        native.filter((tag) => !arrivedTags(farm).includes(tag) && !early.includes(tag)),
        [],
        "held for good",
      );
      await page.waitForFunction(
        (count) => window.__farmRan?.length >= count,
        { timeout: 30_000 },
        ranNatively,
      );
      const ran = await page.evaluate(() => window.__farmRan);
      assert.deepEqual([...new Set(ran)].sort(), [...ran].sort(), "a script ran twice");
    }));
}
