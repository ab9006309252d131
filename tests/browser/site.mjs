// A small site of one's own for each test file: the package as built, and pages that use it.

import { createHash } from "node:crypto";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { startFarm, TYPES } from "../farm/farm.mjs";
import { loadTools } from "./tools.mjs";

export const PKG = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../pkg");
export const HOST = "www.acme.example";
export const ORIGIN = `https://${HOST}`;

/** All eight vendors (DoubleClick is two of the nine entries). */
export const VENDORS = [
  { use: "google-tag-manager", containerId: "GTM-ABC123", carries: ["performance", "targeting"] },
  { use: "google-analytics", measurementId: "G-ABC1234567" },
  { use: "google-ads", conversionId: "AW-123456789" },
  { use: "google-floodlight", advertiserId: "DC-1234567" },
  { use: "linkedin-insight", partnerId: "1234567" },
  { use: "marketo-munchkin", munchkinId: "123-ABC-456" },
  { use: "meta-pixel", pixelId: "123456789012345" },
  { use: "x-ads", pixelId: "o1abc" },
  { use: "facebook-login", appId: "1234567890123" },
];

/** A config as pages take it. */
export async function config(vendors = VENDORS, more = {}) {
  const { resolve } = await loadTools();
  const { config: resolved, issues } = resolve(
    JSON.stringify({
      site: { name: "Acme", cookieNotice: "/privacy" },
      unclassified: "hold",
      ...more,
      vendors,
    }),
  );
  const errors = issues.filter(({ severity }) => severity === "error");
  if (errors.length) throw new Error(JSON.stringify(errors));
  return resolved;
}

/** Pages that are sent in pieces: path → HTML. */
const inPieces = new Map();

/** Files that are kept back: patterns of their paths, and what is waited for; `null`: there is no such file. */
const keptBack = new Map();

/** Keeps files of the site back until `until` settles, or for good; what is given ends it. */
export function keepBack(pattern, until = null) {
  keptBack.set(pattern, until);
  return () => keptBack.delete(pattern);
}

/** Ends all of it. */
export const giveBack = () => keptBack.clear();

/** Starts a farm whose site serves the package at `/pkg/`, what `html` links, and pages that are sent in pieces. */
export const startSite = async () => furnish(await startFarm());

/** Gives a farm that site. */
export function furnish(farm) {
  giveBack();
  farm.containers["GTM-ABC123"] = [];
  const serve = async (request) => {
    const pieces = inPieces.get(request.path);
    if (pieces) return { headers: { "content-type": TYPES[".html"] }, body: slowly(await filled(pieces)) };
    for (const [pattern, until] of keptBack) {
      if (!pattern.test(request.path)) continue;
      if (!until) return { status: 404, body: "not found" };
      await until;
    }
    const file = await fileFor(request.path);
    const body = file && (await readFile(file).catch(() => null));
    const type = request.path.endsWith(".js") ? TYPES[".js"] : TYPES[".json"];
    return body ? { headers: { "content-type": type }, body } : { status: 404, body: "not found" };
  };
  for (const host of [HOST, "acme.example", "shop.acme.example"]) farm.site(host, serve);
  farm.fill = filled;
  return farm;
}

/** The file behind a path of the site: of the package, of what `build` wrote for a page, or of the bundled app. */
async function fileFor(where) {
  const [, root, ...below] = where.split("/");
  if (root === "pkg") return path.join(PKG, ...below);
  if (root === "npm") return path.join(await npmApp(), ...below);
  const built = root === "built" && builds.get(below.shift());
  return built ? path.join((await built()).out, ...below) : null;
}

/** A page in pieces, cut after each tag, as a slow server sends it: the parser stops at each. */
async function* pieces(text) {
  for (const piece of text.split(/(?<=>)/)) {
    yield piece;
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
}
const slowly = (text) => Readable.from(pieces(text));

/** Serves a page of the site in pieces. */
export function pageInPieces(where, text) {
  inPieces.set(where, text);
}

/** The nonce of pages that have one. */
export const NONCE = "c2VjcmV0";
/** The strictest policy that sites use: nonces, no inline styles, Trusted Types. */
export const STRICT = [
  `script-src 'nonce-${NONCE}' 'strict-dynamic' 'wasm-unsafe-eval'`,
  "style-src 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types portcullis",
  "report-uri /__csp-report",
].join("; ");

/** JSON that may stand in a script element. */
export const inScript = (value) => JSON.stringify(value).replaceAll("<", "\\u003c");

/**
 * The ways in which the package is shipped: `linked` and `inline` as `build` writes them; `file`, the one blocking file;
 * `npm`, a bundled app; `javascript`, linked on a page whose policy refuses WebAssembly.
 */
export const SHIPPED = ["linked", "inline", "file", "npm", "javascript"];

/** The way in which pages have Portcullis where a test does not say it. */
export const WAY = process.env.PORTCULLIS_WAY ?? "linked";
if (!SHIPPED.includes(WAY)) throw new Error(`PORTCULLIS_WAY is one of ${SHIPPED.join(", ")}`);

/** A policy that refuses WebAssembly, and nothing else. */
const NO_WASM = `<meta http-equiv="content-security-policy" content="script-src * 'unsafe-inline' data: blob:">`;

/** What `build` makes for pages, by a digest of what it is made of: built when it is asked for. */
const builds = new Map();
const INLINE = /<script data-inline="(\w+)" data-cfasync="false"( nonce="[^"]*")?><\/script>/g;

/** The key of a build of a config. */
function keyOf(given, options) {
  const key = createHash("sha256")
    .update(JSON.stringify([given, options]))
    .digest("hex")
    .slice(0, 12);
  if (!builds.has(key)) {
    let built;
    builds.set(key, () => {
      built ??= buildSite(given, `/built/${key}/`, options);
      return built;
    });
  }
  return key;
}

/** A page whose inline lines are filled in. */
async function filled(text) {
  const parts = await Promise.all(
    [...String(text).matchAll(INLINE)].map(async ([, key, nonce = ""]) =>
      (await builds.get(key)()).lines.replaceAll("<script", `<script${nonce}`),
    ),
  );
  return String(text).replace(INLINE, () => parts.shift());
}

let app;
/** An app that imports the package, bundled as apps are: its config stands in the page. */
function npmApp() {
  app ??= (async () => {
    const out = await mkdtemp(path.join(tmpdir(), "portcullis-npm-"));
    const contents = `import { start } from ${JSON.stringify(path.join(PKG, "index.js"))};
      const { text, nonce } = document.querySelector("script[data-config]");
      window.portcullis = start(JSON.parse(text), nonce);`;
    await build({
      stdin: { contents, resolveDir: PKG, sourcefile: "app.js" },
      bundle: true,
      splitting: true,
      format: "esm",
      outdir: out,
      entryNames: "app",
      logLevel: "error",
    });
    return out;
  })();
  return app;
}

/** The lines of a page's head in a way of shipping. `more`: options of `build`. */
export function headLines(way, given, { nonce = "", more = {} } = {}) {
  const mark = nonce && ` nonce="${nonce}"`;
  if (way === "npm")
    return `<script type="application/json" data-config${mark}>${inScript(given)}</script><script type="module" src="/npm/app.js"${mark}></script>`;
  if (way === "file")
    return `<script type="application/json"${mark}>${inScript(given)}</script><script src="/pkg/portcullis.js" data-cfasync="false"${mark}></script>`;
  if (way === "inline")
    return `<script data-inline="${keyOf(given, { ...more, head: "inline" })}" data-cfasync="false"${mark}></script>`;
  return `<script src="/built/${keyOf(given, more)}/head.js" data-cfasync="false"${mark}></script>`;
}

/** A browser that sends Global Privacy Control: what makes it one, and the same as a page's first script. */
export const SENDS_SIGNAL =
  'Object.defineProperty(navigator, "globalPrivacyControl", { value: true, configurable: true });';
export const SIGNAL = `<script>${SENDS_SIGNAL}</script>`;

/** What `portcullis build` writes for a config: the folder, its files, and the lines for the head. */
export async function buildSite(given, base, more = {}) {
  const out = await mkdtemp(path.join(tmpdir(), "portcullis-build-"));
  const { build: write } = await import(pathToFileURL(path.join(PKG, "build.js")).href);
  const built = await write({ json: JSON.stringify(given), out, base, pkg: `${PKG}/`, ...more });
  return { ...built, out, lines: await readFile(path.join(out, "head.html"), "utf8") };
}

/**
 * A page with Portcullis first in its head, in one of the ways in which it is shipped. `nonce` goes to our own scripts.
 */
export function html({ config: given, head = "", body = "", nonce = "", lang = "en", way = WAY, more = {} }) {
  const policy = way === "javascript" ? NO_WASM : "";
  return `<!doctype html><html lang="${lang}"><head><meta charset="utf-8">${policy}<title>Acme</title>
${headLines(way, given, { nonce, more })}
${head}</head><body><main><h1>Acme</h1><p><a href="/two">Next page</a> <button data-portcullis="settings" id="footer">Cookies Settings</button></p>${body}</main></body></html>`;
}
