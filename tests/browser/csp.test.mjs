// The main job under the strictest policies that sites use, with Trusted Types enforced: it works, and no
// violation is ours. And markup that a stranger injected gains nothing through us.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { click, cookies, gone, shown } from "./harness.mjs";
import { buildSite, config, html, NONCE, ORIGIN, STRICT } from "./site.mjs";
import { arrived, asVisitor, BEACONS, beacons, inEachBrowser } from "./suite.mjs";

/** A marked tag with the page's nonce, and one that a stranger put in without it. */
const MARKED = `
<script type="text/plain" data-category="performance" nonce="${NONCE}">window.markedRan = (window.markedRan ?? 0) + 1</script>
<script type="text/plain" data-category="performance" nonce="${NONCE}" data-src="https://unknown.example-cdn.net/marked.js"></script>
<script type="text/plain" data-category="performance">window.injectedRan = true</script>
<script type="text/plain" data-category="performance" data-src="https://unknown.example-cdn.net/injected.js"></script>`;

inEachBrowser("strict policies", (at) => {
  test("nonce, strict-dynamic, Trusted Types: accept, withdraw, again, and no violation of ours", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      farm.trustedTypes = true;
      const headers = { "content-security-policy": STRICT };
      const given = await config();
      for (const name of ["csp", "csp-two"])
        farm.page(`${ORIGIN}/${name}`, html({ config: given, nonce: NONCE, head: MARKED }), headers);
      const page = await visitor.page(`${ORIGIN}/csp`);
      await shown(page, '[data-action="accept"]');
      await farm.sentinel(page);
      assert.deepEqual(arrived(farm), []);

      await click(page, '[data-action="accept"]');
      await beacons(farm);
      await farm.waitFor(({ path: where }) => where === "/marked.js");
      await farm.sentinel(page);
      assert.equal(await page.evaluate(() => window.markedRan), 1);
      assert.equal(await page.evaluate(() => window.injectedRan), undefined);
      assert.equal(farm.requests({ path: "/injected.js" }).length, 0);
      const held = await page.evaluate(
        () => window.portcullis.log().filter(({ reason }) => reason === "no-nonce").length,
      );
      assert.equal(held, 2, "the log says why");

      farm.reset();
      farm.trustedTypes = true;
      await page.evaluate(() => window.portcullis.withdraw());
      await page.evaluate(() => void dispatchEvent(new Event("farm:tick")));
      await farm.sentinel(page);
      assert.deepEqual(arrived(farm), []);
      assert.equal((await cookies(page))._ga, undefined);
      await page.goto(`${ORIGIN}/csp-two`);
      await farm.sentinel(page);
      assert.deepEqual(arrived(farm), []);

      await click(page, "button", "portcullis-way-back");
      await click(page, '[data-category="performance"]');
      await click(page, '[data-action="confirm"]');
      await gone(page, '[data-action="confirm"]');
      await farm.waitFor(BEACONS["google-analytics"]);
      await farm.sentinel(page);
      const others = farm.log.filter(
        ({ vendor }) => !["google", "google-tag-manager", "unclaimed"].includes(vendor),
      );
      assert.deepEqual(others, []);
      assert.deepEqual(farm.cspReports, []);
    }));

  test("the inline traps and the async gate, as built, under the same policy", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      farm.trustedTypes = true;
      const { out, issues, lines } = await buildSite(await config(), "/built/");
      assert.deepEqual(
        issues.filter(({ severity }) => severity === "error"),
        [],
      );
      const head = lines.replaceAll("<script", `<script nonce="${NONCE}"`);
      farm.site("www.acme.example", async (request) => {
        const file = path.join(out, request.path.replace(/^\/built\//, ""));
        const body = await readFile(file).catch(() => null);
        return body
          ? { headers: { "content-type": "text/javascript; charset=utf-8" }, body }
          : { status: 404, body: "not found" };
      });
      const policy = { "content-security-policy": STRICT };
      const early = `<script nonce="${NONCE}">
        window.early = fetch("https://px.ads.linkedin.com/collect?early=1").then(() => "arrived", () => "refused");
        window.allowed = portcullis.allows("targeting");
      </script>`;
      farm.page(
        `${ORIGIN}/built-page`,
        `<!doctype html><html lang="en"><head><title>Built</title>${head}${early}</head><body><h1>Built</h1></body></html>`,
        policy,
      );
      const page = await visitor.page(`${ORIGIN}/built-page`);
      await shown(page, '[data-action="accept"]');
      assert.equal(
        await page.evaluate(() => window.early),
        "refused",
        "a call made before the gate was there",
      );
      assert.equal(await page.evaluate(() => window.allowed), false);
      await farm.sentinel(page);
      assert.deepEqual(arrived(farm), []);
      await click(page, '[data-action="accept"]');
      await beacons(farm);
      assert.deepEqual(farm.cspReports, []);
    }));

  test("a hash-based policy with strict-dynamic: an injected marked script never runs", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const { out, lines: head } = await buildSite(await config(), "/hashed/", { csp: "hash" });
      // Under strict-dynamic a script that the HTML names needs a hash of its own: a small loader has it.
      const [, traps] = /<script [^>]*>([\s\S]*?)<\/script>/.exec(head);
      const source = /src="([^"]+)"/.exec(head)[1];
      const loader = `const s=document.createElement("script");s.src="${source}";document.head.append(s);`;
      const sha = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
      farm.site("www.acme.example", async (request) => {
        const body = await readFile(path.join(out, request.path.replace(/^\/hashed\//, ""))).catch(
          () => null,
        );
        return body
          ? { headers: { "content-type": "text/javascript; charset=utf-8" }, body }
          : { status: 404, body: "not found" };
      });
      const policy = `script-src ${sha(traps)} ${sha(loader)} 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; report-uri /__csp-report`;
      farm.page(
        `${ORIGIN}/hashed`,
        `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Hashed</title><script>${traps}</script><script>${loader}</script>${MARKED}</head><body></body></html>`,
        { "content-security-policy": policy },
      );
      const page = await visitor.page(`${ORIGIN}/hashed`);
      await click(page, '[data-action="accept"]');
      await beacons(farm);
      await farm.sentinel(page);
      assert.equal(await page.evaluate(() => window.injectedRan ?? window.markedRan), undefined);
      assert.deepEqual(farm.requests({ vendor: "unclaimed" }), []);
      const reasons = await page.evaluate(() =>
        window.portcullis
          .log()
          .filter(({ kind }) => kind === "marked")
          .map(({ reason }) => reason),
      );
      assert.deepEqual([...new Set(reasons)], ["markup-off"]);
      assert.deepEqual(farm.cspReports, []);
    }));
});
