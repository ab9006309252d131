// Where script-tag builds fetch their parts: beside the file that asks.

import { languages } from "#glue/languages.js";
import type { Loaders } from "./interface.ts";

/** Loaders for parts in the folder of the script at `source`. */
export function beside(source: string): Loaders {
  const part = (name: string) => import(new URL(name, source).href);
  return {
    languages,
    locale: (name) => part(`locales/${name}.js`),
    banner: () => part("ui.js"),
    preferences: () => part("preferences.js"),
    js: () => part("js.js"),
    wayBack: () => part("way-back.js"),
    declaration: () => part("declaration.js"),
    embeds: () => part("embeds.js"),
    elements: () => part("elements.js"),
    withdraw: () => part("withdraw.js"),
    tools: () => part("tools.js"),
  };
}
