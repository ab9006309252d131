// What the interface is given to fetch the rest of itself with.

/** Texts by key, plural forms as `key.one`, `key.other`, … */
export type Texts = { readonly [key: string]: string };

/** A part of a language as it is fetched: texts in the order of the part's keys, plural forms by their names. */
export type Part = readonly (string | { readonly [form: string]: string })[];

export interface Assets {
  /** A region variant stands before its language. */
  readonly languages: readonly string[];
  /** `de`: what the banner says; `de.embed`: what a placeholder says; `de.more`: what the preference centre says. */
  locale(name: string): Promise<{ default: Part }>;
  banner(): Promise<typeof import("./banner.ts")>;
  preferences(): Promise<typeof import("./preferences.ts")>;
  declaration(): Promise<typeof import("./declaration.ts")>;
}
