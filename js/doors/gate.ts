// The gate as an async file, with the config that `build` writes into it. It goes on from the early phase that stands on
// the page, and has no second copy of the traps: without that phase, or beside that of another build, it does nothing.

import { begin } from "../begin.ts";
import { ALWAYS, leave, state } from "../early/ahead.ts";
import type { EarlyPhase } from "../early/phase.ts";
import { type Left, OFFER } from "../handover.ts";
import { natives } from "../natives.ts";
import { beside } from "../parts.ts";
import { report } from "../report.ts";
import type { Config, Consent } from "../types.ts";

const CONFIG = "__PORTCULLIS_CONFIG__" as unknown as Config;
const BUILD = "__PORTCULLIS_BUILD__";

/** Addresses that are left at most. */
const ADDRESSES_MAX = 100;

const page = window as Left;
const self = natives().currentScript(document);
const offer = page[OFFER];
if (offer?.build === BUILD) {
  const handover = offer.take();
  if (handover) {
    const { early, parts, seen, region, arrive } = handover;
    const start = (): void => {
      delete page[OFFER];
      const config = { ...CONFIG, region: self?.dataset.region ?? region ?? CONFIG.region } as Config;
      const consent = begin(config, early, beside(parts));
      page.portcullis = consent;
      arrive(consent);
      consent.ready.then(() => leaveAhead(consent, early)).catch(() => {});
    };
    if (seen) seen.then(start);
    else start();
  }
} else if (offer || !page.portcullis) {
  const problem = offer ? "is of another build" : "is missing";
  report({ code: "no-gate", message: `tags stay held: the script that belongs before the gate ${problem}` });
}

/** What ran on this page, and still may, is left for the next one, under the choice that holds. */
function leaveAhead(consent: Consent, { traps: { natives: native }, google }: EarlyPhase): void {
  let under = state(native, BUILD);
  let since = 0;
  const keep = (): void => {
    const { vendors, config } = consent;
    // What the page registers is the page's, and not there before it does.
    const isOurs = vendors.length === (config.vendors ?? []).length;
    // A place is worked out anew on each page: elsewhere another law may be in force.
    const isSettled = config.regime !== "auto" || consent.regime === "opt-in";
    // Another tab may have chosen.
    const isGood = under && isOurs && isSettled && state(native, BUILD) === under;
    const addresses = new Set<string>();
    for (const { at, kind, what, target } of isGood ? consent.log() : []) {
      if (at < since || addresses.size >= ADDRESSES_MAX) continue;
      if (what === "released" && /^(marked|script)$/.test(kind)) addresses.add(target);
      const { script, starts } = (what === "started" && vendors.find(({ id }) => id === target)) || {};
      if (typeof script === "string" && starts !== "demand") addresses.add(ALWAYS + script);
    }
    leave(under, { addresses, ...(isGood && google.told !== undefined && { google: google.told }) });
  };
  consent.on("change", ({ withdrawn }) => {
    under = state(native, BUILD);
    if (withdrawn.length) since = Date.now();
    keep();
  });
  native.addEventListener(window, "pagehide", keep);
}
