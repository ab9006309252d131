// How consent begins on a page. It is decided once, before any side effect: the gate at once; where WebAssembly is
// refused the JavaScript build of the same crate, which is fetched; where neither runs everything stays held.

import { bare, compile } from "./compile.ts";
import { makeConsent } from "./consent.ts";
import { startCore } from "./core.ts";
import { type EarlyPhase, GATE_MAX } from "./early/phase.ts";
import { stubAll } from "./early/vendors.ts";
import { facade } from "./facade.ts";
import { closePrepared } from "./handover.ts";
import type { Loaders } from "./interface.ts";
import { report } from "./report.ts";
import type { Config, Consent, ConsentError, Vendor } from "./types.ts";
import { use } from "./wasm.ts";

/**
 * Begins with a config on a page whose early phase stands; gives the consent, or what becomes it once the JavaScript
 * build has come. Never throws.
 */
export function begin(given: Config, early: EarlyPhase, loaders: Loaders): Consent {
  let config: Config = {};
  try {
    config = bare(given);
    return startCore() ? makeConsent(config, early, loaders) : beginLater(config, early, loaders);
  } catch (error) {
    // A fault of ours: it is told, and nothing is granted.
    return hold("internal", config, [], early, Promise.reject(error));
  }
}

function beginLater(config: Config, early: EarlyPhase, loaders: Loaders): Consent {
  const { vendors } = compile(config, location.hostname, early.nonce);
  // The stubs keep the calls that the page makes until the JavaScript build has come.
  stubAll(
    vendors.map(({ stub = [] }) => stub),
    early,
  );
  const ready = loaders.js().then(({ modules }) => {
    use(modules);
    const banner = async () => {
      const part = await loaders.banner();
      part.use(modules);
      return part;
    };
    // The checks of development are WebAssembly, too.
    const tools = () => Promise.reject(new Error("WebAssembly is refused"));
    startCore();
    return makeConsent(config, early, { ...loaders, banner, tools });
  });
  return hold("no-webassembly", config, vendors, early, ready);
}

/** Holds everything until `ready` settles, and for good where it fails, which is told as `code`. */
function hold(
  code: ConsentError["code"],
  config: Config,
  vendors: readonly Vendor[],
  early: EarlyPhase,
  ready: Promise<Consent>,
): Consent {
  early.without(config, vendors, true);
  const fail = (error: unknown): void => {
    early.without(config, vendors, false);
    closePrepared();
    report({ code, message: `no gate, tags stay held: ${error}` });
  };
  const late = setTimeout(fail, GATE_MAX, "it takes too long");
  ready.catch(fail).then(() => clearTimeout(late));
  return facade(ready, { config }) as Consent;
}
