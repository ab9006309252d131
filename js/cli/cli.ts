#!/usr/bin/env node
// The command line: `npx portcullis validate` and `npx portcullis build`.

/// <reference types="node" />
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build, hasErrors } from "#pkg/build.js";
import { validate } from "#pkg/tools.js";
import type { Finding } from "./tools.ts";

const DEFAULT_CONFIG = "portcullis.config.json";
const USAGE = `npx portcullis <command> [config]

  validate   check a config: each problem with its path and the nearest right spelling
  build      write what a site without a bundler puts on its server
             --out <folder>      default public/portcullis
             --base <path>       the folder's address on the site, default /portcullis/
             --csp nonce|hash    how the site's Content-Security-Policy admits scripts

  config     default ${DEFAULT_CONFIG}`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: "string", default: "public/portcullis" },
      base: { type: "string", default: "/portcullis/" },
      csp: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  const [command, file = DEFAULT_CONFIG] = positionals;
  if (values.help || !command) {
    console.log(USAGE);
    return values.help ? 0 : 1;
  }
  if (command !== "validate" && command !== "build") {
    console.error(`portcullis: there is no command "${command}"\n\n${USAGE}`);
    return 1;
  }
  let json: string;
  try {
    json = await readFile(file, "utf8");
  } catch {
    console.error(`portcullis: cannot read ${file}`);
    return 1;
  }
  if (command === "validate") {
    const issues = validate(json);
    print(issues, file);
    if (!issues.length) console.log(`${file} has no problems`);
    return hasErrors(issues) ? 1 : 0;
  }
  const base = `/${values.base.split("/").filter(Boolean).join("/")}/`.replace("//", "/");
  const csp = values.csp === "hash" ? "hash" : "nonce";
  const pkg = dirname(fileURLToPath(import.meta.url));
  const built = await build({ json, out: values.out, base, csp, pkg });
  print(built.issues, file);
  if (!built.hash) return 1;
  console.log(
    `${values.out}/head.html goes first into the <head> of every page; ${base} must serve ${values.out}/`,
  );
  if (csp === "hash") console.log(`script-src needs ${built.csp.join(" ")} and 'wasm-unsafe-eval'`);
  return hasErrors(built.issues) ? 1 : 0;
}

function print(issues: readonly Finding[], file: string): void {
  for (const { path, problem, nearest, severity } of issues) {
    const meant = nearest ? ` (nearest: ${nearest})` : "";
    console.error(`${severity}: ${file}: ${path ? `${path}: ` : ""}${problem}${meant}`);
  }
}

process.exitCode = await main().catch((error: Error) => {
  console.error(`portcullis: ${error.message}`);
  return 1;
});
