// Which language, and its texts with the site's own wording over them.

import type { Config, Consent } from "../types.ts";
import type { Assets, Locale } from "./assets.ts";
import { page } from "./page.ts";

/** What a text's `{placeholders}` are filled with, by name. */
export type Values = { readonly [name: string]: string | number };

/** Texts of one language. */
export interface Texts {
  readonly tag: string;
  readonly dir: "ltr" | "rtl";
  readonly all: Locale;
  /** A text with its placeholders filled. */
  get(key: string, values?: Values): string;
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
  for (const tag of own && own !== "auto" ? [own] : [page.documentElement.lang, ...navigator.languages]) {
    const found = languages.find((known) => new RegExp(`^${known}\\b`, "i").test(tag));
    if (found) return found;
  }
  return "en";
}

/** The banner's texts, or all of them. */
export async function texts({ config }: Consent, assets: Assets, which: "banner" | "all"): Promise<Texts> {
  const tag = language(config, assets);
  const names = which === "all" ? [tag, `${tag}.more`] : [tag];
  const parts = await Promise.all(names.map((name) => assets.locale(name)));
  const all: Locale = Object.assign({}, ...parts.map((part) => part.default), config.interface?.texts?.[tag]);
  const get: Texts["get"] = (key, values = {}) =>
    (all[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
  return {
    tag,
    dir: direction(tag),
    all,
    get,
    plural(key, count) {
      const form = `${key}.${new Intl.PluralRules(tag).select(count)}`;
      return get(form in all ? form : `${key}.other`, { count: new Intl.NumberFormat(tag).format(count) });
    },
  };
}

/** A record of the view's input (`src/view/input.rs`). */
export const record = (...values: readonly (string | number)[]): string =>
  `${values.map((value) => String(value).replaceAll("\x1e", "").replaceAll("\x1f", "")).join("\x1f")}\x1e`;

/** Facts, and the texts whose keys match, filled from them, as records. */
export const records = ({ all, get }: Texts, keys: RegExp, facts: Values): string =>
  Object.entries(facts)
    .concat(
      Object.keys(all)
        .filter((key) => keys.test(key))
        .map((key) => [key, get(key, facts)]),
    )
    .map((named) => record("t", ...named))
    .join("");
