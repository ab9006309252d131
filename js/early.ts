// Who judges where there is no gate: not yet, or not at all. It knows the hosts that the config's vendors
// claim, and holds what goes there; the site's own requests are never touched.

import { HOLD, type Judge, REFUSE, WAIT } from "./traps.ts";
import type { Config } from "./types.ts";

/** The host of a claim; one that ends in a dot stands for country domains. */
export const hostOf = (claim: string): string => (claim.split(/[/?]/, 1)[0] ?? "").replace(/\*$/, "");

/** A judge over `hosts`. Calls wait while `waiting` says so, and are refused then. */
export function earlyJudge(hosts: readonly string[], waiting: () => boolean): Judge {
  const isClaimed = (host: string): boolean =>
    hosts.some((claimed) =>
      claimed.endsWith(".") ? host.startsWith(claimed) : host === claimed || host.endsWith(`.${claimed}`),
    );
  return {
    ask(question) {
      const [kind, , host = ""] = question.split("\t");
      if (kind === "n" || (kind !== "h" && !isClaimed(host))) return 0;
      return kind === "c" ? (waiting() ? WAIT : REFUSE) : HOLD;
    },
    note() {},
    wake() {},
  };
}

/** Who judges in the gate's place, over what the vendors of a config claim. */
export function withoutGate({ vendors = [] }: Config, waiting: () => boolean): Judge {
  return earlyJudge(vendors.flatMap(({ hosts }) => hosts ?? []).map(hostOf), waiting);
}
