// What the early phase looks up: whether an address may be asked for before there is a gate. `build` writes the
// table in Rust (`src/consent/early.rs`); `tests/vectors/early.json` ties this reading of it to the gate's own.

import type { Config, Vendor } from "../types.ts";

/** A claim of a vendor: host, path, query, and 1 if a vendor that is always active claims the address. */
export type EarlyClaim = readonly [host: string, path: string, query: string, active: number];

/** The table, as Rust writes it. */
export interface EarlyTable {
  /** The first claim that fits an address decides about it. */
  readonly claims: readonly EarlyClaim[];
  /** The site's own hosts. */
  readonly own: readonly string[];
  /** 1 if what no vendor claims is held. */
  readonly holds: number;
}

/** Whether `host` is `other` or below it. A host that ends in a dot stands for country domains. */
const isBelow = (host: string, other: string): boolean => host === other || host.endsWith(`.${other}`);

/** Whether `path` begins with `pattern`, in which `*` stands for any run of characters. */
function beginsWith(path: string, pattern: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (!path.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest) {
    const at = path.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return true;
}

/**
 * Whether a request may leave before there is a gate; `undefined` where no vendor claims the address, the site does not
 * own it, and the site lets such requests pass. `name`: a host as the URL parser gives it; `address`: path and query.
 */
export function mayPass(table: EarlyTable, name: string, address: string): boolean | undefined {
  // A trailing dot names the same host (RFC 1034, 3.1).
  const host = name.replace(/\.$/, "");
  // `www.google.` for `www.google.de`, and for `www.google.co.uk` and `www.google.com.au`.
  const stem = host.slice(0, host.lastIndexOf(".") + 1);
  const short = /^(.*\.)com?\.$/.exec(stem)?.[1];
  const [path = "", ...queries] = address.split("?");
  const query = queries.join("?").split("&");
  for (const [claimed, start, pair, active] of table.claims) {
    if (
      [host, stem, short].some((one) => one && isBelow(one, claimed)) &&
      beginsWith(path, start) &&
      (!pair || query.some((given) => given.startsWith(pair)))
    ) {
      return !!active;
    }
  }
  if (!host || table.own.some((own) => isBelow(host, own))) return true;
  return table.holds ? false : undefined;
}

/** The host of a claim. */
const hostOf = (claim: string): string => (claim.split(/[/?]/, 1)[0] ?? "").replace(/\*$/, "");

/**
 * The table where no build has written one: the gate is in the page's own bundle or file, and WebAssembly is refused. It
 * knows whole hosts only, so a host that two vendors share is held if one of them is. `vendors`: with their values.
 */
export function plainTable(
  { categories = {}, site, unclassified }: Config,
  vendors: readonly Vendor[],
): EarlyTable {
  const isActive = ({ category, carries }: Vendor): boolean =>
    !carries && (category === "necessary" || !!categories[category]?.alwaysActive);
  const claims = (active: boolean): EarlyClaim[] =>
    vendors
      .filter((vendor) => isActive(vendor) === active)
      .flatMap(({ hosts }) => hosts.map((host) => [hostOf(host), "", "", Number(active)] as const));
  return {
    claims: [...claims(false), ...claims(true)],
    own: [location.hostname.replace(/^www\./, ""), ...(site?.hosts ?? [])],
    holds: Number(unclassified === "hold"),
  };
}
