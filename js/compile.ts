// A config as the text that the gate reads (`src/consent/config.rs`). It flattens and does not judge.

import type { CategoryView, Config, Vendor } from "./types.ts";

/** Of the categories that every site has those that count as sale or sharing, unless the site says otherwise. */
const SALE = ["targeting", "social"];
/** The categories that every site has, in the order of the interface. The first is always active. */
const CATEGORIES = ["necessary", "performance", "functional", ...SALE];

/**
 * Data as objects that inherit nothing: what a script of the page has put on `Object.prototype` must not
 * read as the site's own word.
 */
export const bare = <T>(data: T): T =>
  JSON.parse(JSON.stringify(data), (_, value) =>
    value && typeof value === "object" && !Array.isArray(value)
      ? Object.assign(Object.create(null), value)
      : value,
  );

/** A config, ready for the gate. */
export interface Compiled {
  /** What the gate reads. */
  readonly config: string;
  readonly categories: readonly string[];
  /** Those that count as sale or sharing. */
  readonly sale: readonly string[];
  readonly vendors: readonly Vendor[];
}

/** Categories as interfaces show them. */
export const views = (
  { categories: given }: Config,
  ids: readonly string[],
  vendors: readonly Vendor[],
): CategoryView[] =>
  ids.map((id) => {
    const of = given?.[id];
    return {
      id,
      vendors: vendors.filter(({ category }) => category === id).map((vendor) => vendor.id),
      ...(of?.alwaysActive || id === "necessary" ? { alwaysActive: of?.alwaysActive ?? "" } : {}),
      ...(of?.texts && { texts: of.texts }),
    };
  });

/** Compiles a config for a page on `host`. `nonce`: our own script carries one. */
export function compile(config: Config, host: string, nonce: string): Compiled {
  // No rest: what it makes inherits again.
  const { site, categories: given = bare<NonNullable<Config["categories"]>>({}), vendors: all = [] } = config;
  // Nothing could be held of what has no claims.
  const lines = all.filter((vendor) => vendor?.id && Array.isArray(vendor.hosts)).map(compileVendor);
  const vendors = lines.map(({ vendor }) => vendor);
  // Categories that nobody uses are not shown.
  const used = [
    "necessary",
    ...Object.keys(given),
    ...vendors.flatMap(({ category, carries = [] }) => [category, ...carries]),
  ];
  const categories = [...new Set([...CATEGORIES, ...Object.keys(given)])].filter((id) => used.includes(id));
  const { revision, regime, unclassified, validDays, markup } = config;
  const own = [host.replace(/^www\./, ""), ...(site?.hosts ?? [])].join(" ");
  const page = ["p\t1", revision, regime, unclassified, validDays, own, markup, nonce ? 1 : 0];
  const sale = categories.filter((id) => given[id]?.sale ?? SALE.includes(id));
  const category = (id: string): string =>
    `c\t${id}\t${given[id]?.alwaysActive || id === "necessary" ? "a" : ""}${sale.includes(id) ? "s" : ""}`;
  return {
    config: [page.join("\t"), ...categories.map(category), ...lines.map(({ line }) => line)].join("\n"),
    categories,
    sale,
    vendors,
  };
}

/**
 * A vendor with every `{name}` replaced by the site's value, and its line. One whose values have not the form
 * of its parameters keeps its claims and starts nothing: it has no category.
 */
export function compileVendor(given: Vendor): { vendor: Vendor; line: string } {
  const { values = {}, parameters = {} } = given;
  const text = JSON.stringify(given);
  const vendor: Vendor = bare(
    JSON.parse(
      text.replace(/\{(\w+)\}/g, (whole, name) =>
        Object.hasOwn(values, name) ? JSON.stringify(String(values[name])).slice(1, -1) : whole,
      ),
    ),
  );
  const fits = ([name, pattern]: [string, string]): boolean => {
    try {
      return !text.includes(`{${name}}`) || new RegExp(pattern).test(values[name] ?? "");
    } catch {
      return false; // A pattern that is none.
    }
  };
  const { id, category, starts, consentMode, resume, sale, since, carries, needs, hosts, script, bases } =
    vendor;
  const { cookies = [], storage = [] } = vendor;
  const flags =
    (starts === "demand" ? "d" : "") +
    (consentMode ? "g" : "") +
    (resume ? "r" : "") +
    (sale ? "s" : "") +
    // An interest beside consent, or nothing else.
    (bases?.includes("legitimate-interest") ? (bases[1] ? "l" : "lL") : "");
  const names = [
    ...cookies.filter(({ party }) => party === "first").map(({ name }) => name),
    ...storage.map(({ kind, key }) => `${kind}:${key}`),
  ];
  const words = (list: readonly string[] = []) => list.join(" ");
  return {
    vendor,
    line: [
      "v",
      id,
      Object.entries(parameters).every(fits) ? category : "",
      sale === false ? `${flags}S` : flags,
      since,
      words(carries),
      words(needs),
      words([...hosts, ...loaderClaim(script)]),
      words(names),
    ].join("\t"),
  };
}

/** A vendor claims where its loader comes from, unless that is the site itself. */
function loaderClaim(script: Vendor["script"]): string[] {
  if (!script) return []; // An error takes milliseconds to make.
  try {
    const { hostname, pathname } = new URL(typeof script === "string" ? script : script.src);
    return [hostname + pathname];
  } catch {
    return [];
  }
}
