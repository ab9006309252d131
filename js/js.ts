// Consent without WebAssembly: the same crate, its modules translated to JavaScript by the build. Fetched
// where a policy, or the browser, refuses WebAssembly; and an entry of its own for sites that know so.

import * as gate from "#glue/gate/translated.js";
import * as banner from "#glue/ui-banner/translated.js";
import * as declaration from "#glue/ui-declaration/translated.js";
import * as preferences from "#glue/ui-preferences/translated.js";
import { start as begin } from "./index.ts";
import type { Config, Consent } from "./types.ts";
import { use } from "./wasm.ts";

export type * from "./types.ts";

/** Each is one instance: a page has one gate. */
export const modules = { gate, banner, preferences, declaration };

/** As `start` of the package's main entry. */
export function start(config: Config, nonce = ""): Consent {
  use(modules);
  return begin(config, nonce);
}
