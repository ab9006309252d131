// How consent starts on a page: with the gate at once, or once the JavaScript build of the same crate has come.

import { bare, compile } from "./compile.ts";
import { makeConsent } from "./consent.ts";
import { withoutGate } from "./early.ts";
import { facade } from "./facade.ts";
import { closePrepared } from "./handover.ts";
import type { Loaders } from "./interface.ts";
import { report } from "./report.ts";
import { perform } from "./steps.ts";
import type { Traps } from "./traps.ts";
import type { Config, Consent } from "./types.ts";
import { use } from "./wasm.ts";

/**
 * Starts consent on a page whose traps are set. `nonce`: that of our own script. Where WebAssembly is
 * refused it starts once the JavaScript build of the same crate has come; what is given becomes it then.
 */
export function startConsent(given: Config, traps: Traps, nonce: string, loaders: Loaders): Consent {
  const config = bare(given);
  try {
    return makeConsent(config, traps, nonce, loaders);
  } catch {
    return startLater(config, traps, nonce, loaders);
  }
}

function startLater(config: Config, traps: Traps, nonce: string, loaders: Loaders): Consent {
  let isWaiting = true;
  const early = withoutGate(config, () => isWaiting);
  traps.connect(early);
  const banner = async () => {
    const part = await loaders.banner();
    part.use((await loaders.js()).modules);
    return part;
  };
  const compiled = compile(config, location.hostname, nonce);
  // What the page calls meanwhile is kept.
  for (const [at, { stub }] of compiled.vendors.entries()) {
    try {
      perform(stub, at, traps.natives);
    } catch {
      // Said when it is tried again.
    }
  }
  const ready = loaders.js().then(({ modules }) => {
    use(modules);
    return makeConsent(config, traps, nonce, { ...loaders, banner });
  });
  ready.catch((error) => {
    isWaiting = false;
    traps.connect(early);
    closePrepared();
    report({ code: "no-webassembly", message: `no gate, tags stay held: ${error}` });
  });
  return facade(ready, { config }) as Consent;
}
