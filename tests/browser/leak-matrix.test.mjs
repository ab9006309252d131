// The leak matrix: of a vendor that is not granted nothing arrives, by any way; granted, every way arrives.

import assert from "node:assert/strict";
import { test } from "node:test";
import { shown } from "./harness.mjs";
import { WAYS } from "./leaks.mjs";
import { config, html, inScript, ORIGIN } from "./site.mjs";
import { asVisitor, inEachBrowser } from "./suite.mjs";

const HOST = "tags.leaky.example";
const names = Object.keys(WAYS);
const address = (way) => `https://${HOST}/${names.indexOf(way)}.${WAYS[way].ext ?? "png"}?leak`;

/** A vendor that is only claimed, and one that may bring it in. */
const VENDORS = [
  { id: "leaky", name: "Leaky", category: "targeting", hosts: ["leaky.example"] },
  { id: "carrier", name: "Carrier", category: "functional", hosts: ["carrier.example"] },
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
};

inEachBrowser("leak matrix", (at, engine) => {
  const arrivedWays = (farm) => [
    ...new Set(
      farm.log
        .filter(({ host }) => host.toLowerCase() === HOST)
        .map(({ path }) => names[Number.parseInt(path.slice(1), 10)]),
    ),
  ];
  const open = async (visitor, given = "") => {
    const { farm } = at();
    farm.page(
      `${ORIGIN}/leaks`,
      html({
        config: await config(VENDORS, { unclassified: "allow" }),
        head: `<script>${library}</script>${given}`,
      }),
    );
    const page = await visitor.page(`${ORIGIN}/leaks`);
    await shown(page, '[data-action="accept"]');
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
    test(`${came}: nothing arrives, and what was held arrives when granted`, () =>
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

        await page.evaluate(() => window.portcullis.acceptAll());
        const held = ways.filter((way) => WAYS[way].kind !== "call");
        await farm
          .waitFor(() => held.every((way) => arrivedWays(farm).includes(way)), { timeout: 10_000 })
          .catch(() => {});
        assert.deepEqual(
          held.filter((way) => !arrivedWays(farm).includes(way)),
          [],
          "held for good",
        );
      }));

    test(`${came}: granted, every way arrives`, () =>
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
          .waitFor(() => ways.every((way) => arrivedWays(farm).includes(way)), { timeout: 10_000 })
          .catch(() => {});
        assert.deepEqual(
          ways.filter((way) => !arrivedWays(farm).includes(way)),
          [],
          `the control did not arrive: ${JSON.stringify(failed)}`,
        );
      }));
  }
});
