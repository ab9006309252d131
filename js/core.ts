// The wasm gate, started in one synchronous step, and its answers as values.

import { module } from "#glue/gate/module.js";
import { SOURCES } from "./sources.ts";
import type { CategoryChoice, Consent, Reason } from "./types.ts";
import { type Exports, instantiate, isAdmitted, isTranslated, ask as tell, write } from "./wasm.ts";

/** The reasons, in the order of `Reason` in `src/consent/verdict.rs`; the first four permit. */
export const REASONS: readonly Reason[] = [
  "not-a-request",
  "first-party",
  "granted",
  "always-active",
  "not-granted",
  "not-asked-yet",
  "global-privacy-control",
  "next-page",
  "unclassified",
  "unknown-vendor",
  "unknown-category",
  "markup-off",
  "no-nonce",
  "record-cookie",
];

/** Why the visitor is asked, in the order of `Pending` in `src/consent/event.rs`. */
export const WHY = ["first", "expired", "new"] as const;

/** What the gate says of the visitor. */
export interface State {
  /** The record that holds, as its text; empty without one. */
  readonly text: string;
  readonly record: Consent["record"];
  /** Vendors whose legitimate interest the visitor objects to. */
  readonly objections: readonly string[];
  /** A letter for each category: see `state` in `wasm/gate/src/write.rs`. */
  readonly stands: string;
  readonly categories: readonly CategoryChoice[];
  readonly vendors: readonly { readonly reason: number; readonly granted: boolean; readonly ran: boolean }[];
}

let gate: Exports & { ask(): number; send(): number };

/**
 * Compiles and starts the module, or its translation; false where WebAssembly is refused, and where this file was built
 * without the module. A module that is damaged throws.
 */
export function startCore(): boolean {
  if (!isTranslated() && !isAdmitted(module)) return false;
  gate = instantiate(module, "gate");
  return true;
}

/** A question about a request or a name: see `ask` in `wasm/gate`. */
export function ask(question: string): number {
  write(gate, question);
  return gate.ask();
}

/** An event, and its effects as lines: see `send` in `wasm/gate`. */
export const send = (text: string): string => tell(gate, gate.send, text);

/** A packed finding: see `Finding::packed`. The fourth verdict is given where there is no gate yet. */
export function unpack(finding: number) {
  const verdict = finding & 3;
  return {
    verdict: (["allow", "hold", "refuse", "hold"] as const)[verdict as 0],
    reason: (verdict < 3 && REASONS[(finding >> 2) & 63]) || "not-ready",
    vendor: (finding >> 8) - 1,
  };
}

/** Reads the state: see `state` in `wasm/gate/src/write.rs`. */
export function readState(): State {
  const [text = "", categories = "", stands = "", vendors = ""] = send("=").split("\n");
  const [, id, , at, , , , source = "", , , , , objections = ""] = text.split(".");
  return {
    text,
    stands,
    objections: objections.split("~"),
    record: id ? { id, at: Number(at) * 1000, source: SOURCES[source] ?? "api" } : null,
    categories: Array.from(categories, (mark) => (mark === "m" ? "mixed" : mark === "1")),
    vendors: Array.from(vendors, (letter) => {
      const ran = letter > "Z";
      const reason = letter.charCodeAt(0) - (ran ? 97 : 65);
      return { reason, ran, granted: reason < 4 };
    }),
  };
}
