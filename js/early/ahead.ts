// What a returning visitor's tags need not wait for. The gate leaves the addresses of the scripts that it let run,
// for exactly this build, this record and this day; traps that stand inline fetch them ahead while the gate is on its
// way. Only fetched: what runs, and when, the gate says as ever. What has changed in any way is another text.

import type { Natives } from "../natives.ts";
import { storedRecords } from "../store.ts";
import type { EarlyPhase } from "./phase.ts";

const KEY = "portcullis.ahead";

const DAY_MS = 864e5;

/** What stands before an address that is fetched on every page: a vendor's own loader. */
export const ALWAYS = "+";

/**
 * All that the verdicts hang on, as one text; none while there is no record, or more than one. A record is named by its
 * id and checksum, and counts while the browser's signal is what it was at the choice: so the signal itself is
 * kept nowhere but in the record. The fields: `docs/record.md`.
 */
export function state(native: Natives, build: string): string {
  const records = storedRecords(native);
  const [, id, , , , , gpc, ...more] = records.length === 1 ? (records[0] as string).split(".") : [];
  return gpc === `${+sendsSignal()}`
    ? [build, id, more.pop(), Math.floor(Date.now() / DAY_MS)].join(" ")
    : "";
}

/** The line that keeps what Google was told begins with this. */
const GOOGLE = "=";

/** What of Google's keys is granted whatever the visitor says (`src/signals/google_consent_mode.rs`). */
const GOOGLE_ALWAYS = 0b100_0000;

/** What was left for the next page. */
export interface Ahead {
  /** Addresses of scripts. */
  readonly addresses: Set<string>;
  /** What Google was told, a bit for each key. */
  readonly google?: number;
}

/** Leaves it for the next page, under the state in which it held; where nothing is granted, nothing is kept. */
export function leave(under: string, { addresses, google = GOOGLE_ALWAYS }: Ahead): void {
  try {
    if (addresses.size || google !== GOOGLE_ALWAYS)
      localStorage.setItem(KEY, [under, `${GOOGLE}${google}`, ...addresses].join("\n"));
    else localStorage.removeItem(KEY);
  } catch {
    // Storage is blocked or full: the next page waits for its gate.
  }
}

/** What was left for exactly this state. */
export function left(native: Natives, build: string): Ahead {
  try {
    const [of, ...lines] = (localStorage.getItem(KEY) ?? "").split("\n");
    if (of && of === state(native, build) && !isPrerendering(native)) {
      const google = lines.find((line) => line.startsWith(GOOGLE));
      return {
        addresses: new Set(lines.filter((line) => line !== google)),
        ...(google && { google: Number(google.slice(1)) }),
      };
    }
  } catch {
    // Blocked: as if nothing had been left.
  }
  return { addresses: new Set() };
}

/** Whether nobody sees the page yet. */
export const isPrerendering = (native: Natives): boolean => !!native.prerendering?.(document);

/** Whether the browser sends Global Privacy Control. */
export const sendsSignal = (): boolean =>
  !!(navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl;

/** Whether what is fetched ahead serves it: one that is fetched in another way is fetched again. */
const isPlain = (element: Element): element is HTMLScriptElement =>
  element.localName === "script" &&
  !["crossorigin", "integrity", "data-type", "referrerpolicy"].some((name) => element.hasAttribute(name));

/** Fetches ahead what a held element asks for, if it ran on the page before. */
export function fetchHeld(early: EarlyPhase, { addresses }: Ahead, address: string, element: Element): void {
  if (addresses.delete(address) && isPlain(element)) fetchAhead(early, address, element.nonce);
}

/** Fetches ahead what is fetched on every page. */
export function fetchAlways(early: EarlyPhase, { addresses }: Ahead): void {
  for (const address of addresses) {
    if (address.startsWith(ALWAYS)) fetchAhead(early, address.slice(1), early.nonce);
  }
}

/** Fetches a script ahead, under the nonce of the element that asks for it. */
function fetchAhead({ traps: { natives: native, held } }: EarlyPhase, address: string, nonce: string): void {
  const link = native.createElement(document, "link" as "script") as unknown as HTMLLinkElement;
  held.own(link);
  link.rel = "preload";
  link.as = "script";
  link.nonce = nonce;
  native.setAttribute(link, "href", address);
  native.appendChild(native.head(document) ?? native.documentElement(document), link);
}
