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
    assert.ok((await read("head.html")).includes(second.hash));
  });

  test("the inline script is ASCII, ends where it should, and is the one whose hash is named", async () => {
    const { csp } = await run({ vendors: [X] });
    const head = await read("head.html");
    const [, inline] = /^<script>(.*?)<\/script>\n<script async src="[^"]+"><\/script>\n$/s.exec(head);
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

  test("the inline script knows what asks, but for pages on which nobody is, and a policy that lets it import nothing", async () => {
    const asks = async (more, options) => {
      const { hash } = await run({ vendors: [X], ...more }, options);
      const list = new RegExp(`\\["[^"]*/${hash}/"[^\\]]*\\]`).exec(await read("head.html"));
      return list ? JSON.parse(list[0]).slice(2) : null;
    };
    assert.ok((await asks({})).length >= 45);
    assert.deepEqual(await asks({ interface: { language: "de" } }), ["de"]);
    assert.equal(await asks({ interface: { silent: ["/legal"] } }), null);
    assert.equal(await asks({}, { csp: "hash" }), null);
  });

  test("the banner stands ready in each language, where nothing hangs on the page that it stands in", async () => {
    const ready = async (more, options) => {
      const { hash, files } = await run({ site: { name: "Acme" }, vendors: [X], ...more }, options);
      const head = await read("head.html");
      const list = files.filter((file) => file.startsWith(`${hash}/prepared/`));
      // The inline script asks for it only where it is there.
      assert.equal(new RegExp(`/${hash}/","wait"`).test(head), list.length > 0);
      return list.map((file) => path.basename(file, ".js"));
    };
    assert.ok((await ready({})).length >= 45);
    assert.deepEqual(await ready({ interface: { language: "de" } }), ["de"]);
    // Where something runs unasked the gate does not wait.
    const basket = { id: "basket", name: "Basket", category: "necessary", hosts: ["basket.example"] };
    await run({ site: { name: "Acme" }, vendors: [X, basket] });
    assert.match(await read("head.html"), /\/","ready","/);
    assert.deepEqual(await ready({ regime: "auto" }), []);
    assert.deepEqual(await ready({ regime: "opt-out" }), []);
    assert.deepEqual(await ready({ site: {} }), []);
    assert.deepEqual(await ready({ interface: { silent: ["/legal"] } }), []);
    assert.deepEqual(await ready({}, { csp: "hash" }), []);
  });

  test("a text in the banner that stands ready cannot end its script or become markup", async () => {
    const name = "</script><img src=x>\u2028";
    const { hash } = await run({ site: { name }, vendors: [X], interface: { language: "en" } });
    const file = await read(hash, "prepared", "en.js");
    assert.ok(file.includes("\\u003c/script>\\u003cimg src=x>"));
    assert.doesNotMatch(file, /<\/script|__PORTCULLIS/);
  });

  test("the traps hold what vendors claim, values filled in, each host once", async () => {
    const own = {
      id: "own",
      name: "Own",
      category: "functional",
      hosts: ["{account}.example.net/x", "example.org", "www.example.org/y", "www.example.*/z"],
      values: { account: "acme" },
      script: "https://cdn.example.edu/{account}.js",
    };
    const { issues } = await run({ vendors: [own] });
    assert.deepEqual(issues, []);
    const head = await read("head.html");
    assert.ok(head.includes('["acme.example.net","cdn.example.edu","example.org","www.example.*"]'), head);
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
