import type { ChoiceSource } from "./types.ts";

/** The letters that stand for sources in records. */
export const SOURCES: { readonly [letter: string]: ChoiceSource } = {
  a: "banner-accept",
  r: "banner-reject",
  p: "preferences",
  g: "gpc",
  i: "api",
  m: "imported",
};
