// The texts of a language from the package's folder, for what the command line writes.

/// <reference types="node" />
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Config } from "../types.ts";
import type { Wanted } from "../ui/language.ts";
import { direction, named, type Texts, worded } from "../ui/records.ts";

/** What is wanted of a language, with the site's own wording over it. */
export async function spoken(config: Config, tag: string, pkg: string, wanted: Wanted): Promise<Texts> {
  const parts = wanted.map(async ([suffix, keys]) => {
    const file = pathToFileURL(join(pkg, "locales", `${tag}${suffix}.js`));
    return named(keys, (await import(file.href)).default);
  });
  const all = Object.assign({}, ...(await Promise.all(parts)), config.interface?.texts?.[tag]);
  return worded(tag, direction(tag), all);
}
