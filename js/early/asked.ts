// What a first visit fetches beside the gate: the banner that `build` has drawn, and what asks.

import type { Natives } from "../natives.ts";
import type { Parts } from "../parts.ts";
import { storedRecords } from "../store.ts";

/**
 * What there is to ask with. Empty where there are pages on which nobody is asked. Else first whether a banner stands
 * ready, and the gate waits until it is seen (`"wait"`) or does not (`"ready"`); then the languages there are, one of
 * them where the site has chosen.
 */
export type Asks = readonly [] | readonly [prepared: "" | "ready" | "wait", ...languages: string[]];

/**
 * How long the gate waits at most until a banner that stands ready is seen, in milliseconds: it would take the time of a
 * frame or two. Where something runs unasked it does not wait.
 */
const SEEN_MAX = 500;

/** Tags of a region whose texts are those of the language itself: the rest is for the gate to find (`ui/language.ts`). */
const REGIONAL = /^(en-us|es-es|(?!en|es|zh|no|nn)[a-z]+-.+)$/i;

/**
 * Fetches what asks, where there will be something to ask: it is there when the gate is. First the banner that stands
 * ready; gives what settles when that is seen.
 */
export function fetchAsked(native: Natives, asks: Asks, parts: Parts): Promise<unknown> | undefined {
  if (!asks.length || storedRecords(native).length) return;
  const [prepared, ...languages] = asks;
  const { lang } = native.documentElement(document);
  const wanted = REGIONAL.test(lang) && !languages.includes(lang) ? lang.split("-")[0] : lang;
  const tag = languages.length < 2 ? languages[0] : languages.find((known) => known === wanted);
  const frame = () => new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const rest = () => {
    for (const name of tag ? ["ui", `locales/${tag}`] : ["ui"]) parts.load(name).catch(() => {});
  };
  if (!prepared || !tag) {
    rest();
    return;
  }
  // Alone at first: a slow network gives each of several files a part of itself, and what is seen comes as late as what
  // is not.
  const drawn = parts.load(`prepared/${tag}`).catch(() => {});
  drawn.then(rest);
  // A tab that nobody sees has no frames.
  if (prepared === "wait" && native.visibilityState(document) !== "hidden")
    return Promise.race([drawn.then(frame), new Promise((resolve) => setTimeout(resolve, SEEN_MAX))]);
  return;
}
