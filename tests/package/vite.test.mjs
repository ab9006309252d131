// The package as npm packs it, installed into a fresh Vite project: it builds, its types hold, and it
// gates there.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { click, shown } from "../browser/harness.mjs";
import { ORIGIN, PKG } from "../browser/site.mjs";
import { arrived, asVisitor, BEACONS, inEachBrowser } from "../browser/suite.mjs";
import { fileOf, TYPES } from "../farm/farm.mjs";

const run = promisify(execFile);
const MODULES = path.resolve(PKG, "../node_modules");

const MAIN = `import { start, type Change, type Consent } from "portcullis";
import { googleAnalytics, metaPixel } from "portcullis/vendors";

const consent: Consent = start({
  site: { name: "Acme" },
  vendors: [googleAnalytics({ measurementId: "G-ABC1234567" }), metaPixel({ pixelId: "123456789012345" })],
});
consent.on("change", ({ granted }: Change) => console.log(granted.join(" ")));
(window as Window & { consent?: Consent }).consent = consent;
`;

const WRONG = `import { start } from "portcullis";
import { googleAnalytics } from "portcullis/vendors";
// @ts-expect-error a parameter is missing
googleAnalytics({});
// @ts-expect-error no such regime
start({ regime: "optin" });
// @ts-expect-error no such action
start({}).control(document.body, "acept");
`;

async function project() {
  const folder = await mkdtemp(path.join(tmpdir(), "portcullis-vite-"));
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder], { cwd: PKG });
  const packed = JSON.parse(stdout);
  const { filename } = Array.isArray(packed) ? packed[0] : Object.values(packed)[0];
  await writeFile(
    path.join(folder, "package.json"),
    JSON.stringify({ name: "fresh", private: true, type: "module" }),
  );
  await run(
    "npm",
    ["install", "--no-audit", "--no-fund", "--offline", path.join(folder, path.basename(filename))],
    { cwd: folder },
  );
  for (const name of ["vite", "typescript"])
    await symlink(path.join(MODULES, name), path.join(folder, "node_modules", name));
  await mkdir(path.join(folder, "src"));
  await writeFile(path.join(folder, "src/main.ts"), MAIN);
  await writeFile(path.join(folder, "src/wrong.ts"), WRONG);
  await writeFile(
    path.join(folder, "index.html"),
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Fresh</title><script type="module" src="/src/main.ts"></script></head><body><h1>Fresh</h1></body></html>',
  );
  await writeFile(
    path.join(folder, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        target: "es2022",
        module: "esnext",
        moduleResolution: "bundler",
        lib: ["es2022", "dom"],
        strict: true,
        exactOptionalPropertyTypes: true,
        noEmit: true,
        types: [],
      },
      include: ["src"],
    }),
  );
  return folder;
}

let built;
/** The project, type-checked and built: once for all browsers. */
const site = () => {
  built ??= project().then(async (folder) => {
    await run(path.join(MODULES, ".bin/tsc"), ["-p", folder]).catch((error) => assert.fail(error.stdout));
    await run(path.join(MODULES, ".bin/vite"), ["build", "--logLevel", "error"], { cwd: folder });
    return folder;
  });
  return built;
};
after(async () => {
  const folder = await built?.catch(() => null);
  if (folder) await rm(folder, { recursive: true, force: true });
});

inEachBrowser("the packed package in Vite", (at) => {
  test("installs, type-checks, builds, and gates", { timeout: 120_000 }, () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      farm.site("www.acme.example", path.join(await site(), "dist"));
      const page = await visitor.page(`${ORIGIN}/`);
      await shown(page, '[data-action="accept"]');
      await farm.sentinel(page);
      assert.deepEqual(arrived(farm), []);
      await click(page, '[data-action="settings"]');
      await click(page, '[data-category="performance"]');
      await click(page, '[data-action="confirm"]');
      await farm.waitFor(BEACONS["google-analytics"]);
      await farm.sentinel(page);
      assert.deepEqual(farm.requests({ vendor: "meta-pixel" }), []);
      assert.deepEqual(page.problems, []);
    }),
  );

  test(
    "its chunks come under a policy that enforces Trusted Types and names ours alone",
    { timeout: 120_000 },
    () =>
      asVisitor(at(), async (visitor) => {
        const { farm } = at();
        farm.trustedTypes = true;
        const dist = path.join(await site(), "dist");
        const policy = [
          "script-src 'self' 'wasm-unsafe-eval' https:",
          "style-src 'self'",
          "require-trusted-types-for 'script'",
          "trusted-types portcullis",
          "report-uri /__csp-report",
        ].join("; ");
        farm.site("www.acme.example", async ({ path: where }) => {
          const file = await fileOf(dist, where);
          if (!file) return { status: 404, body: "not found" };
          const headers = { "content-type": TYPES[path.extname(file)], "content-security-policy": policy };
          return { headers, body: await readFile(file) };
        });
        const page = await visitor.page(`${ORIGIN}/`);
        await click(page, '[data-action="settings"]');
        await click(page, '[data-category="performance"]');
        await click(page, '[data-action="confirm"]');
        await farm.waitFor(BEACONS["google-analytics"]);
        await page.evaluate(() => window.consent.withdraw().then(() => {}));
        await farm.sentinel(page);
        assert.deepEqual(farm.cspReports, []);
      }),
  );
});
