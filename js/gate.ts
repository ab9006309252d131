// The gate as an async file, with the config that `build` writes into it. It takes over the traps that
// stand inline; without them it sets its own.

import { startConsent } from "./consent.ts";
import { natives } from "./natives.ts";
import { beside } from "./script-loaders.ts";
import { setTraps, type Traps } from "./traps.ts";
import type { Config } from "./types.ts";

const CONFIG = "__PORTCULLIS_CONFIG__" as unknown as Config;
const HANDOVER = Symbol.for("portcullis.traps");

interface Handover {
  readonly traps: Traps;
  arrive(consent: unknown): void;
}

const page = window as unknown as { portcullis?: unknown; [HANDOVER]?: Handover | undefined };
const self = natives().currentScript(document) as HTMLScriptElement | null;
const handover = page[HANDOVER];
// The façade that the traps put there answers to every name.
if (self && (handover || !(page.portcullis as { acceptAll?: unknown } | undefined)?.acceptAll)) {
  delete page[HANDOVER];
  const consent = startConsent(CONFIG, handover?.traps ?? setTraps(), self.nonce, beside(self.src));
  page.portcullis = consent;
  handover?.arrive(consent);
}
