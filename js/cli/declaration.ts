// `portcullis declaration`: the cookie table of a config as HTML, for a policy page that works without scripts.

/// <reference types="node" />
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { banner, more } from "#glue/keys.js";
import { declarationHtml, resolve } from "#pkg/tools.js";
import { compile, views } from "../compile.ts";
import type { Config, Consent } from "../types.ts";
import { declared, formats } from "../ui/facts.ts";
import { spoken } from "./language.ts";
import type { Finding } from "./tools.ts";

export interface Declared {
  readonly issues: readonly Finding[];
  /** Null if the config could not be read, or there is no such language. */
  readonly html: string | null;
  /** Every language there is. */
  readonly languages: readonly string[];
}

/** The declaration of a config, as text of a JSON file, in a language of the package's folder. */
export async function declaration(
  json: string,
  language: string,
  pkg = dirname(fileURLToPath(import.meta.url)),
): Promise<Declared> {
  const { config, issues } = resolve(json);
  const files = await readdir(join(pkg, "locales"));
  const languages = files.filter((name) => /^[^.]+\.js$/.test(name)).map((name) => name.slice(0, -3));
  if (!config || !languages.includes(language)) return { issues, html: null, languages };
  const words = await spoken(config, language, pkg, [
    ["", banner],
    [".more", more],
  ]);
  const html = declarationHtml(declared(unanswered(config), words, formats(words), false));
  return { issues, html: `<div lang="${language}" dir="${words.dir}">\n${html}</div>\n`, languages };
}

/** What the table is drawn from: a config, and nobody's choices. */
function unanswered(config: Config): Consent {
  const { categories, vendors } = compile(config, "", "");
  return {
    config,
    vendors,
    categories: views(config, categories, vendors),
    choices: { categories: {}, vendors: {}, objections: {} },
    regime: config.regime === "auto" ? "opt-in" : (config.regime ?? "opt-in"),
    jurisdiction: null,
  } as unknown as Consent;
}
