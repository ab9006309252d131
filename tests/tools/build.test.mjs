// What `build` writes: texts that may stand in any page, hashes that are right, old folders kept.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const pkg = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../pkg");
const X = { use: "x-ads", pixelId: "o1abc" };
const sha = (text) => `sha256-${createHash("sha256").update(text).digest("base64")}`;

describe("build", () => {
  let out;
  let build;
  let validate;
  before(async () => {
    out = await mkdtemp(path.join(tmpdir(), "portcullis-build-"));
    ({ build, validate } = await import(pathToFileURL(path.join(pkg, "build.js")).href));
  });
  after(() => rm(out, { recursive: true, force: true }));

  const run = (config, more = {}) => build({ json: JSON.stringify(config), out, base: "/consent/", ...more });
  const read = (...names) => readFile(path.join(out, ...names), "utf8");

  test("the same config gives the same name, another one another, and old folders stay", async () => {
    const first = await run({ vendors: [X] });
    assert.equal((await run({ vendors: [X] })).hash, first.hash);
    const second = await run({ vendors: [{ ...X, pixelId: "o2abc" }] });
    assert.notEqual(second.hash, first.hash);
    const folders = await readdir(out);
    assert.ok(folders.includes(first.hash) && folders.includes(second.hash));
    assert.ok((await read("head.js")).includes(second.hash));
    await run({ vendors: [X] }, { head: "inline" });
    assert.ok((await read("head.html")).includes(first.hash));
  });

  test("the line of the linked way is the same for every config, and optimisers leave it alone", async () => {
    const lines = [];
    for (const pixelId of ["o1abc", "o2abc"]) {
      await run({ vendors: [{ ...X, pixelId }] });
      lines.push(await read("head.html"));
    }
    assert.equal(lines[0], lines[1]);
    assert.match(lines[0], /^<script src="\/consent\/head\.js" data-cfasync="false"[^>]*><\/script>\n$/);
  });

  test("the server is told to look again for the linked script soon, and for all else never", async () => {
    const { hash, cache } = await run({ vendors: [X] });
    assert.deepEqual(cache, [
      ["head.js", "max-age=300"],
      [`${hash}/*`, "max-age=31536000, immutable"],
    ]);
    assert.deepEqual(JSON.parse(await read("build.json")).cache, cache);
  });

  test("without WebAssembly the gate holds no module", async () => {
    const withModule = await run({ vendors: [X] });
    const without = await run({ vendors: [X] }, { wasm: "off" });
    assert.notEqual(without.hash, withModule.hash);
    const size = async (hash) => (await read(hash, "gate.js")).length;
    assert.ok((await size(without.hash)) < (await size(withModule.hash)) - 15_000);
  });

  test("the inline script is ASCII, ends where it should, and is the one whose hash is named", async () => {
    const { csp } = await run({ vendors: [X] }, { head: "inline" });
    const head = await read("head.html");
    const [, inline] =
      /^<script data-cfasync="false"[^>]*>(.*?)<\/script>\n<script async src="[^"]+" data-cfasync="false"[^>]*><\/script>\n$/s.exec(
        head,
      );
    assert.deepEqual(csp, [`'${sha(inline)}'`]);
    assert.match(inline, /^[\0-\x7f]*$/);
    assert.doesNotMatch(inline, /<!--|__PORTCULLIS/);
    assert.doesNotThrow(() => new Function(inline));
  });

  test("a config's texts cannot end the script that they stand in", async () => {
    const name = "</script><!--\u2028é";
    const { hash } = await run({ site: { name }, vendors: [X] });
    const gate = await read(hash, "gate.js");
    assert.ok(gate.includes('"\\u003c/script>\\u003c!--\\u2028é"'));
    assert.doesNotThrow(() => new Function(gate.replaceAll("import(", "fetch(")));
    assert.equal(JSON.parse(await read("config.json")).site.name, name);
  });

  test("a hash-based CSP gets both hashes, and no script of the markup is released", async () => {
    const { hash, csp } = await run({ markup: "page", vendors: [X] }, { csp: "hash" });
    const integrity = sha(await read(hash, "gate.js"));
    assert.equal(csp.length, 2);
    assert.equal(csp[1], `'${integrity}'`);
    assert.ok((await read("head.html")).includes(`integrity="${integrity}"`));
    assert.equal(JSON.parse(await read("config.json")).markup, "off");
    assert.deepEqual(JSON.parse(await read("build.json")).csp["script-src"], csp);
  });

  /** What the first script looks up. */
  const table = async () => {
    const script = await read("head.js");
    const from = script.indexOf('{"build"');
    for (let to = script.indexOf("}", from); ; to = script.indexOf("}", to + 1)) {
      try {
        return JSON.parse(script.slice(from, to + 1));
      } catch {
        // A brace further on ends it.
      }
    }
  };

  test("the first script knows what asks, but for pages on which nobody is", async () => {
    const asks = async (more, options) => {
      await run({ vendors: [X], ...more }, options);
      return (await table()).asks.slice(1);
    };
    assert.ok((await asks({})).length >= 45);
    assert.deepEqual(await asks({ interface: { language: "de" } }), ["de"]);
    assert.deepEqual(await asks({ interface: { silent: ["/legal"] } }), []);
    assert.ok((await asks({}, { csp: "hash" })).length >= 45);
  });

  test("the banner stands ready in each language, where nothing hangs on the page that it stands in", async () => {
    const ready = async (more, options) => {
      const { hash, files } = await run({ site: { name: "Acme" }, vendors: [X], ...more }, options);
      const list = files.filter((file) => file.startsWith(`${hash}/prepared/`));
      // The first script asks for it only where it is there.
      assert.equal((await table()).asks[0] === "wait", list.length > 0);
      return list.map((file) => path.basename(file, ".js"));
    };
    assert.ok((await ready({})).length >= 45);
    assert.deepEqual(await ready({ interface: { language: "de" } }), ["de"]);
    // Where something runs unasked the gate does not wait.
    const basket = { id: "basket", name: "Basket", category: "necessary", hosts: ["basket.example"] };
    await run({ site: { name: "Acme" }, vendors: [X, basket] });
    assert.equal((await table()).asks[0], "ready");
    assert.deepEqual(await ready({ regime: "auto" }), []);
    assert.deepEqual(await ready({ regime: "opt-out" }), []);
    assert.deepEqual(await ready({ site: {} }), []);
    assert.deepEqual(await ready({ interface: { silent: ["/legal"] } }), []);
    assert.ok((await ready({}, { csp: "hash" })).length >= 45);
  });

  test("a text in the banner that stands ready cannot end its script or become markup", async () => {
    const name = "</script><img src=x>\u2028";
    const { hash } = await run({ site: { name }, vendors: [X], interface: { language: "en" } });
    const file = await read(hash, "prepared", "en.js");
    assert.ok(file.includes("\\u003c/script>\\u003cimg src=x>"));
    assert.doesNotMatch(file, /<\/script|__PORTCULLIS/);
  });

  test("the first script looks up what vendors claim, values filled in, without what a wider claim holds", async () => {
    const own = {
      id: "own",
      name: "Own",
      category: "functional",
      hosts: ["{account}.example.net/x", "example.org", "www.example.org/y", "www.example.*/z"],
      values: { account: "acme" },
      script: "https://cdn.example.edu/{account}.js",
    };
    const pay = { id: "pay", name: "Pay", category: "necessary", reason: "Pays.", hosts: ["pay.example"] };
    const { issues } = await run(
      { site: { name: "Acme", hosts: ["cdn.acme.example"] }, vendors: [own, pay, X] },
      { base: "https://static.example/consent/" },
    );
    assert.deepEqual(issues, []);
    const { claims, own: hosts, holds, stubs, necessary } = await table();
    assert.deepEqual(
      claims.filter(([host]) => /example/.test(host)),
      [
        ["cdn.example.edu", "/acme.js", "", 0],
        ["acme.example.net", "/x", "", 0],
        ["www.example.", "/z", "", 0],
        ["pay.example", "", "", 1],
        ["example.org", "", "", 0],
      ],
    );
    assert.deepEqual(hosts, ["cdn.acme.example", "static.example"]);
    assert.equal(holds, 0);
    assert.deepEqual(
      stubs.map((steps) => steps.map(({ name }) => name).join()),
      ["", "", "twq"],
    );
    assert.deepEqual(
      necessary.map(([at, { id }]) => [at, id]),
      [[1, "pay"]],
    );
  });

  test("nothing is written for what is no config", async () => {
    const { hash, files, issues } = await build({ json: "{", out: path.join(out, "none"), base: "/" });
    assert.equal(hash, null);
    assert.deepEqual(files, []);
    assert.match(issues[0].path, /^line 1, column /);
    assert.deepEqual(validate("{"), issues);
    assert.ok(!(await readdir(out)).includes("none"));
  });
});
