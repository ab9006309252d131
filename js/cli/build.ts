// `portcullis build`: what a site without a bundler puts on its server. All that is fetched later has names that carry a
// hash of all contents, and old folders stay, so that cached pages keep working after a release.

/// <reference types="node" />
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { earlyTable, resolve, validate } from "#pkg/tools.js";
import { compile, views } from "../compile.ts";
import type { Asks } from "../early/asked.ts";
import type { HeadTable } from "../early/vendors.ts";
import type { Config } from "../types.ts";
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
  /**
   * What stands in the head of every page: one line that links a file, or the same text in the page. Default:
   * `"linked"`; `csp: "hash"` implies `"inline"`.
   */
  readonly head?: "linked" | "inline";
  /** How the site's CSP admits scripts: under `"hash"` no script of the markup is ever released. */
  readonly csp?: "nonce" | "hash";
  /** `"off"` for a site whose policy refuses WebAssembly: it is never asked for, and so no violation is reported. */
  readonly wasm?: "on" | "off";
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
  /** Paths below `base`, and the `Cache-Control` that the server should send with them. */
  readonly cache: readonly (readonly [path: string, header: string])[];
}

/**
 * Attributes by which optimisers that reorder scripts leave one alone: Cloudflare's Rocket Loader, LiteSpeed Cache,
 * WP Rocket, PageSpeed.
 */
const KEEP_PLACE =
  ' data-cfasync="false" data-no-optimize="1" data-no-defer="1" nowprocket data-pagespeed-no-defer';

/** Whether issues keep a config from being built as meant. */
export const hasErrors = (issues: readonly Finding[]): boolean =>
  issues.some(({ severity }) => severity === "error");

/** Checks, resolves and writes. A vendor with errors starts nothing and stays held; the rest is built. */
export async function build(options: BuildOptions): Promise<Built> {
  const { json, out, base, csp, wasm, pkg = dirname(fileURLToPath(import.meta.url)) } = options;
  const { config: resolved, issues } = resolve(json);
  if (!resolved) return { issues, hash: null, files: [], csp: [], cache: [] };
  // Under 'strict-dynamic' a script that we re-create would inherit the trust of our own.
  const config: Config = csp === "hash" ? { ...resolved, markup: "off" } : resolved;
  const isInline = options.head === "inline" || csp === "hash";
  const read = (name: string) => readFile(join(pkg, name), "utf8");

  const contents = new Map<string, string>();
  for (const name of await filesIn(join(pkg, "classic"))) contents.set(name, await read(`classic/${name}`));
  const { asks, banners } = await asking(config, contents, pkg);
  for (const [tag, banner] of banners) {
    contents.set(
      `prepared/${tag}.js`,
      put(await read("prepared.js"), "__PORTCULLIS_PREPARED__", literal(banner)),
    );
  }
  const gate = put(
    await read(wasm === "off" ? "gate-without-wasm.js" : "gate.js"),
    "__PORTCULLIS_CONFIG__",
    literal(config),
  );
  const headOf = await read("head.js");
  const table = { ...tableOf(config, base), asks };
  const hash = digest([headOf, JSON.stringify(table), gate, ...[...contents].flat()].join("\0"), "hex").slice(
    0,
    10,
  );
  contents.set("gate.js", put(gate, "__PORTCULLIS_BUILD__", literal(hash)));
  const head = (folder: string, fetchesGate: boolean): string => {
    const whole: HeadTable = { build: hash, folder, fetchesGate, ...table };
    return ascii(put(headOf, "__PORTCULLIS_TABLE__", literal(whole)));
  };
  const linked = head(`${hash}/`, true);
  const inline = head(`${base}${hash}/`, false);

  const own = { inline: digest(inline, "base64"), gate: digest(contents.get("gate.js") ?? "", "base64") };
  // A script with an address is admitted by a hash only if its element names that hash.
  const integrity = csp === "hash" ? ` integrity="sha256-${own.gate}"` : "";
  const lines = isInline
    ? `<script${KEEP_PLACE}>${inline}</script>\n<script async src="${escaped(base)}${hash}/gate.js"${integrity}${KEEP_PLACE}></script>\n`
    : `<script src="${escaped(base)}head.js"${KEEP_PLACE}></script>\n`;
  const sums = csp === "hash" ? [own.inline, own.gate] : isInline ? [own.inline] : [];
  const sources = sums.map((sum) => `'sha256-${sum}'`);
  const cache = [
    ["head.js", "max-age=300"],
    [`${hash}/*`, "max-age=31536000, immutable"],
  ] as const;

  for (const folder of new Set([...contents.keys()].map(dirname)))
    await mkdir(join(out, hash, folder), { recursive: true });
  for (const [name, content] of contents) await writeFile(join(out, hash, name), content);
  const files = [...contents.keys()].map((name) => `${hash}/${name}`);
  const named = [...files, "config.json", "build.json", "head.js", "head.html"];
  await writeFile(join(out, "config.json"), pretty(config));
  await writeFile(
    join(out, "build.json"),
    pretty({ hash, files: named, csp: { "script-src": sources }, cache }),
  );
  // Last, and each as a whole: they name what must be there already, and pages are served meanwhile.
  for (const [name, content] of [
    ["head.js", linked],
    ["head.html", lines],
  ] as const) {
    await writeFile(join(out, `${name}.new`), content);
    await rename(join(out, `${name}.new`), join(out, name));
  }
  return { issues, hash, files: named, csp: sources, cache };
}

/** The files of a folder and of those in it, by their paths below it. */
async function filesIn(folder: string, below = ""): Promise<string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const found = await Promise.all(
    entries.map((entry) => {
      const name = `${below}${entry.name}`;
      return entry.isDirectory() ? filesIn(folder, `${name}/`) : [name];
    }),
  );
  return found.flat().sort();
}

/** What a first visit fetches beside the gate, and the banners that stand ready, by language. */
async function asking(config: Config, contents: ReadonlyMap<string, string>, pkg: string) {
  const { silent = [], language = "auto" } = config.interface ?? {};
  const locales = [...contents.keys()].flatMap((name) => /^locales\/([^.]+)\.js$/.exec(name)?.[1] ?? []);
  const languages = language === "auto" ? locales : locales.filter((tag) => tag === language);
  // Where there are pages on which nobody is asked, only the gate knows which.
  if (silent.length) return { asks: [] as Asks, banners: new Map<string, unknown>() };
  const banners = await prepared(config, languages, pkg);
  const asks: Asks = [banners.size ? (runsUnasked(config) ? "ready" : "wait") : "", ...languages];
  return { asks, banners };
}

/** What the early phase looks up. A server of our own files that `base` names is the site's own. */
function tableOf(config: Config, base: string): Omit<HeadTable, "build" | "folder" | "fetchesGate" | "asks"> {
  const { config: compiled, vendors } = compile(config, "", "");
  const { active, own, ...table } = earlyTable(compiled);
  const ours = /^https:/.test(base) ? [new URL(base).hostname] : [];
  return {
    ...table,
    own: [...own, ...ours],
    stubs: vendors.map(({ stub = [] }) => stub),
    necessary: active.map((at) => [at, vendors[at] as (typeof vendors)[number]]),
  };
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
function ascii(script: string): string {
  const text = script.replace("\ufeff", "").trim();
  return unicode(text, /[^\0-\x7f]|<(?=\/script|!--)/gi);
}

const unicode = (text: string, letters: RegExp): string =>
  text.replace(letters, (letter) =>
    Array.from({ length: letter.length }, (_, at) => letter.charCodeAt(at))
      .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
      .join(""),
  );
