// The module that comes with the banner, started once: it draws, and it writes the record of a choice.

import { module } from "#glue/ui-banner/module.js";
import { type Exports, instantiate } from "../wasm.ts";

interface Banner extends Exports {
  banner(): number;
  choose(): number;
  region(): number;
}

let started: Banner | undefined;

export function bannerModule(): Banner {
  started ??= instantiate<Banner>(module, "banner");
  return started;
}
