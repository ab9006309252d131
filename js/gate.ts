// The gate as an async file, with the config that `build` writes into it. It takes over the traps that
// stand inline; without them it sets its own.

import { ALWAYS, leave, state } from "./ahead.ts";
import { type Left, TRAPS } from "./handover.ts";
import { natives } from "./natives.ts";
import { beside } from "./script-loaders.ts";
import { startConsent } from "./start.ts";
import { setTraps, type Traps } from "./traps.ts";
import type { Config, Consent } from "./types.ts";

const CONFIG = "__PORTCULLIS_CONFIG__" as unknown as Config;
const BUILD = "__PORTCULLIS_BUILD__";

/** Addresses that are left at most. */
const ADDRESSES_MAX = 100;

interface Handover {
  readonly traps: Traps;
  arrive(consent: unknown): void;
  /** Settles when the banner that stands ready is seen, or did not come. */
  readonly seen?: Promise<unknown>;
  isTaken?: boolean;
}

const page = window as Left<Handover>;
const self = natives().currentScript(document) as HTMLScriptElement | null;
const handover = page[TRAPS];
// The façade that the traps put there answers to every name. A second gate finds the traps taken.
if (
  self &&
  (handover ? !handover.isTaken : !(page.portcullis as { acceptAll?: unknown } | undefined)?.acceptAll)
) {
  const start = (): void => {
    delete page[TRAPS];
    const config = { ...CONFIG, region: self.dataset.region ?? CONFIG.region } as Config;
    const consent = startConsent(config, handover?.traps ?? setTraps(), self.nonce, beside(self.src));
    page.portcullis = consent;
    handover?.arrive(consent);
    if (handover) leaveOnHiding(consent, handover.traps);
  };
  if (handover?.seen) {
    handover.isTaken = true;
    handover.seen.then(start);
  } else {
    start();
  }
}

/** What ran on this page under the choice that stood all the time is fetched ahead on the next. */
function leaveOnHiding(consent: Consent, { natives: native }: Traps): void {
  const began = state(native, BUILD);
  native.addEventListener(window, "pagehide", () => {
    const { vendors, config } = consent;
    // What the page registers is the page's, and not there before it does.
    const isOurs = vendors.length === (config.vendors ?? []).length;
    // A place is worked out anew on each page: elsewhere another law may be in force.
    const isSettled = config.regime !== "auto" || consent.regime === "opt-in";
    const isGood = began && isOurs && isSettled && state(native, BUILD) === began;
    const addresses = new Set<string>();
    for (const { kind, what, target } of isGood ? consent.log() : []) {
      if (what === "released" && /^(marked|script)$/.test(kind)) addresses.add(target);
      const { script, starts } = (what === "started" && vendors.find(({ id }) => id === target)) || {};
      if (typeof script === "string" && starts !== "demand") addresses.add(ALWAYS + script);
    }
    leave(began, [...addresses].slice(0, ADDRESSES_MAX));
  });
}
