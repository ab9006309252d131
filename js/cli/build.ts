// `portcullis build`: what a site without a bundler puts on its server. Names carry a hash of all
// contents, and old folders stay, so that cached pages keep working after a release.

/// <reference types="node" />
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { resolve } from "#pkg/tools.js";
import type { Config } from "../types.ts";
import type { Finding } from "./tools.ts";

export interface BuildOptions {
  /** The site's file, as text. */
  readonly json: string;
  /** Where to write. */
  readonly out: string;
  /** The address of `out` on the site, with a slash at both ends. */
  readonly base: string;
  /** How the site's CSP admits scripts: under `"hash"` no script of the markup is ever released. */
  readonly csp?: "nonce" | "hash";
  /** The package's folder. */
  readonly pkg: string;
}

export interface Built {
  readonly issues: readonly Finding[];
  /** Null if the config has errors that leave nothing to build. */
  readonly hash: string | null;
  readonly files: readonly string[];
  /** What a hash-based CSP needs in `script-src`. */
  readonly csp: readonly string[];
}

/** Whether issues keep a config from being built as meant. */
export const hasErrors = (issues: readonly Finding[]): boolean =>
  issues.some(({ severity }) => severity === "error");

/** Checks, resolves and writes. A vendor with errors is left out of what starts; the rest is built. */
export async function build({ json, out, base, csp, pkg }: BuildOptions): Promise<Built> {
  const { config: resolved, issues } = resolve(json);
  if (!resolved) return { issues, hash: null, files: [], csp: [] };
  const config: Config = csp === "hash" ? { ...resolved, markup: "off" } : resolved;
  const text = literal(config);
  const read = (name: string) => readFile(join(pkg, name), "utf8");
  const contents = new Map<string, string>();
  contents.set(
    "gate.js",
    (await read("gate.js")).replace('"__PORTCULLIS_CONFIG__"', () => text),
  );
  for (const name of ["ui.js", "preferences.js", "way-back.js", "tools.js"])
    contents.set(name, await read(name));
  for (const name of await readdir(join(pkg, "locales")))
    contents.set(`locales/${name}`, await read(`locales/${name}`));

  const digest = createHash("sha256");
  for (const [name, content] of contents) digest.update(name).update(content);
  const hash = digest.digest("hex").slice(0, 10);
  await mkdir(join(out, hash, "locales"), { recursive: true });
  for (const [name, content] of contents) await writeFile(join(out, hash, name), content);

  const traps = (await read("traps.js"))
    .replace("\ufeff", "")
    .trim()
    .replace('"__PORTCULLIS_HOSTS__"', () => literal(hosts(config)));
  const source = `'sha256-${createHash("sha256").update(traps).digest("base64")}'`;
  const files = [
    ...[...contents.keys()].map((name) => `${hash}/${name}`),
    "head.html",
    "config.json",
    "build.json",
  ];
  await writeFile(
    join(out, "head.html"),
    `<script>${traps}</script>\n<script async src="${base}${hash}/gate.js"></script>\n`,
  );
  await writeFile(join(out, "config.json"), `${JSON.stringify(config, null, 2)}\n`);
  await writeFile(
    join(out, "build.json"),
    `${JSON.stringify({ hash, files, csp: { "script-src": [source] } }, null, 2)}\n`,
  );
  return { issues, hash, files, csp: [source] };
}

/** JSON that may stand inside a script: no end tag, no separator that old engines take for a line's end. */
function literal(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<\u2028\u2029]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** What the inline traps hold before the gate is there. */
function hosts(config: Config): string[] {
  const claims = (config.vendors ?? []).flatMap(({ hosts: claimed, script }) => {
    const address = typeof script === "string" ? script : script?.src;
    return [
      ...claimed,
      ...(address?.includes("://") ? [new URL(address.replace(/[{}]/g, "")).hostname] : []),
    ];
  });
  const names = claims.map((claim) => claim.split(/[/?]/, 1)[0] ?? "");
  return [...new Set(names)].sort();
}
