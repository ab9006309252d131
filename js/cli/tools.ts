// The checks of `src/tools`, for the command line and for a page whose config has problems. The module
// is started at the first call.

import { module } from "#glue/tools/module.js";
import * as glue from "#glue/tools/portcullis_tools.js";
import type { Config, Issue } from "../types.ts";
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

/** JSON Schema of a site's file. */
export const schema = (): string => tools().schema();
