// The traps alone, to stand inline in <head>, and a façade until the gate arrives. `build` writes the
// hosts to hold into it. A gate that never arrives costs the tags and not the page.

import { earlyJudge, hostOf } from "./early.ts";
import { facade } from "./facade.ts";
import { report } from "./report.ts";
import { setTraps } from "./traps.ts";

/** Host patterns that the config's vendors claim: `build` puts the list here. */
const HOSTS: readonly string[] = "__PORTCULLIS_HOSTS__" as unknown as string[];

/** How long a page's calls wait for a gate, in milliseconds. */
const GATE_MAX = 10_000;

/** Where the gate finds the traps: a symbol, since markup can claim any name. */
const HANDOVER = Symbol.for("portcullis.traps");

const page = window as unknown as { portcullis?: object; [HANDOVER]?: object };
// Another copy stands already, whichever: its façade or gate explains.
if (!(page.portcullis as { explain?: unknown } | undefined)?.explain) {
  let isWaiting = true;
  const early = earlyJudge(HOSTS.map(hostOf), () => isWaiting);
  const traps = setTraps(early);
  let arrive: (consent: unknown) => void = () => {};
  const ready = new Promise((resolve) => {
    arrive = resolve;
  });
  page.portcullis = facade(ready);
  page[HANDOVER] = { traps, arrive };
  setTimeout(() => {
    if (!page[HANDOVER]) return;
    isWaiting = false;
    traps.connect(early);
    report({ code: "no-gate", message: "the gate did not arrive, tags stay held" });
  }, GATE_MAX);
}
