// The package: `import { start } from "portcullis"`. Importing touches nothing; `start` sets the traps
// and is done when it returns.

import { languages } from "#glue/languages.js";
import { locales } from "#glue/locales.js";
import { begin } from "./begin.ts";
import { setUp } from "./early/phase.ts";
import { plainTable } from "./early/table.ts";
import type { Loaders } from "./interface.ts";
import type { Config, Consent } from "./types.ts";

export type * from "./types.ts";

/** Written out one by one, so that bundlers find each part. */
const loaders: Loaders = {
  languages,
  locale: (name) => (locales[name] ?? locales.en)(),
  banner: () => import("#pkg/ui.js"),
  preferences: () => import("#pkg/preferences.js"),
  wayBack: () => import("#pkg/way-back.js"),
  declaration: () => import("#pkg/declaration.js"),
  embeds: () => import("#pkg/embeds.js"),
  elements: () => import("#pkg/elements.js"),
  js: () => import("#pkg/js.js"),
  withdraw: () => import("#pkg/withdraw.js"),
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
    consent = begin(config, setUp(nonce, plainTable), loaders);
  }
  return consent;
}
