// Which language, and its texts with the site's own wording over them.

import type { Config, Consent } from "../types.ts";
import type { Assets, Texts as Named } from "./assets.ts";
import { page } from "./page.ts";

/** What a text's `{placeholders}` are filled with, by name. */
export type Values = { readonly [name: string]: string | number };

/** Texts of one language. */
export interface Texts {
  readonly tag: string;
  readonly dir: "ltr" | "rtl";
  readonly all: Named;
  /** A text with its placeholders filled. */
  get(key: string, values?: Values): string;
  /** The plural form that `count` takes, with `{count}` filled. */
  plural(key: string, count: number): string;
}

/** What of a language is wanted: how its file's name ends, and the keys of its texts (`#glue/keys.js`). */
export type Wanted = readonly (readonly [suffix: string, keys: readonly string[]])[];

/** Which way a language is written. */
export const direction = (tag: string): Texts["dir"] => (/^(ar|fa|he|ur)\b/.test(tag) ? "rtl" : "ltr");

/** Tags whose nearest language does not begin as they do, or is not the one without a region. */
const NEAREST: readonly (readonly [RegExp, string])[] = [
  [/^(no|nn)\b/i, "nb"],
  [/^en-(?!us|ph)/i, "en-GB"],
  [/^es-(?!es)/i, "es-419"],
  [/^zh.*-(hk|mo)\b/i, "zh-HK"],
  [/^zh-(hant|tw)\b/i, "zh-TW"],
];

/**
 * Of the languages there are, the site's own included: its own choice, else the page's `lang`, then the
 * browser's; a region variant falls back to its language.
 */
export function language({ interface: look }: Config, { languages }: Assets): string {
  const { language: own = "auto", texts = {} } = look ?? {};
  const known = [...Object.keys(texts), ...languages];
  for (const tag of own === "auto" ? [page.documentElement.lang, ...navigator.languages] : [own]) {
    const [, nearest = tag] = NEAREST.find(([form]) => form.test(tag)) ?? [];
    for (const wanted of [tag, nearest]) {
      const found =
        known.find((one) => one === wanted) ??
        (wanted === nearest && known.find((one) => new RegExp(`^${one}\\b`, "i").test(wanted)));
      if (found) return found;
    }
  }
  return "en";
}

/** A part of a language; English where only the site itself has the language. */
export const fetched = ({ languages, locale }: Assets, tag: string, suffix = "") =>
  locale((languages.includes(tag) ? tag : "en") + suffix);

/** The texts that are wanted of the page's language. */
export async function texts({ config }: Consent, assets: Assets, wanted: Wanted): Promise<Texts> {
  const tag = language(config, assets);
  const parts = await Promise.all(wanted.map(([suffix]) => fetched(assets, tag, suffix)));
  const all: { [key: string]: string } = {};
  for (const [part, { default: list }] of parts.entries()) {
    for (const [at, text] of list.entries()) {
      const key = wanted[part]?.[1][at] ?? "";
      if (typeof text === "string") all[key] = text;
      else for (const form of Object.keys(text)) all[`${key}.${form}`] = text[form] ?? "";
    }
  }
  Object.assign(all, config.interface?.texts?.[tag]);
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
