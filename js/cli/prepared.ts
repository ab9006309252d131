// The banner of a first visit, drawn while the site is built: see `js/ui/prepared.ts`.

import { banner as keys } from "#glue/keys.js";
import { module } from "#glue/ui-banner/module.js";
import type { Config } from "../types.ts";
import { facts, question } from "../ui/question.ts";
import { ask, type Exports, instantiate } from "../wasm.ts";
import { spoken } from "./language.ts";

interface View extends Exports {
  banner(): number;
}

/**
 * By language, what the banner is drawn from: its language and direction, its tree, and how it looks. None where it
 * hangs on what only the page knows: a regime that is the region's, and the name of a site that has none; and none where
 * visitors are not asked first, since tags run there from the start, and the gate hurries for them.
 */
export async function prepared(
  config: Config,
  languages: readonly string[],
  pkg: string,
): Promise<Map<string, readonly unknown[]>> {
  const all = new Map<string, readonly unknown[]>();
  const { regime = "opt-in", interface: look = {}, site, vendors = [] } = config;
  if (regime !== "opt-in" || !site?.name) return all;
  const view = instantiate<View>(module, "banner");
  const known = facts(config, "", regime, "", false);
  const { scheme, theme } = look;
  for (const tag of languages) {
    const words = await spoken(config, tag, pkg, [["", keys]]);
    const tree = ask(view, view.banner, question(words, known, look, "first", vendors.length, ""));
    all.set(tag, [tag, words.dir, tree, { scheme, theme }]);
  }
  return all;
}
