// What the interface is given to fetch the rest of itself with.

/** Texts of a language: flat, with plural forms as `key.one`, `key.other`, … */
export type Locale = { readonly [key: string]: string };

export interface Assets {
  /** A region variant stands before its language. */
  readonly languages: readonly string[];
  /** `de`: what the banner says; `de.more`: what only the preference centre says. */
  locale(name: string): Promise<{ default: Locale }>;
  preferences(): Promise<typeof import("./preferences.ts")>;
}
