// Which language, and its texts with the site's own wording over them.

import type { Config, Consent } from "../types.ts";
import type { Assets, Locale } from "./assets.ts";

/** Texts of one language. */
export interface Texts {
  readonly tag: string;
  readonly dir: "ltr" | "rtl";
  readonly all: Locale;
  /** A text with its `{placeholders}` filled. */
  get(key: string, values?: { readonly [name: string]: string | number }): string;
  /** The plural form that `count` takes, with `{count}` filled. */
  plural(key: string, count: number): string;
}

/** Which way a language is written. */
export const direction = (tag: string): Texts["dir"] => (/^(ar|fa|he|ur)\b/.test(tag) ? "rtl" : "ltr");

/**
 * Of the languages there are: the site's own choice, else the page's `lang`, then the browser's; a region
 * variant falls back to its language.
 */
export function language({ interface: look }: Config, { languages }: Assets): string {
  const own = look?.language;
  for (const tag of own && own !== "auto" ? [own] : [document.documentElement.lang, ...navigator.languages]) {
    for (const candidate of [tag, tag.split("-")[0]]) {
      const found = languages.find((known) => known.toLowerCase() === candidate?.toLowerCase());
      if (found) return found;
    }
  }
  return "en";
}

export async function texts({ config }: Consent, assets: Assets): Promise<Texts> {
  const tag = language(config, assets);
  const all = { ...(await assets.locale(tag)).default, ...config.interface?.texts?.[tag] };
  const get: Texts["get"] = (key, values = {}) =>
    (all[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
  return {
    tag,
    dir: direction(tag),
    all,
    get,
    plural(key, count) {
      const form = new Intl.PluralRules(tag).select(count);
      return get(`${key}.${form}` in all ? `${key}.${form}` : `${key}.other`, {
        count: new Intl.NumberFormat(tag).format(count),
      });
    },
  };
}

/** Records and fields of the view's input (`src/view/input.rs`). */
export const record = (...values: (string | number)[]): string =>
  `${values.map((value) => String(value).split("\x1e").join("").split("\x1f").join("")).join("\x1f")}\x1e`;

/** The texts as records. */
export const textRecords = ({ all }: Texts, start: RegExp): string =>
  Object.entries(all)
    .filter(([key]) => start.test(key))
    .map(([key, text]) => record("t", key, text))
    .join("");
