// The traps alone, to stand inline in <head>, and a façade until the gate arrives. `build` writes the
// hosts to hold into it. A gate that never arrives costs the tags and not the page.

import { ALWAYS, fetchAhead, left } from "./ahead.ts";
import { earlyJudge, hostOf } from "./early.ts";
import { facade } from "./facade.ts";
import { report } from "./report.ts";
import { storedRecords } from "./store.ts";
import { type Judge, setTraps } from "./traps.ts";

/** Host patterns that the config's vendors claim: `build` puts the list here. */
const HOSTS: readonly string[] = "__PORTCULLIS_HOSTS__" as unknown as string[];

/**
 * What a first visit fetches beside the gate: the folder, and the languages there are, one of them where the site has
 * chosen. No folder where there are pages on which nobody is asked. `build` puts it here.
 */
const [FOLDER, ...LANGUAGES] = "__PORTCULLIS_INTERFACE__" as unknown as string[];

/** Which build this is: `build` puts it here and into the gate. */
const BUILD = "__PORTCULLIS_BUILD__";

/** How long a page's calls wait for a gate, in milliseconds. */
const GATE_MAX = 10_000;

/** Where the gate finds the traps: a symbol, since markup can claim any name. */
const HANDOVER = Symbol.for("portcullis.traps");

/** Whether what is fetched ahead serves it: one that is fetched in another way is fetched again. */
const isPlain = (element: Element | undefined): element is HTMLScriptElement =>
  element?.localName === "script" &&
  !["crossorigin", "integrity", "data-type", "referrerpolicy"].some((name) => element.hasAttribute(name));

const page = window as unknown as { portcullis?: object; [HANDOVER]?: object };
// Another copy stands already, whichever: its façade or gate explains.
if (!(page.portcullis as { explain?: unknown } | undefined)?.explain) {
  let isWaiting = true;
  let known = new Set<string>();
  const early: Judge = {
    ...earlyJudge(HOSTS.map(hostOf), () => isWaiting),
    note(_kind, what, target, _finding, element) {
      if (what !== "held" || !known.delete(target) || !isPlain(element)) return;
      fetchAhead(traps, target, element.nonce);
    },
  };
  const traps = setTraps(early);
  const { natives: native } = traps;
  // There will be something to ask: what asks is on its way beside the gate, which finds it there.
  if (FOLDER && !storedRecords(native).length) {
    const { lang } = native.documentElement(document);
    const texts = LANGUAGES.length > 1 ? LANGUAGES.filter((tag) => tag === lang) : LANGUAGES;
    for (const file of ["ui", ...texts.map((tag) => `locales/${tag}`)])
      import(`${FOLDER}${file}.js`).catch(() => {});
  }
  known = left(native, BUILD);
  const nonce = native.currentScript(document)?.nonce ?? "";
  for (const address of known) {
    if (address.startsWith(ALWAYS)) fetchAhead(traps, address.slice(1), nonce);
  }
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
