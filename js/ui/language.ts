// Which language, and its texts with the site's own wording over them.

import { choices, settings } from "#glue/keys.js";
import type { Config, Consent } from "../types.ts";
import type { Assets } from "./assets.ts";
import { page } from "./page.ts";
import { direction, named, settingsKey, type Texts, worded } from "./records.ts";

/** What of a language is wanted: how its file's name ends, and the keys of its texts (`#glue/keys.js`). */
export type Wanted = readonly (readonly [suffix: string, keys: readonly string[]])[];

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

/** What the way to the settings is called, for parts that need no other text of the banner's. */
export async function settingsName(
  { config, regime }: Consent,
  assets: Assets,
  tag: string,
): Promise<string> {
  const key = settingsKey(regime);
  const { default: part } = await fetched(assets, tag);
  return config.interface?.texts?.[tag]?.[key] ?? String(part[key === "banner.choices" ? choices : settings]);
}

/** The texts that are wanted of the page's language. */
export async function texts({ config }: Consent, assets: Assets, wanted: Wanted): Promise<Texts> {
  const tag = language(config, assets);
  const parts = await Promise.all(wanted.map(([suffix]) => fetched(assets, tag, suffix)));
  const all = Object.assign(
    {},
    ...parts.map(({ default: part }, at) => named(wanted[at]?.[1] ?? [], part)),
    config.interface?.texts?.[tag],
  );
  return worded(tag, direction(tag), all);
}
