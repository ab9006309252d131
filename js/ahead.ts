// What a returning visitor's tags need not wait for. The gate leaves the addresses of the scripts that it let run,
// for exactly this build, this record and this day; traps that stand inline fetch them ahead while the gate is on its
// way. Only fetched: what runs, and when, the gate says as ever. What has changed in any way is another text.

import type { Natives } from "./natives.ts";
import { storedRecords } from "./store.ts";
import type { Traps } from "./traps.ts";

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
  const { globalPrivacyControl } = navigator as { globalPrivacyControl?: boolean };
  return gpc === `${+!!globalPrivacyControl}`
    ? [build, id, more.pop(), Math.floor(Date.now() / DAY_MS)].join(" ")
    : "";
}

/** Leaves the addresses for the next page, under the state in which they ran; where there are none, nothing is kept. */
export function leave(under: string, addresses: readonly string[]): void {
  try {
    if (addresses.length) localStorage.setItem(KEY, [under, ...addresses].join("\n"));
    else localStorage.removeItem(KEY);
  } catch {
    // Storage is blocked or full: the next page waits for its gate.
  }
}

/** The addresses that were left for exactly this state. */
export function left(native: Natives, build: string): Set<string> {
  try {
    const [of, ...addresses] = (localStorage.getItem(KEY) ?? "").split("\n");
    const { prerendering } = document as { prerendering?: boolean };
    if (of && of === state(native, build) && !prerendering) return new Set(addresses);
  } catch {
    // Blocked: as if nothing had been left.
  }
  return new Set();
}

/** Fetches a script ahead, under the nonce of the element that asks for it. */
export function fetchAhead({ natives: native, held }: Traps, address: string, nonce: string): void {
  const link = native.createElement(document, "link" as "script") as unknown as HTMLLinkElement;
  held.own(link);
  link.rel = "preload";
  link.as = "script";
  link.nonce = nonce;
  native.setAttribute(link, "href", address);
  native.appendChild(native.head(document) ?? native.documentElement(document), link);
}
