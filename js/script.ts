// The one blocking file, first in <head>. Its config is the JSON script that stands right before it:
// found by position, never by a name that other markup could claim.

import { natives } from "./natives.ts";
import { report } from "./report.ts";
import { beside } from "./script-loaders.ts";
import { startConsent } from "./start.ts";
import { setTraps } from "./traps.ts";
import type { Config } from "./types.ts";

const self = natives().currentScript(document) as HTMLScriptElement | null;
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
  page.portcullis = startConsent(config, setTraps(), self.nonce, beside(self.src));
  if (problem) report({ code: "config", message: `the config could not be read: ${problem}` });
}
