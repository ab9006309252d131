// Vendors before there is a gate: their stubs, and those that run unasked where no gate comes.

import type { Step, Vendor } from "../types.ts";
import type { Asks } from "./asked.ts";
import type { EarlyPhase } from "./phase.ts";
import type { EarlyTable } from "./table.ts";

/** What `build` writes into the script that stands before the gate. */
export interface HeadTable extends EarlyTable {
  /** Which build this is: the gate of another one is not let in. */
  readonly build: string;
  /** The folder of everything else, relative to the script, or to the page. */
  readonly folder: string;
  /** The script fetches the gate itself. */
  readonly fetchesGate: boolean;
  readonly asks: Asks;
  /** The stub of each vendor, by its number. */
  readonly stubs: readonly (readonly Step[])[];
  /** The vendors that are always active, with their numbers. */
  readonly necessary: readonly (readonly [at: number, vendor: Vendor])[];
  /**
   * Google Consent Mode, a bit for each key: the default; then, where the regime grants before a choice, the update
   * without and with Global Privacy Control. Empty where no vendor obeys it.
   */
  readonly google: readonly number[];
}

/** What a vendor throws stays with the vendor; the gate says so when it tries again. */
function attempt(act: () => void): void {
  try {
    act();
  } catch {
    // See above.
  }
}

/** Puts the stubs in place: from now on a page's call to a vendor is kept. */
export function stubAll(stubs: HeadTable["stubs"], { steps, traps }: EarlyPhase): void {
  for (const [at, stub] of stubs.entries()) attempt(() => steps.perform(stub, at, traps.natives));
}

/** Starts the vendors that are always active: no gate comes that would. */
export function startNecessary(
  necessary: HeadTable["necessary"],
  { steps, traps: { natives }, load }: EarlyPhase,
): void {
  for (const [at, vendor] of necessary) {
    const { script, loaded, starts } = vendor;
    if (starts === "demand" || steps.begun.has(at)) continue;
    attempt(() => steps.begin(vendor, at, natives));
    steps.deliver();
    if (!script) continue;
    load(typeof script === "string" ? { src: script } : script).then(
      () => attempt(() => steps.perform(loaded, at, natives)),
      () => {},
    );
  }
}
