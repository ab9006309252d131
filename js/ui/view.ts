// The module of the preference centre, started once.

import { module } from "#glue/ui-preferences/module.js";
import { instantiate } from "#pkg/ui.js";
import type { Exports } from "../wasm.ts";

export interface View extends Exports {
  open(): number;
  act(): number;
  /** Draws a block of the vendor list. */
  block(at: number): number;
  report(): number;
}

let started: View | undefined;

export function view(): View {
  started ??= instantiate<View>(module, "preferences");
  return started;
}
