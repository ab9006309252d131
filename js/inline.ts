// The traps alone, to stand inline in <head>, and a façade until the gate arrives. `build` writes the
// hosts to hold into it. A gate that never arrives costs the tags and not the page.

import { ALWAYS, fetchAhead, left } from "./ahead.ts";
import { earlyJudge, hostOf } from "./early.ts";
import { facade } from "./facade.ts";
import { closePrepared, type Left, TRAPS } from "./handover.ts";
import { type Natives, natives } from "./natives.ts";
import { report } from "./report.ts";
import { storedRecords } from "./store.ts";
import { type Judge, setTraps } from "./traps.ts";

/** Host patterns that the config's vendors claim: `build` puts the list here. */
const HOSTS: readonly string[] = "__PORTCULLIS_HOSTS__" as unknown as string[];

/**
 * What a first visit fetches beside the gate: the folder; whether the banner stands there ready, and the gate waits until
 * it is seen (`wait`) or does not (`ready`); and the languages there are, one of them where the site has chosen. No
 * folder where there are pages on which nobody is asked. `build` puts it here.
 */
const [FOLDER, PREPARED, ...LANGUAGES] = "__PORTCULLIS_INTERFACE__" as unknown as string[];

/** Which build this is: `build` puts it here and into the gate. */
const BUILD = "__PORTCULLIS_BUILD__";

/** How long a page's calls wait for a gate, in milliseconds. */
const GATE_MAX = 10_000;

/**
 * How long the gate waits at most until a banner that stands ready is seen, in milliseconds: it would take the time of a
 * frame or two. Where something runs unasked it does not wait.
 */
const SEEN_MAX = 500;

/** Tags of a region whose texts are those of the language itself: the rest is for the gate to find (`ui/language.ts`). */
const REGIONAL = /^(en-us|es-es|(?!en|es|zh|no|nn)[a-z]+-.+)$/i;

/** Whether what is fetched ahead serves it: one that is fetched in another way is fetched again. */
const isPlain = (element: Element | undefined): element is HTMLScriptElement =>
  element?.localName === "script" &&
  !["crossorigin", "integrity", "data-type", "referrerpolicy"].some((name) => element.hasAttribute(name));

/**
 * Fetches what asks, where there will be something to ask: it is there when the gate is. First the banner that stands
 * ready; gives what settles when that is seen.
 */
function fetchAsked(native: Natives): Promise<unknown> | undefined {
  if (!FOLDER || storedRecords(native).length) return;
  const { lang } = native.documentElement(document);
  const wanted = REGIONAL.test(lang) && !LANGUAGES.includes(lang) ? lang.split("-")[0] : lang;
  const tag = LANGUAGES.length < 2 ? LANGUAGES[0] : LANGUAGES.find((known) => known === wanted);
  const part = (name: string) => import(`${FOLDER}${name}.js`);
  const frame = () => new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const rest = () => {
    for (const name of tag ? ["ui", `locales/${tag}`] : ["ui"]) part(name).catch(() => {});
  };
  if (!PREPARED || !tag) {
    rest();
    return;
  }
  // Alone at first: a slow network gives each of several files a part of itself, and what is seen comes as late as what
  // is not.
  const drawn = part(`prepared/${tag}`).catch(() => {});
  drawn.then(rest);
  // A tab that nobody sees has no frames.
  if (PREPARED === "wait" && !document.hidden)
    return Promise.race([drawn.then(frame), new Promise((resolve) => setTimeout(resolve, SEEN_MAX))]);
  return;
}

const page = window as Left;
// Another copy stands already, whichever: its façade or gate explains.
if (!(page.portcullis as { explain?: unknown } | undefined)?.explain) {
  const native = natives();
  let seen: Promise<unknown> | undefined;
  try {
    seen = fetchAsked(native);
  } catch {
    // Whatever it was: nothing may keep the traps from being set.
  }
  let isWaiting = true;
  let known = new Set<string>();
  const early: Judge = {
    ...earlyJudge(HOSTS.map(hostOf), () => isWaiting),
    note(_kind, what, target, _finding, element) {
      if (what !== "held" || !known.delete(target) || !isPlain(element)) return;
      fetchAhead(traps, target, element.nonce);
    },
  };
  const traps = setTraps(early, native);
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
  page[TRAPS] = { traps, arrive, seen };
  setTimeout(() => {
    if (!page[TRAPS]) return;
    isWaiting = false;
    traps.connect(early);
    // Nobody would hear the answer.
    closePrepared();
    report({ code: "no-gate", message: "the gate did not arrive, tags stay held" });
  }, GATE_MAX);
}
