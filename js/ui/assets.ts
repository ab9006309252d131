// What the interface is given to fetch the rest of itself with.

/** A language: flat, with plural forms as `key.one`, `key.other`, … */
export type Locale = { readonly [key: string]: string };

export interface Assets {
  readonly languages: readonly string[];
  locale(tag: string): Promise<{ default: Locale }>;
  preferences(): Promise<typeof import("./preferences.ts")>;
}
