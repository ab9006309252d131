// The early phase of a page: from the first byte of our script to the moment the gate stands. Traps, one Trusted Types
// policy, vendors' stubs. The gate goes on with exactly these, so that a page has one of each.

import { GOOGLE_KEYS, push } from "../data-layer.ts";
import { loadScript } from "../load-script.ts";
import { type Natives, natives } from "../natives.ts";
import { type Steps, steps } from "../steps.ts";
import type { Judge } from "../traps/judge.ts";
import { setTraps, type Traps } from "../traps.ts";
import { makeTrust } from "../trust.ts";
import type { Config, Vendor, VendorScript } from "../types.ts";
import { type EarlyEntry, earlyJudge } from "./judge.ts";
import type { EarlyTable } from "./table.ts";

/** How long a page's calls wait for a gate, in milliseconds. */
export const GATE_MAX = 10_000;

/** What stands on a page before its gate. */
export interface EarlyPhase {
  readonly traps: Traps;
  readonly steps: Steps;
  /** What happened before there was a gate, for its log. */
  readonly log: readonly EarlyEntry[];
  /** The nonce of our own script; empty if it has none. */
  readonly nonce: string;
  readonly trust: ReturnType<typeof makeTrust>;
  /** Puts a script into the page, with our nonce: see {@link loadScript}. */
  load(source: VendorScript, address?: unknown): Promise<void>;
  /**
   * There is no gate: not yet (`waits`: calls wait for it), or not at all. What vendors of the config claim is held;
   * those that are always active are not. Gives who judges until there is another.
   */
  without(config: Config, vendors: readonly Vendor[], waits: boolean): Judge;
  /** What Google was told is granted, last; nothing before it was told more than the default. */
  readonly google: { told?: number };
  /**
   * Tells Google Consent Mode what is granted: a bit for each of its keys, in their order. What was told early the gate
   * does not tell again.
   */
  tellGoogle(isDefault: boolean, granted: number, isEarly?: boolean): void;
}

/** What finds the table of a config: {@link plainTable}, or a table that `build` has written. */
type TableOf = (config: Config, vendors: readonly Vendor[]) => EarlyTable;

/** What the script that stands alone before its gate adds. */
interface Early {
  readonly native?: Natives;
  /** Called before the traps are set, which takes a moment. */
  first?(load: EarlyPhase["load"]): void;
  /** Called for each element that is held. */
  held?(address: string, element: Element): void;
  /** Called when it is known that no gate comes. */
  lost?(): void;
}

/** Google's commands are taken as Arguments objects alone. */
function command(..._: unknown[]): void {
  // biome-ignore lint/complexity/noArguments: see above
  push(arguments);
}

/** A {@link EarlyPhase.tellGoogle}. */
function makeTellGoogle(google: EarlyPhase["google"]): EarlyPhase["tellGoogle"] {
  /** What was said before there was a gate, which says it again. */
  const said: string[] = [];
  return (isDefault, granted, isEarly) => {
    const key = `${isDefault} ${granted}`;
    if (!isDefault) google.told = granted;
    if (isEarly) said.push(key);
    else if (said.shift() === key) return;
    const states = GOOGLE_KEYS.map((name, at) => [name, (granted >> at) & 1 ? "granted" : "denied"]);
    command("consent", isDefault ? "default" : "update", Object.fromEntries(states));
    if (isDefault) command("set", "ads_data_redaction", true);
  };
}

/** Sets a page up. `nonce`: that of our own script. */
export function setUp(
  nonce: string,
  tableOf: TableOf,
  { native = natives(), first = () => {}, held = () => {}, lost = () => {} }: Early = {},
): EarlyPhase {
  const trust = makeTrust();
  const log: EarlyEntry[] = [];
  const google: EarlyPhase["google"] = {};
  /** Elements that we made before there were traps. */
  const made: Element[] = [];
  let own = (element: Element): unknown => made.push(element);
  const load: EarlyPhase["load"] = (source, address) =>
    loadScript(native, trust, nonce, source, (element) => own(element), address);
  try {
    first(load);
  } catch {
    // Whatever it was: nothing may keep the traps from being set.
  }
  const traps = setTraps(native);
  own = traps.held.own;
  made.forEach(own);
  traps.held.nonce = nonce;
  return {
    traps,
    steps,
    log,
    nonce,
    trust,
    load,
    without(config, vendors, waits) {
      const judge = earlyJudge(tableOf(config, vendors), waits, log, held);
      traps.connect(judge);
      if (!waits) lost();
      return judge;
    },
    google,
    tellGoogle: makeTellGoogle(google),
  };
}
