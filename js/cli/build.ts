// `portcullis build`: what a site without a bundler puts on its server. Names carry a hash of all
// contents, and old folders stay, so that cached pages keep working after a release.

/// <reference types="node" />
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { resolve, validate } from "#pkg/tools.js";
import { compile, views } from "../compile.ts";
import type { Config, Vendor } from "../types.ts";
import { prepared } from "./prepared.ts";
import type { Finding } from "./tools.ts";

export { validate };

export interface BuildOptions {
  /** The site's file, as text. */
  readonly json: string;
  /** Where to write. */
  readonly out: string;
  /** The address of `out` on the site, with a slash at both ends; or on another server, with https:. */
  readonly base: string;
  /** How the site's CSP admits scripts: under `"hash"` no script of the markup is ever released. */
  readonly csp?: "nonce" | "hash";
  /** The package's folder. Default: that of this file. */
  readonly pkg?: string;
}

export interface Built {
  readonly issues: readonly Finding[];
  /** Null if the config could not be read: nothing was written then. */
  readonly hash: string | null;
  /** What was written, below `out`. */
  readonly files: readonly string[];
  /** What a hash-based CSP needs in `script-src`. */
  readonly csp: readonly string[];
}

/** Files of the package that the gate fetches from beside itself. */
const PARTS = [
  "js.js",
  "ui.js",
  "preferences.js",
  "way-back.js",
  "embeds.js",
  "elements.js",
  "declaration.js",
  "withdraw.js",
  "tools.js",
];

/** Whether issues keep a config from being built as meant. */
export const hasErrors = (issues: readonly Finding[]): boolean =>
  issues.some(({ severity }) => severity === "error");

/** Checks, resolves and writes. A vendor with errors starts nothing and stays held; the rest is built. */
export async function build(options: BuildOptions): Promise<Built> {
  const { json, out, base, csp, pkg = dirname(fileURLToPath(import.meta.url)) } = options;
  const { config: resolved, issues } = resolve(json);
  if (!resolved) return { issues, hash: null, files: [], csp: [] };
  // Under 'strict-dynamic' a script that we re-create would inherit the trust of our own.
  const config: Config = csp === "hash" ? { ...resolved, markup: "off" } : resolved;
  const read = (name: string) => readFile(join(pkg, name), "utf8");

  const gateWithConfig = put(await read("gate.js"), "__PORTCULLIS_CONFIG__", literal(config));
  const trapsWithHosts = put(await read("traps.js"), "__PORTCULLIS_HOSTS__", literal(heldHosts(config)));
  // By this the traps know what the gate of the same build has left.
  const version = literal(digest([gateWithConfig, trapsWithHosts].join("\0"), "hex").slice(0, 10));
  const gate = put(gateWithConfig, "__PORTCULLIS_BUILD__", version);
  const trapsOfBuild = put(trapsWithHosts, "__PORTCULLIS_BUILD__", version);
  const contents = new Map([["gate.js", gate]]);
  for (const name of PARTS) contents.set(name, await read(name));
  const locales = (await readdir(join(pkg, "locales")))
    .filter((file) => file.endsWith(".js"))
    .map((file) => file.slice(0, -3))
    .sort();
  for (const name of locales) contents.set(`locales/${name}.js`, await read(`locales/${name}.js`));

  const { silent = [], language = "auto" } = config.interface ?? {};
  const languages = (language === "auto" ? locales.filter((name) => !name.includes(".")) : [language]).filter(
    (tag) => locales.includes(tag),
  );
  // What asks is fetched beside the gate, unless there are pages on which nobody is asked. Under 'strict-dynamic' an
  // inline script that a hash admits may import nothing.
  const isAlone = csp === "hash" || silent.length > 0;
  const file = await read("prepared.js");
  const banners = isAlone ? new Map() : await prepared(config, languages, pkg);
  for (const [tag, banner] of banners) {
    contents.set(`prepared/${tag}.js`, put(file, "__PORTCULLIS_PREPARED__", literal(banner)));
  }

  const hash = digest([trapsOfBuild, ...[...contents].flat()].join("\0"), "hex").slice(0, 10);
  const asks = isAlone
    ? []
    : [`${base}${hash}/`, banners.size ? (runsUnasked(config) ? "ready" : "wait") : "", ...languages];
  const traps = inline(put(trapsOfBuild, "__PORTCULLIS_INTERFACE__", literal(asks)));
  const own = { traps: digest(traps, "base64"), gate: digest(gate, "base64") };
  // A script with an address is admitted by a hash only if its element names that hash.
  const integrity = csp === "hash" ? ` integrity="sha256-${own.gate}"` : "";
  const head = `<script>${traps}</script>\n<script async src="${escaped(base)}${hash}/gate.js"${integrity}></script>\n`;
  const sources = (csp === "hash" ? [own.traps, own.gate] : [own.traps]).map((sum) => `'sha256-${sum}'`);
  const parts = [...contents.keys()].map((name) => `${hash}/${name}`);
  const files = [...parts, "config.json", "build.json", "head.html"];

  for (const folder of new Set([...contents.keys()].map(dirname)))
    await mkdir(join(out, hash, folder), { recursive: true });
  for (const [name, content] of contents) await writeFile(join(out, hash, name), content);
  await writeFile(join(out, "config.json"), pretty(config));
  await writeFile(join(out, "build.json"), pretty({ hash, files, csp: { "script-src": sources } }));
  // Last: it names what must be there already.
  await writeFile(join(out, "head.html"), head);
  return { issues, hash, files, csp: sources };
}

/** Whether a vendor runs before there is a choice. */
function runsUnasked(config: Config): boolean {
  const { categories, vendors } = compile(config, "", "");
  return views(config, categories, vendors).some(
    (one) => one.alwaysActive !== undefined && one.vendors.length,
  );
}

const digest = (text: string, as: "hex" | "base64") => createHash("sha256").update(text).digest(as);

const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");

/** Puts a value where a bundled file holds a placeholder's text, in whichever quotes. */
function put(text: string, placeholder: string, value: string): string {
  const parts = text.split(new RegExp(`["'\`]${placeholder}["'\`]`));
  if (parts.length !== 2) throw new Error(`this package is damaged: no place for ${placeholder}`);
  return parts.join(value);
}

/** JSON that may stand inside a script: no end tag, no separator that old engines take for a line's end. */
const literal = (value: unknown): string => unicode(JSON.stringify(value), /[<\u2028\u2029]/g);

/** A script that may stand in any page, whatever its encoding: the same bytes, so the same hash. */
function inline(script: string): string {
  const text = script.replace("\ufeff", "").trim();
  return unicode(text, /[^\0-\x7f]|<(?=\/script|!--)/gi);
}

const unicode = (text: string, letters: RegExp): string =>
  text.replace(letters, (letter) =>
    Array.from({ length: letter.length }, (_, at) => letter.charCodeAt(at))
      .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
      .join(""),
  );

/** Hosts that the inline traps hold before the gate is there; none that another of them covers. */
function heldHosts({ vendors = [] }: Config): string[] {
  const names = [...new Set(vendors.flatMap(hostsOf))].sort();
  const covers = (wide: string, host: string) =>
    host !== wide &&
    (host.endsWith(`.${wide}`) || (wide.endsWith(".*") && host.startsWith(wide.slice(0, -1))));
  return names.filter((host) => !names.some((other) => covers(other, host)));
}

function hostsOf({ hosts, script, values = {} }: Vendor): string[] {
  const address = typeof script === "string" ? script : script?.src;
  const claims = [...hosts, ...(/^https?:\/\//.test(address ?? "") ? [address ?? ""] : [])];
  return claims
    .map((claim) => claim.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole))
    .map((claim) => claim.replace(/^https?:\/\//, "").split(/[/?#:]/, 1)[0] ?? "");
}
