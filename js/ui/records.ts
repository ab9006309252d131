// Texts with their placeholders filled, and records of the view's input. Knows no page: the command line uses it.

import type { Regime } from "../types.ts";
import type { Texts as Named, Part } from "./assets.ts";

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

/** The key of what the way to the settings is called: where one opts out, the law has a name for it. */
export const settingsKey = (regime: Regime) => (regime === "opt-out" ? "banner.choices" : "banner.settings");

/** Which way a language is written. */
export const direction = (tag: string): Texts["dir"] => (/^(ar|fa|he|ur)\b/.test(tag) ? "rtl" : "ltr");

/** The texts of a part by their keys, which stand in the same order. */
export function named(keys: readonly string[], part: Part): { [key: string]: string } {
  const all: { [key: string]: string } = {};
  for (const [at, text] of part.entries()) {
    const key = keys[at] ?? "";
    if (typeof text === "string") all[key] = text;
    else for (const form of Object.keys(text)) all[`${key}.${form}`] = text[form] ?? "";
  }
  return all;
}

/** Languages, for a site's own texts, that have digits of their own. */
const OWN_DIGITS = /^(ar-|bn|fa|m[ry]|ne|ps)/;

/** Texts that fill their placeholders and know their plurals. */
export function worded(tag: string, dir: Texts["dir"], all: Named): Texts {
  const get: Texts["get"] = (key, values = {}) =>
    (all[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
  // To make one takes longer than to use it a hundred times.
  let rules: Intl.PluralRules | undefined;
  let numbers: Intl.NumberFormat | undefined;
  // The first formatter of a page takes a fiftieth of a second: the banner does not wait for what needs none.
  const shown = (count: number): string => {
    if (count < 1000 && !OWN_DIGITS.test(tag)) return `${count}`;
    numbers ??= new Intl.NumberFormat(tag);
    return numbers.format(count);
  };
  return {
    tag,
    dir,
    all,
    get,
    plural(key, count) {
      rules ??= new Intl.PluralRules(tag);
      const form = `${key}.${rules.select(count)}`;
      return get(form in all ? form : `${key}.other`, { count: shown(count) });
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
