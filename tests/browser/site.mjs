// A small site of one's own for each test file: the package as built, and pages that use it.

import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { startFarm } from "../farm/farm.mjs";
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

/** Starts a farm whose site serves the package at `/pkg/`. */
export const startSite = async () => furnish(await startFarm());

/** Gives a farm the site that serves the package at `/pkg/`. */
export function furnish(farm) {
  farm.containers["GTM-ABC123"] = [];
  const serve = async (request) => {
    const { readFile } = await import("node:fs/promises");
    if (!request.path.startsWith("/pkg/")) return { status: 404, body: "not found" };
    const body = await readFile(path.join(PKG, request.path.slice(5))).catch(() => null);
    const type = request.path.endsWith(".js") ? "text/javascript; charset=utf-8" : "application/json";
    return body ? { headers: { "content-type": type }, body } : { status: 404, body: "not found" };
  };
  for (const host of [HOST, "acme.example", "shop.acme.example"]) farm.site(host, serve);
  return farm;
}

/** JSON that may stand in a script element. */
export const inScript = (value) => JSON.stringify(value).replaceAll("<", "\\u003c");

/** `PORTCULLIS_WASM=refused`: every page has a policy that refuses WebAssembly, and nothing else. */
const POLICY =
  process.env.PORTCULLIS_WASM === "refused"
    ? `<meta http-equiv="content-security-policy" content="script-src * 'unsafe-inline' data: blob:">`
    : "";

/** A browser that sends Global Privacy Control: what makes it one, and the same as a page's first script. */
export const SENDS_SIGNAL =
  'Object.defineProperty(navigator, "globalPrivacyControl", { value: true, configurable: true });';
export const SIGNAL = `<script>${SENDS_SIGNAL}</script>`;

/** What `portcullis build` writes for a config: the folder, its files, and the lines for the head. */
export async function buildSite(given, base, more = {}) {
  const out = await mkdtemp(path.join(tmpdir(), "portcullis-build-"));
  const { build } = await import(pathToFileURL(path.join(PKG, "build.js")).href);
  const built = await build({ json: JSON.stringify(given), out, base, pkg: `${PKG}/`, ...more });
  return { ...built, out, lines: await readFile(path.join(out, "head.html"), "utf8") };
}

/**
 * A page with the one blocking file first in its head. `nonce` goes to our own two scripts.
 */
export function html({ config: given, head = "", body = "", nonce = "", lang = "en" }) {
  const mark = nonce && ` nonce="${nonce}"`;
  return `<!doctype html><html lang="${lang}"><head><meta charset="utf-8">${POLICY}<title>Acme</title>
<script type="application/json"${mark}>${inScript(given)}</script><script src="/pkg/portcullis.js"${mark}></script>
${head}</head><body><main><h1>Acme</h1><p><a href="/two">Next page</a> <button data-portcullis="settings" id="footer">Cookies Settings</button></p>${body}</main></body></html>`;
}
