// The package: `import { start } from "portcullis"`. Importing touches nothing; `start` sets the traps
// and is done when it returns.

import { languages } from "#glue/languages.js";
import { locales } from "#glue/locales.js";
import { makeConsent } from "./consent.ts";
import type { Loaders } from "./interface.ts";
import { setTraps } from "./traps.ts";
import type { Config, Consent } from "./types.ts";

export type * from "./types.ts";

/** Written out one by one, so that bundlers find each part. */
const loaders: Loaders = {
  languages,
  locale: (tag) => (locales[tag] ?? locales.en)(),
  banner: () => import("#pkg/ui.js"),
  preferences: () => import("#pkg/preferences.js"),
  wayBack: () => import("#pkg/way-back.js"),
  tools: () => import("#pkg/tools.js"),
};

let consent: Consent | undefined;

/**
 * Starts consent on this page, once: later calls give the same object. Visitors' data never makes it
 * throw; problems of the config are reported by `portcullis:error`, and the rest works.
 * `nonce`: that of the page's CSP, for the loaders of registered vendors.
 */
export function start(config: Config, nonce = ""): Consent {
  if (!consent) {
    const nothing = { ask: () => 0, note() {}, wake() {} };
    consent = makeConsent(config, setTraps(nothing), nonce, loaders);
  }
  return consent;
}
