// The wasm gate, started in one synchronous step, and its answers as values.

import { module } from "#glue/gate/module.js";
import { ask, initSync, send } from "#glue/gate/portcullis_gate.js";
import type { CategoryChoice, ChoiceSource, Pending, Reason, Regime } from "./types.ts";

/** The reasons, in the order of `Reason` in `src/consent/verdict.rs`. */
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

/** The letters that stand for sources in texts. */
const SOURCES: { readonly [letter: string]: ChoiceSource } = {
  a: "banner-accept",
  r: "banner-reject",
  p: "preferences",
  g: "gpc",
  i: "api",
  m: "imported",
};

/** What the gate says of the visitor. */
export interface State {
  readonly regime: Regime;
  readonly gpc: boolean;
  readonly pending: { readonly why: Pending["why"]; readonly vendors: readonly number[] } | null;
  readonly record: { readonly id: string; readonly at: number; readonly source: ChoiceSource } | null;
  readonly categories: readonly CategoryChoice[];
  readonly vendors: readonly { readonly reason: Reason; readonly granted: boolean; readonly ran: boolean }[];
}

export { ask, send };

/** Compiles and starts the module. Throws where WebAssembly is refused. */
export function startCore(): void {
  const bytes = Uint8Array.from(module, (letter) => letter.charCodeAt(0));
  initSync({ module: new WebAssembly.Module(bytes) });
}

/** Space-separated numbers. */
export function numbers(text: string | undefined): number[] {
  return text ? text.split(" ").map(Number) : [];
}

export function sourceOf(letter: string | undefined): ChoiceSource {
  return SOURCES[letter ?? ""] ?? "api";
}

export function letterOf(source: ChoiceSource): string {
  return Object.keys(SOURCES).find((letter) => SOURCES[letter] === source) ?? "i";
}

/** A packed finding: see `Finding::packed`. */
export function unpack(finding: number) {
  return {
    verdict: (["allow", "hold", "refuse", "hold"] as const)[(finding & 3) as 0],
    reason: (finding & 3) === 3 ? ("not-ready" as const) : (REASONS[(finding >> 2) & 63] ?? "not-ready"),
    vendor: (finding >> 8) - 1,
  };
}

/** Reads the state: see `state` in `wasm/gate/src/write.rs`. */
export function readState(): State {
  const [head = "", record = "", categories = "", vendors = ""] = send("=").split("\n");
  const [regime, gpc, why, about] = head.split("\t");
  const [id, at, source] = record.split("\t");
  const reasons = { f: "first", e: "expired", n: "new" } as const;
  return {
    regime: ({ i: "opt-in", o: "opt-out", n: "notice" } as const)[regime as "i"],
    gpc: gpc === "1",
    pending: why ? { why: reasons[why as "f"], vendors: numbers(about) } : null,
    record: id ? { id, at: Number(at) * 1000, source: sourceOf(source) } : null,
    categories: Array.from(categories, (mark) => (mark === "m" ? "mixed" : mark === "1")),
    vendors: Array.from(vendors, (letter) => {
      const ran = letter > "Z";
      const reason = REASONS[letter.toUpperCase().charCodeAt(0) - 65] ?? "not-ready";
      return { reason, ran, granted: reason === "granted" || reason === "always-active" };
    }),
  };
}
