// Which legal model is in force where the visitor is, where the config leaves it to the region. It is worked out in
// the module that comes with the banner (`src/regimes.rs`). What came out is kept for a day where it is laxer
// than the strictest, so that a visitor who is not asked first waits for no interface on the next page.

import type { Jurisdiction, Regime } from "./types.ts";

const KEY = "portcullis.region";

const DAY_MS = 864e5;

/** The time zone that the browser is set to; empty where it does not say. Kept in memory, and sent to nobody. */
export function timeZone(): string {
  try {
    return Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  } catch {
    return "";
  }
}

/** What a finding hangs on: another place or another day is another key. */
const key = (region: string | undefined): string =>
  [region || timeZone(), Math.floor(Date.now() / DAY_MS)].join(" ");

/** Reads `region  model  days  link`, as the module gives it. */
export function readJurisdiction(text: string): Jurisdiction {
  const [region = "", regime, days, link] = text.split("\t");
  return { region, regime: regime as Regime, validDays: Number(days), link: link as "" };
}

/** What was worked out today, for the same place. */
export function remembered(region: string | undefined): Jurisdiction | null {
  try {
    const [of, found] = (localStorage.getItem(KEY) ?? "").split("\n");
    if (found && of === key(region)) return readJurisdiction(found);
  } catch {
    // Blocked: it is worked out again.
  }
  return null;
}

/** Keeps it, where something may run before a choice. Where nothing may, nothing is stored. */
export function remember(given: string | undefined, found: Jurisdiction): void {
  const { region, regime, validDays, link } = found;
  try {
    if (regime === "opt-in") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, `${key(given)}\n${[region, regime, validDays, link].join("\t")}`);
  } catch {
    // Blocked or full: it is worked out again on the next page.
  }
}
