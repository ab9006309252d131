// Gives verdicts where there is no gate: not yet, or not at all. It looks addresses up and decides nothing.

import { HOLD, type Judge, REFUSE, WAIT } from "../traps/judge.ts";
import { type EarlyTable, mayPass } from "./table.ts";

/** Something that happened before there was a gate: the gate takes it into its log. */
export interface EarlyEntry {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly kind: string;
  readonly what: "allowed" | "refused";
  /** Address, or name of a cookie. */
  readonly target: string;
}

/** Names of our own record, which no script of a page may write. */
const RECORD = /^(__Host-)?portcullis$/;

/** Entries that are kept for the gate's log. */
const LOG_MAX = 500;

/**
 * A judge over a table. Calls wait for the next judge (`waits`), or are refused. What the log wants to know goes to `log`,
 * what is held to `held`.
 */
export function earlyJudge(
  table: EarlyTable,
  waits: boolean,
  log: EarlyEntry[],
  held: (address: string, element: Element) => void,
): Judge {
  const note = (kind: string, what: EarlyEntry["what"], target: string): void => {
    if (log.length < LOG_MAX) log.push({ at: Date.now(), kind, what, target });
  };
  return {
    ask(question) {
      const [kind, first = "", host = "", path = ""] = question.split("\t");
      if (kind === "n") return RECORD.test(first) ? REFUSE : 0;
      if (kind === "h") return HOLD;
      const passes = mayPass(table, host, path);
      if (passes === false) return kind === "c" ? (waits ? WAIT : REFUSE) : HOLD;
      if (passes === undefined) note("request", "allowed", host + path);
      return 0;
    },
    note(kind, what, target, _finding, element) {
      if (what === "refused") note(kind, what, target);
      if (what === "held" && element) held(target, element);
    },
    wake() {},
  };
}
