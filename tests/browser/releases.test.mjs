// Releases behind pages that stay as they are: three of the config and one of the package. At no moment does something
// leak or an own script fail, and what a browser has cached of an earlier release goes on working.

import assert from "node:assert/strict";
import { appendFile, cp, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { shown } from "./harness.mjs";
import { ORIGIN, PKG } from "./site.mjs";
import { asVisitor, inEachBrowser } from "./suite.mjs";

const ACCEPT = '[data-action="accept"]';
const SCRIPT = { "content-type": "text/javascript; charset=utf-8" };
const vendor = (id, since = 1) => ({
  id,
  name: id,
  category: "performance",
  hosts: [`${id}.vendor.example`],
  script: `https://${id}.vendor.example/loader.js`,
  since,
});
const site = { name: "Acme", cookieNotice: "/privacy" };
const RELEASES = [
  { site, revision: 1, vendors: [vendor("first")] },
  { site, revision: 2, vendors: [vendor("first"), vendor("second", 2)] },
  { site, revision: 2, vendors: [vendor("second", 2)] },
];

inEachBrowser("releases", (at) => {
  let build;
  let newer;
  before(async () => {
    ({ build } = await import(pathToFileURL(path.join(PKG, "build.js")).href));
    // A later version of the package: another gate, another interface.
    newer = await mkdtemp(path.join(tmpdir(), "portcullis-newer-"));
    await cp(PKG, newer, { recursive: true });
    for (const name of ["gate.js", "head.js", "classic/ui.js"])
      await appendFile(path.join(newer, name), "\n/* a later version */\n");
  });
  const folder = () => mkdtemp(path.join(tmpdir(), "portcullis-releases-"));
  const release = (out, config, more = {}) =>
    build({ json: JSON.stringify(config), out, base: "/portcullis/", pkg: PKG, ...more });

  /** What a browser has cached of `head.js`: an engine caches nothing of a server whose certificate is its own. */
  let cached = null;
  /** The site: what `build` wrote, and a page around our line. */
  function serve(out, lines) {
    const { farm } = at();
    for (const id of ["first", "second"])
      farm.site(`${id}.vendor.example`, async () => ({
        headers: SCRIPT,
        body: `(window.ran ??= []).push("${id}")`,
      }));
    farm.site("www.acme.example", async ({ path: where }) => {
      if (where === "/own.js") return { headers: SCRIPT, body: "window.own = 1" };
      const file = path.join(out, where.replace("/portcullis/", ""));
      const body = (where.endsWith("/head.js") && cached) || (await readFile(file).catch(() => null));
      return body ? { headers: SCRIPT, body } : { status: 404, body: "not found" };
    });
    farm.page(
      `${ORIGIN}/page`,
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Acme</title>${lines}
<script src="/own.js"></script></head><body><h1>Acme</h1><script>window.inline = window.own</script></body></html>`,
    );
  }
  const arrived = () =>
    at()
      .farm.siteLog.filter(({ host }) => /vendor/.test(host))
      .map(({ host }) => host.split(".")[0]);
  const open = async (visitor) => {
    at().farm.siteLog.length = 0;
    const page = await visitor.page(`${ORIGIN}/page`);
    await page.evaluate(() => window.portcullis.ready.then(() => {}));
    assert.equal(await page.evaluate(() => window.inline), 1, "the page's own scripts run");
    return page;
  };

  test(
    "the linked line: every release serves who comes, and who has cached the one before",
    { timeout: 120_000 },
    () =>
      asVisitor(at(), async (known) => {
        const out = await folder();
        await release(out, RELEASES[0]);
        const lines = await readFile(path.join(out, "head.html"), "utf8");
        serve(out, lines);
        const first = await open(known);
        await at().farm.sentinel(first);
        assert.deepEqual(arrived(), []);
        await first.evaluate(() => window.portcullis.acceptAll().then(() => {}));
        await first.waitForFunction(() => window.ran?.length === 1);
        assert.deepEqual(first.problems, []);
        await first.close();
        const firstHead = await readFile(path.join(out, "head.js"));

        for (const [number, config, pkg] of [
          [2, RELEASES[1], PKG],
          [3, RELEASES[2], PKG],
          [4, RELEASES[2], newer],
        ]) {
          await release(out, config, { pkg });
          assert.equal(await readFile(path.join(out, "head.html"), "utf8"), lines, "the line stays the same");
          // Who has the first release's script cached goes on with that release.
          cached = firstHead;
          const page = await open(known);
          await page.waitForFunction(() => window.ran?.length === 1);
          cached = null;
          assert.deepEqual(await page.evaluate(() => window.ran), ["first"]);
          assert.ok(!arrived().includes("second"), `release ${number}: the cached page leaks`);
          assert.deepEqual(page.problems, []);
          await page.close();
          // Who comes anew has the new one.
          await asVisitor(at(), async (fresh) => {
            const other = await open(fresh);
            await shown(other, ACCEPT);
            await at().farm.sentinel(other);
            assert.deepEqual(arrived(), [], `release ${number} leaks`);
            await other.evaluate(() => window.portcullis.acceptAll().then(() => {}));
            const ids = config.vendors.map(({ id }) => id);
            await other.waitForFunction((count) => window.ran?.length === count, {}, ids.length);
            assert.deepEqual((await other.evaluate(() => window.ran)).sort(), ids);
            assert.deepEqual(other.problems, []);
          });
        }
      }),
  );

  test("cached HTML of the inline way works after every later release", () =>
    asVisitor(at(), async (visitor) => {
      const out = await folder();
      await release(out, RELEASES[0], { head: "inline" });
      const lines = await readFile(path.join(out, "head.html"), "utf8");
      for (const [config, pkg] of [
        [RELEASES[1], PKG],
        [RELEASES[2], newer],
      ])
        await release(out, config, { head: "inline", pkg });
      serve(out, lines);
      const page = await open(visitor);
      await at().farm.sentinel(page);
      assert.deepEqual(arrived(), []);
      await page.evaluate(() => window.portcullis.acceptAll().then(() => {}));
      await page.waitForFunction(() => window.ran?.length === 1);
      assert.deepEqual(page.problems, []);
    }));

  test("a gate of another build than the script before it is not let in: all stays held, and it is said", () =>
    asVisitor(at(), async (visitor) => {
      const out = await folder();
      const { hash } = await release(out, RELEASES[0]);
      const other = await folder();
      const later = await release(other, RELEASES[1]);
      const gate = await readFile(path.join(other, later.hash, "gate.js"));
      await writeFile(path.join(out, hash, "gate.js"), gate);
      const watch = `<script>window.errors = []; addEventListener("portcullis:error", ({ detail }) => errors.push(detail.code))</script>`;
      serve(out, watch + (await readFile(path.join(out, "head.html"), "utf8")));
      const page = await visitor.page(`${ORIGIN}/page`);
      await page.waitForFunction(() => window.errors.includes("no-gate"));
      await at().farm.sentinel(page);
      assert.deepEqual(arrived(), []);
      assert.equal(await page.evaluate(() => window.inline), 1);
    }));
});

test("while `build` writes, the linked script names nothing that is not there as a whole", async () => {
  const { build } = await import(pathToFileURL(path.join(PKG, "build.js")).href);
  const out = await mkdtemp(path.join(tmpdir(), "portcullis-writing-"));
  const write = (config) => build({ json: JSON.stringify(config), out, base: "/portcullis/", pkg: PKG });
  await write(RELEASES[0]);
  const seen = new Map();
  for (const config of [RELEASES[1], RELEASES[2], RELEASES[0]]) {
    let isWriting = true;
    const written = write(config).finally(() => {
      isWriting = false;
    });
    do {
      const head = await readFile(path.join(out, "head.js"), "utf8");
      const [, folder] = /folder:"(\w+)\/"|"folder":"(\w+)\/"/.exec(head)?.filter(Boolean) ?? [];
      assert.ok(folder, "head.js is cut short");
      for (const name of ["gate.js", "ui.js", "locales/en.js", "prepared/en.js"]) {
        const { length } = await readFile(path.join(out, folder, name));
        const key = `${folder}/${name}`;
        assert.equal(length, seen.get(key) ?? length, key);
        seen.set(key, length);
      }
    } while (isWriting);
    await written;
  }
  assert.equal(new Set([...seen.keys()].map((key) => key.split("/")[0])).size, 3);
});
