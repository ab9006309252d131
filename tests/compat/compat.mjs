// Real libraries on a page with Portcullis and on the same page without it. Each scenario writes down
// what a page can observe; both have to write the same.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { config, inScript, PKG } from "../browser/site.mjs";
import { asVisitor } from "../browser/suite.mjs";

/** Where the libraries are. */
export const FOLDER = path.dirname(fileURLToPath(import.meta.url));

export const HOST = "app.acme.example";
/** Whose elements the scenarios put into their pages. */
export const VENDOR = "tags.vendor.example";

const SCRIPT = { "content-type": "text/javascript; charset=utf-8" };
const HTML = { "content-type": "text/html; charset=utf-8" };
const PIXEL = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

const bundles = new Map();

/** A scenario as one classic script, bundled once for all browsers. */
export function bundle(name) {
  if (!bundles.has(name)) {
    const made = build({
      entryPoints: [path.join(FOLDER, "scenarios", name)],
      bundle: true,
      write: false,
      format: "iife",
      target: "es2022",
      jsx: "automatic",
      // With what libraries say in development about markup that is not as they left it.
      define: {
        "process.env.NODE_ENV": '"development"',
        __VUE_OPTIONS_API__: "true",
        __VUE_PROD_DEVTOOLS__: "false",
        __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "true",
      },
      logLevel: "error",
    });
    bundles.set(
      name,
      made.then(({ outputFiles }) => outputFiles[0].text),
    );
  }
  return bundles.get(name);
}

/** Starts the site at `HOST`, whose pages have Portcullis while `site.consent` is set, and the vendor's server. */
export function serve(farm, name, routes) {
  const site = { consent: null };
  const html = ({ head = "", body = "", title = "Compat" } = {}) => {
    const gate = site.consent
      ? `<script type="application/json">${inScript(site.consent)}</script><script src="/pkg/portcullis.js"></script>`
      : "";
    return {
      headers: HTML,
      body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>${gate}<script src="/${name}"></script>${head}</head><body>${body}</body></html>`,
    };
  };
  farm.site(HOST, async (request) => {
    const { path: where } = request;
    const route = routes[where] ?? routes["*"];
    const made = await route?.(request, html);
    if (made) return typeof made === "string" ? { headers: HTML, body: made } : made;
    if (where === "/") return html();
    if (where === `/${name}`) return { headers: SCRIPT, body: await bundle(name) };
    if (where.endsWith(".gif")) return { headers: { "content-type": "image/gif" }, body: PIXEL };
    if (where === "/ran.js")
      return { headers: SCRIPT, body: `(window.ran ??= []).push("${request.query.as}")` };
    const file =
      where.startsWith("/pkg/") && (await readFile(path.join(PKG, where.slice(5))).catch(() => null));
    if (!file) return { status: 404, body: "not found" };
    return { headers: where.endsWith(".js") ? SCRIPT : { "content-type": "application/json" }, body: file };
  });
  serveVendor(farm);
  return site;
}

/** The vendor's server: a pixel, a frame, scripts that say they ran, JSONP. */
export function serveVendor(farm) {
  farm.site(VENDOR, ({ path: where, query }) => {
    if (where.endsWith(".gif")) return { headers: { "content-type": "image/gif" }, body: PIXEL };
    if (where.endsWith(".html")) return { headers: HTML, body: "<!doctype html><title>frame</title>" };
    if (where === "/worker.js")
      return {
        headers: { ...SCRIPT, "access-control-allow-origin": "*" },
        body: 'document.body.dataset.vendor = /native/.test(document.createElement) ? "in the page" : "in a worker"',
      };
    const said = query.callback
      ? `${query.callback}({"from":"vendor"})`
      : `(window.ran ??= []).push(${JSON.stringify(where)})`;
    return { headers: { ...SCRIPT, "access-control-allow-origin": "*" }, body: said };
  });
}

/** What arrived at the vendor. */
export const atVendor = (farm) =>
  farm.siteLog.filter(({ host }) => host === VENDOR).map(({ path: where }) => where);

/** Runs the scenario on one page: first half and second half, and both once more after the release. */
async function traces({ farm }, visitor, gated) {
  farm.siteLog.length = 0;
  const page = await visitor.page(`https://${HOST}/`);
  const told = [];
  const half = async (name) => {
    told.push(await page.evaluate((which) => window.scenario[which](), name));
    const thrown = told.at(-1).filter((line) => line.startsWith("thrown"));
    assert.deepEqual(thrown, [], `${gated ? "with" : "without"} Portcullis`);
  };
  await half("run");
  if (gated) {
    await farm.sentinel(page);
    assert.deepEqual(atVendor(farm), [], "the vendor was asked before a choice");
    const held = await page.evaluate(() => window.portcullis.log().filter(({ what }) => what === "held"));
    assert.ok(held.length > 0, "nothing was held: the scenario does not meet the traps");
    await page.evaluate(() => window.portcullis.acceptAll());
  }
  for (const name of ["later", "run", "later"]) await half(name);
  if (process.env.PORTCULLIS_TRACE) console.log(gated ? "with" : "without", told);
  assert.ok(atVendor(farm).length > 0, "the vendor was never asked");
  return { told, problems: page.problems };
}

/** Runs a scenario with and without; both have to say the same, and at least so many lines. */
export async function unharmed(here, name, { least, routes = {} }) {
  const site = serve(here.farm, name, routes);
  const bare = await asVisitor(here, (visitor) => traces(here, visitor, false));
  site.consent = await config([{ id: "vendor", name: "Vendor", category: "targeting", hosts: [VENDOR] }]);
  const gated = await asVisitor(here, (visitor) => traces(here, visitor, true));
  for (const [index, when] of ["before a choice", "after release", "once more", "at the end"].entries())
    assert.deepEqual(gated.told[index], bare.told[index], when);
  assert.deepEqual(gated.problems, bare.problems);
  const lines = bare.told.flat();
  assert.ok(lines.length >= least, `only ${lines.length} lines: the scenario broke off`);
}
