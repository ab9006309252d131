// The one blocking file, first in <head>. Its config is the JSON script that stands right before it:
// found by position, never by a name that other markup could claim.

import { begin } from "../begin.ts";
import { setUp } from "../early/phase.ts";
import { plainTable } from "../early/table.ts";
import { natives } from "../natives.ts";
import { beside, makeParts } from "../parts.ts";
import { report } from "../report.ts";
import type { Config } from "../types.ts";

const native = natives();
const self = native.currentScript(document);
const page = window as { portcullis?: unknown };
if (self && !(page.portcullis as { explain?: unknown } | undefined)?.explain) {
  const before = self.previousElementSibling;
  let config: Config = {};
  let problem = "";
  if (before instanceof HTMLScriptElement && before.type === "application/json") {
    try {
      config = JSON.parse(before.text);
    } catch (error) {
      problem = String(error);
    }
  } else {
    problem = "no JSON script right before ours";
  }
  config = { ...config, region: self.dataset.region ?? config.region } as Config;
  const early = setUp(self.nonce, plainTable, { native });
  const parts = makeParts(native, early.load, new native.URL("classic/", self.src).href);
  page.portcullis = begin(config, early, beside(parts));
  if (problem) report({ code: "config", message: `the config could not be read: ${problem}` });
}
