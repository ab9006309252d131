// The checks of `src/tools`, for the command line and for a page whose config has problems. The module
// is started at the first call.

import { module } from "#glue/tools/module.js";
import * as glue from "#glue/tools/portcullis_tools.js";
import type { EarlyTable } from "../early/table.ts";
import type { Config, Consent, Issue } from "../types.ts";
import { compile } from "../wasm.ts";

/** An issue as the tools give it: a warning does not keep a config from working. */
export interface Finding extends Issue {
  readonly severity: "error" | "warning";
}

let started = false;

function tools(): typeof glue {
  if (!started) {
    glue.initSync({ module: compile(module) });
    started = true;
  }
  return glue;
}

/** The problems of a site's file. */
export const validate = (json: string): Finding[] => JSON.parse(tools().validate(json));

/** The problems of a config with its vendors written out. */
export const validateResolved = (json: string): Finding[] => JSON.parse(tools().validateResolved(json));

/** A site's file as its pages take it; null for a file that cannot be read at all. */
export const resolve = (json: string): { config: Config | null; issues: Finding[] } =>
  JSON.parse(tools().resolve(json));

/** A declaration as HTML: see `declared` in `js/ui/facts.ts`. */
export const declarationHtml = (input: string): string => tools().declarationHtml(input);

/** The table of the early phase (`src/consent/early.rs`), of a compiled config, with the numbers of active vendors. */
export const earlyTable = (
  compiled: string,
): EarlyTable & { readonly active: readonly number[]; readonly google: readonly number[] } =>
  JSON.parse(tools().earlyTable(compiled));

/** JSON Schema of a site's file. */
export const schema = (): string => tools().schema();

/** Says in the console, in one group, what was held, released and refused on this page, and why. */
export function explainPage(consent: Consent): void {
  const say = (why: string) => {
    console.groupCollapsed(`portcullis: ${why}`);
    console.table(consent.choices.categories);
    console.table(
      consent.log().map(({ at, ...entry }) => ({ at: new Date(at).toISOString().slice(11, 23), ...entry })),
    );
    console.groupEnd();
  };
  say(`${location.pathname}, ${consent.record ? "chosen" : "not chosen yet"}`);
  consent.on("change", ({ source }) => say(`changed by ${source}`));
}
