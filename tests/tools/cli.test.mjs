// The command line, as a marketer or a build meets it: what is wrong is said with its path and the nearest
// right spelling, and the rest is built.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const cli = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../pkg/cli.js");

const BAD = {
  vendros: [],
  vendors: [
    { use: "google-analitics", measurementId: "G-ABC1234567" },
    { use: "meta-pixel" },
    { use: "linkedin-insight", partnerId: "abc" },
    { use: "x-ads", pixelId: "o1abc" },
  ],
};

describe("the command line", () => {
  let folder;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "portcullis-cli-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const run = (...args) =>
    new Promise((resolve) => {
      execFile(process.execPath, [cli, ...args], { cwd: folder }, (error, stdout, stderr) => {
        resolve({ code: error?.code ?? 0, stdout, stderr });
      });
    });

  for (const command of ["validate", "build"]) {
    test(`${command}: an unknown vendor, a misspelt key, a missing parameter, a malformed id`, async () => {
      await writeFile(path.join(folder, "bad.json"), JSON.stringify(BAD));
      const { code, stderr } = await run(
        command,
        "bad.json",
        ...(command === "build" ? ["--out", "bad"] : []),
      );
      assert.equal(code, 1);
      const lines = stderr.trim().split("\n");
      assert.equal(lines.length, 4, stderr);
      assert.match(lines[0], /vendros: unknown key "vendros" \(nearest: vendors\)$/);
      assert.match(
        lines[1],
        /vendors\[0\]\.use: the catalogue has no vendor "google-analitics" \(nearest: google-analytics\)$/,
      );
      assert.match(lines[2], /vendors\[1\]\.pixelId: is missing.*\(nearest: 123456789012345\)$/);
      assert.match(lines[3], /vendors\[2\]\.partnerId: "abc" has not the form.*\(nearest: 1234567\)$/);
      if (command === "build") {
        const config = JSON.parse(await readFile(path.join(folder, "bad/config.json"), "utf8"));
        assert.ok(config.vendors.find(({ id }) => id === "x-ads").script, "the rest is built");
      }
    });
  }

  test("a good config: no problems, and files with hashed names", async () => {
    const good = {
      site: { name: "Acme" },
      unclassified: "hold",
      vendors: [{ use: "x-ads", pixelId: "o1abc" }],
    };
    await writeFile(path.join(folder, "portcullis.config.json"), JSON.stringify(good));
    const validated = await run("validate");
    assert.equal(validated.code, 0, validated.stderr);
    assert.match(validated.stdout, /no problems/);
    const built = await run("build", "--out", "out", "--base", "consent");
    assert.equal(built.code, 0, built.stderr);
    const { hash, files } = JSON.parse(await readFile(path.join(folder, "out/build.json"), "utf8"));
    assert.match(hash, /^[0-9a-f]{10}$/);
    const head = await readFile(path.join(folder, "out/head.html"), "utf8");
    assert.ok(head.includes('src="/consent/head.js"'));
    assert.match(built.stdout, /\/consent\/head\.js is served with Cache-Control: max-age=300/);
    const script = await readFile(path.join(folder, "out/head.js"), "utf8");
    for (const file of files) assert.ok((await readFile(path.join(folder, "out", file))).length > 0, file);
    const gate = await readFile(path.join(folder, "out", hash, "gate.js"), "utf8");
    assert.ok(gate.includes('"o1abc"') && !gate.includes("__PORTCULLIS"));
    assert.ok(script.includes("ads-twitter.com") && !script.includes("__PORTCULLIS"));
    const inline = await run("build", "--out", "inline", "--base", "consent", "--head", "inline");
    assert.equal(inline.code, 0, inline.stderr);
    const { csp } = JSON.parse(await readFile(path.join(folder, "inline/build.json"), "utf8"));
    assert.match(csp["script-src"][0], /^'sha256-/);
    const lines = await readFile(path.join(folder, "inline/head.html"), "utf8");
    assert.ok(lines.includes(`src="/consent/${hash}/gate.js"`), "the same build, by another way");
    assert.match((await run("build", "--head", "linkd")).stderr, /--head is .* \(nearest: linked\)/);
  });

  test("an unknown command and a missing file are said", async () => {
    assert.match((await run("bulid")).stderr, /no command "bulid"/);
    assert.match((await run("validate", "nowhere.json")).stderr, /cannot read nowhere.json/);
    assert.equal((await run("--help")).code, 0);
  });

  test("declaration: the cookie table in a language, escaped, and what is wrong said", async () => {
    const config = {
      site: { name: "<Acme>" },
      vendors: [
        { use: "meta-pixel", pixelId: "123456789012345" },
        { use: "google-analytics", measurementId: "G-ABC1234567" },
      ],
    };
    await writeFile(path.join(folder, "table.json"), JSON.stringify(config));
    const german = await run("declaration", "table.json", "--language", "de");
    assert.equal(german.code, 0, german.stderr);
    for (const part of [
      'lang="de"',
      "&lt;Acme&gt;",
      "_fbp",
      "_ga_*",
      "2 Jahre",
      "Leistungs-Cookies",
      "180 Tage",
    ]) {
      assert.ok(german.stdout.includes(part), part);
    }
    assert.ok(!/<script|<Acme>| on\w+=|style=/.test(german.stdout));
    const arabic = await run("declaration", "table.json", "--language", "ar");
    assert.match(arabic.stdout, /^<div lang="ar" dir="rtl">/);
    const none = await run("declaration", "table.json", "--language", "enGB");
    assert.equal(none.code, 1);
    assert.match(none.stderr, /no language "enGB".*pt-BR/);
  });

  test("gpc: what belongs at the well-known address, and what is wrong with what is there", async () => {
    const { code, stdout } = await run("gpc");
    assert.equal(code, 0);
    const today = new Date().toISOString().slice(0, 10);
    assert.deepEqual(JSON.parse(stdout), { gpc: true, lastUpdate: today });
    const check = async (text) => {
      await writeFile(path.join(folder, "gpc.json"), text);
      return run("gpc", "gpc.json");
    };
    assert.equal((await check(stdout)).code, 0);
    assert.equal((await check('{"gpc": true, "more": 1}')).code, 0);
    for (const [text, problem] of [
      ["gpc: true", /is no JSON/],
      ["[true]", /must be an object/],
      ['{"gpc": "yes"}', /gpc: must be true or false \(nearest: true\)/],
      ['{"gpc": true, "lastUpdate": "today"}', /lastUpdate: must be a date/],
    ]) {
      const { code, stderr } = await check(text);
      assert.equal(code, 1, text);
      assert.match(stderr, problem);
    }
    const refused = await check('{"gpc": false}');
    assert.equal(refused.code, 0);
    assert.match(refused.stderr, /^warning: gpc\.json: gpc: says that the site does not obey/);
  });
});
