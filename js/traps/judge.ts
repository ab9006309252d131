// What the traps ask: the interface that gives verdicts. It imports nothing but types.

import type { LogEntry } from "../types.ts";

/** Who gives verdicts. */
export interface Judge {
  /** A question of `ask` in `wasm/gate`, and its packed finding. */
  ask(question: string): number;
  /** Something that was taken in may go at once. */
  wake(): void;
  /** Something happened that the log wants to know. */
  note(kind: string, what: LogEntry["what"], target: string, finding: number, element?: Element): void;
}

/** The verdicts, bits 0 and 1 of a finding. `WAIT`: there is no gate yet. */
export const HOLD = 1;
export const REFUSE = 2;
export const WAIT = 3;
