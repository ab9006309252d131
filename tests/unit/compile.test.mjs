// A config becomes lines for the gate: what is in them, in which order, and what is not believed.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { load } from "./load.mjs";

const { bare, compile, compileVendor, views } = await load("js/compile.ts");

const ADS = { id: "ads", name: "Ads", category: "targeting", hosts: ["ads.example"] };
const STATS = {
  id: "stats",
  name: "Stats",
  category: "performance",
  hosts: ["stats.example", "t.example/s"],
};

const lines = (config, host = "www.acme.example", nonce = "") =>
  compile(config, host, nonce).config.split("\n");
const line = (vendor) => compileVendor({ ...ADS, ...vendor }).line.split("\t");
/** Places in a vendor's line. */
const [CATEGORY, FLAGS, SINCE, CARRIES, NEEDS, HOSTS, NAMES] = [2, 3, 4, 5, 6, 7, 8];

describe("compile", () => {
  test("the page's line: revision, model, what else is given, own hosts, and whether there is a nonce", () => {
    const given = { revision: 2, regime: "opt-in", unclassified: "hold", validDays: 90, markup: "trusted" };
    const site = { name: "Acme", hosts: ["cdn.acme.net"] };
    assert.equal(
      lines({ ...given, site })[0],
      "p\t1\t2\topt-in\thold\t90\tacme.example cdn.acme.net\ttrusted\t0",
    );
    assert.equal(
      lines({ site: { name: "Acme" } }, "shop.acme.example", "abc")[0],
      "p\t1\t\t\t\t\tshop.acme.example\t\t1",
    );
  });

  test("only categories that somebody uses, in the interface's order, the site's own last", () => {
    const { categories, config } = compile(
      { categories: { club: {} }, vendors: [ADS, STATS] },
      "a.example",
      "",
    );
    assert.deepEqual(categories, ["necessary", "performance", "targeting", "club"]);
    assert.deepEqual(config.split("\n").slice(1, 5), [
      "c\tnecessary\ta",
      "c\tperformance\t",
      "c\ttargeting\ts",
      "c\tclub\t",
    ]);
  });

  test("a category that only a container carries is one that is used", () => {
    const manager = { ...STATS, carries: ["performance", "social"] };
    assert.deepEqual(compile({ vendors: [manager] }, "a.example", "").categories, [
      "necessary",
      "performance",
      "social",
    ]);
  });

  test("what counts as sale is the site's to say, and so is what is always active", () => {
    const categories = {
      targeting: { sale: false },
      performance: { sale: true, alwaysActive: "Counting visits is exempt." },
    };
    const { sale, config } = compile({ categories, vendors: [ADS, STATS] }, "a.example", "");
    assert.deepEqual(sale, ["performance"]);
    assert.ok(config.includes("\nc\tperformance\tas\n"));
    assert.ok(config.includes("\nc\ttargeting\t\n"));
  });

  test("what has no id or no claims is no vendor, and breaks nothing", () => {
    const { vendors } = compile({ vendors: [null, { id: "x" }, { hosts: ["a"] }, ADS] }, "a.example", "");
    assert.deepEqual(
      vendors.map(({ id }) => id),
      ["ads"],
    );
  });
});

describe("a vendor's line", () => {
  test("nothing but what there is: id, category, claims", () => {
    assert.equal(compileVendor(STATS).line, "v\tstats\tperformance\t\t\t\t\tstats.example t.example/s\t");
  });

  test("flags: on demand, consent mode, resumes, sells or does not, an interest beside consent or alone", () => {
    assert.equal(line({ starts: "demand", consentMode: true, resume: [], sale: true })[FLAGS], "dgrs");
    assert.equal(line({ sale: false })[FLAGS], "S");
    assert.equal(line({ bases: ["consent"] })[FLAGS], "");
    assert.equal(line({ bases: ["consent", "legitimate-interest"] })[FLAGS], "l");
    assert.equal(line({ bases: ["legitimate-interest"] })[FLAGS], "lL");
  });

  test("since when, what it carries and what it needs", () => {
    const of = line({ since: 3, carries: ["a", "b"], needs: ["stats"] });
    assert.deepEqual([of[SINCE], of[CARRIES], of[NEEDS]], ["3", "a b", "stats"]);
  });

  test("its loader is claimed with its path, without what follows; one that is no address is not", () => {
    const script = "https://cdn.example:8443/tag.js?id=1#x";
    assert.equal(line({ script })[HOSTS], "ads.example cdn.example/tag.js");
    assert.equal(line({ script: { src: script, async: true } })[HOSTS], "ads.example cdn.example/tag.js");
    assert.equal(line({ script: "/tag.js" })[HOSTS], "ads.example");
  });

  test("names that it stores here: first-party cookies, then keys with their kind", () => {
    const cookies = [
      { name: "_a*", party: "first" },
      { name: "_far", party: "third" },
    ];
    assert.equal(line({ cookies, storage: [{ kind: "local", key: "k" }] })[NAMES], "_a* local:k");
  });

  test("the site's values stand for their names, as text and nothing more", () => {
    const id = 'a"},{"sale":true';
    const { vendor } = compileVendor({
      ...ADS,
      values: { id },
      script: "https://ads.example/{id}/{other}.js",
      start: [{ do: "call", name: "ads", arguments: ["{id}"] }],
    });
    assert.equal(vendor.script, `https://ads.example/${id}/{other}.js`);
    assert.deepEqual(vendor.start[0].arguments, [id]);
    assert.equal(vendor.sale, undefined);
  });

  test("a value that has not the form of its parameter leaves the claims, and no category to start in", () => {
    const vendor = { script: "https://ads.example/{id}.js", parameters: { id: "^\\d+$" } };
    assert.equal(line({ ...vendor, values: { id: "12" } })[CATEGORY], "targeting");
    for (const values of [{ id: "x" }, {}, undefined]) {
      const of = line({ ...vendor, values });
      assert.equal(of[CATEGORY], "", JSON.stringify(values));
      assert.match(of[HOSTS], /^ads\.example/);
    }
    assert.equal(line({ ...vendor, values: { id: "12" }, parameters: { id: "(" } })[CATEGORY], "");
    // A parameter that stands nowhere has nothing to fit.
    assert.equal(line({ parameters: { unused: "^\\d+$" } })[CATEGORY], "targeting");
  });

  test("what a script of the page puts on Object.prototype is not the site's word", () => {
    const odd = { consentMode: true, sale: true, starts: "demand", since: 9 };
    Object.assign(Object.prototype, odd);
    try {
      assert.equal(compileVendor(bare(ADS)).line, "v\tads\ttargeting\t\t\t\t\tads.example\t");
    } finally {
      for (const name of Object.keys(odd)) delete Object.prototype[name];
    }
  });
});

test("bare: objects inherit nothing at any depth, lists stay lists", () => {
  const made = bare({ a: { b: [{ c: 1 }] } });
  for (const one of [made, made.a, made.a.b[0]]) assert.equal(Object.getPrototypeOf(one), null);
  assert.ok(Array.isArray(made.a.b));
  assert.equal(made.a.b[0].c, 1);
});

test("views: each category with its vendors, the first always active, a reason where the site gives one", () => {
  const categories = { performance: { alwaysActive: "Exempt.", texts: { en: { name: "Numbers" } } } };
  assert.deepEqual(views({ categories }, ["necessary", "performance", "targeting"], [ADS, STATS]), [
    { id: "necessary", vendors: [], alwaysActive: "" },
    { id: "performance", vendors: ["stats"], alwaysActive: "Exempt.", texts: { en: { name: "Numbers" } } },
    { id: "targeting", vendors: ["ads"] },
  ]);
});
