#!/usr/bin/env node
// The command line: `npx portcullis validate`, `build`, `declaration` and `gpc`.

/// <reference types="node" />
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build, hasErrors, validate } from "#pkg/build.js";
import { declaration } from "./declaration.ts";
import { checkGpc, gpcResource } from "./gpc.ts";
import { nearest } from "./nearest.ts";
import type { Finding } from "./tools.ts";

const DEFAULT_CONFIG = "portcullis.config.json";
const COMMANDS = ["validate", "build", "declaration", "gpc"];
const CSP = ["nonce", "hash"] as const;
const HEADS = ["linked", "inline"] as const;
const SWITCH = ["on", "off"] as const;
const OPTIONS = {
  out: { type: "string", default: "public/portcullis" },
  base: { type: "string", default: "/portcullis/" },
  head: { type: "string", default: "linked" },
  csp: { type: "string", default: "nonce" },
  wasm: { type: "string", default: "on" },
  language: { type: "string", default: "en" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;
const USAGE = `npx portcullis <command> [config]

  validate   check a config: each problem with its path and the nearest right spelling
  build      write what a site without a bundler puts on its server
             --out <folder>      default ${OPTIONS.out.default}
             --base <path>       the folder's address on the site, default ${OPTIONS.base.default}
             --head linked|inline  one line that never changes, or the script's text in every page,
                                 default linked
             --csp nonce|hash    how the site's Content-Security-Policy admits scripts, default nonce;
                                 hash implies --head inline
             --wasm on|off       off where the policy refuses WebAssembly, default on
  declaration  the cookie table as HTML, for a policy page that works without scripts
             --language <tag>    default ${OPTIONS.language.default}
  gpc        print what belongs at /.well-known/gpc.json; \`gpc <file>\` checks the one there is

  config     default ${DEFAULT_CONFIG}
  --help     this text
  --version  the package's version`;

/** A caller's mistake: said without a trace. */
class Misuse extends Error {}

async function main(): Promise<number> {
  const { values, positionals } = parsed();
  const [command, given, surplus] = positionals;
  const file = given ?? DEFAULT_CONFIG;
  if (values.version) {
    console.log(await version());
    return 0;
  }
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (!command) throw new Misuse(`which command?\n\n${USAGE}`);
  if (!COMMANDS.includes(command)) {
    throw new Misuse(`there is no command "${command}"${meant(command, COMMANDS)}\n\n${USAGE}`);
  }
  if (surplus !== undefined) throw new Misuse(`one config at a time: what is "${surplus}"?`);
  if (command === "gpc" && !given) {
    process.stdout.write(gpcResource(new Date()));
    return 0;
  }
  const json = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    const hint = error.code === "ENOENT" ? "there is no such file" : error.message;
    throw new Misuse(`cannot read ${file}: ${hint}`);
  });
  if (command === "declaration") return declared(json, file, values.language);
  if (command === "build") return built(json, file, values);
  return checked(command === "gpc" ? checkGpc(json) : validate(json), file);
}

function parsed() {
  try {
    return parseArgs({ allowPositionals: true, options: OPTIONS });
  } catch (error) {
    const { message } = error as Error;
    const option = /--([\w-]+)/.exec(message)?.[1] ?? "";
    const known = Object.keys(OPTIONS);
    if (!option || known.includes(option)) throw new Misuse(message);
    throw new Misuse(`there is no option --${option}${meant(option, known, "--")}\n\n${USAGE}`);
  }
}

function checked(issues: readonly Finding[], file: string): number {
  print(issues, file);
  if (hasErrors(issues)) return 1;
  console.log(`${file} has no ${issues.length ? "errors" : "problems"}`);
  return 0;
}

async function declared(json: string, file: string, language: string): Promise<number> {
  const { html, issues, languages } = await declaration(json, language);
  print(issues, file);
  if (html === null) {
    if (languages.includes(language)) return 1;
    throw new Misuse(
      `there is no language "${language}"${meant(language, languages)}: ${languages.join(", ")}`,
    );
  }
  process.stdout.write(html);
  return hasErrors(issues) ? 1 : 0;
}

async function built(
  json: string,
  file: string,
  { out, base: given, ...words }: { out: string; base: string; csp: string; head: string; wasm: string },
): Promise<number> {
  const csp = oneOf("csp", words.csp, CSP);
  const head = oneOf("head", words.head, HEADS);
  const wasm = oneOf("wasm", words.wasm, SWITCH);
  const base = address(given);
  const { issues, hash, csp: sources, cache } = await build({ json, out, base, csp, head, wasm });
  print(issues, file);
  if (!hash) return 1;
  const lines = join(out, "head.html");
  console.log(`${lines} goes first into the <head> of every page; ${base} on the site must serve ${out}`);
  for (const [path, header] of cache) console.log(`${base}${path} is served with Cache-Control: ${header}`);
  if (csp === "hash") {
    const refuses = wasm === "off" ? "" : " 'wasm-unsafe-eval'";
    console.log(`script-src needs: ${sources.join(" ")} 'strict-dynamic'${refuses}`);
  } else {
    console.log(
      "where the site has a CSP with nonces: its nonce belongs on each script element of that file",
    );
  }
  if (!hasErrors(issues)) return 0;
  console.log("vendors with errors start nothing and stay held");
  return 1;
}

/** An option's word, if it is one of those there are. */
function oneOf<T extends string>(option: string, word: string, known: readonly T[]): T {
  const found = known.find((one) => one === word);
  if (found) return found;
  const all = known.map((one) => `"${one}"`).join(" or ");
  throw new Misuse(`--${option} is ${all}, not "${word}"${meant(word, known)}`);
}

/** An address with a slash at its end, and at its start unless it names a server. */
function address(given: string): string {
  if (/^https:\/\//.test(given)) return `${given.replace(/\/+$/, "")}/`;
  if (given.includes(":")) throw new Misuse(`--base is a path, or an address with https:, not "${given}"`);
  return `/${given.split("/").filter(Boolean).join("/")}/`.replace("//", "/");
}

async function version(): Promise<string> {
  const manifest = join(dirname(fileURLToPath(import.meta.url)), "package.json");
  return JSON.parse(await readFile(manifest, "utf8")).version;
}

function meant(word: string, known: readonly string[], before = ""): string {
  const near = nearest(word, known);
  return near ? ` (nearest: ${before}${near})` : "";
}

function print(issues: readonly Finding[], file: string): void {
  for (const { path, problem, nearest: near, severity } of issues) {
    const hint = near ? ` (nearest: ${near})` : "";
    console.error(`${severity}: ${file}: ${path ? `${path}: ` : ""}${problem}${hint}`);
  }
}

process.exitCode = await main().catch((error: Error) => {
  console.error(`portcullis: ${error.message}`);
  if (!(error instanceof Misuse)) console.error(error.stack);
  return 1;
});
