// A config as the text that the gate reads (`src/consent/config.rs`). It flattens and does not judge;
// what is obviously wrong is only noticed, so that the full check can be fetched and say what.

import type { Config, Vendor } from "./types.ts";

/** The categories that every site has, in the order of the interface; `a` always active, `s` sale or sharing. */
const CATEGORIES: { readonly [id: string]: string } = {
  necessary: "a",
  performance: "",
  functional: "",
  targeting: "s",
  social: "s",
};

const KEYS = " $schema site revision regime validDays unclassified markup categories vendors interface ";
const VENDOR_KEYS =
  " id name company country category hosts values parameters stub start script loaded off resume consentMode cookies storage carries needs starts since sale links ";

/** A config, ready for the gate. */
export interface Compiled {
  readonly text: string;
  readonly categories: readonly string[];
  readonly vendors: readonly Vendor[];
  /** Something in it is wrong: fetch the full check. */
  readonly suspect: boolean;
}

/** Compiles a config for a page on `host`. `nonce`: our own script carries one. */
export function compile(config: Config, host: string, nonce: boolean): Compiled {
  const own = [host.replace(/^www\./, ""), ...(config.site?.hosts ?? [])];
  const given = config.categories ?? {};
  const vendors: Vendor[] = [];
  let suspect = unknownKey(config, KEYS);
  const lines = [];
  for (const vendor of config.vendors ?? []) {
    // Nothing could be held of what has no claims.
    if (!vendor?.id || !Array.isArray(vendor.hosts)) {
      suspect = true;
      continue;
    }
    const filled = fill(vendor);
    suspect ||= filled.invalid;
    vendors.push(filled.vendor);
    lines.push(vendorLine(filled.vendor, filled.invalid));
  }
  // Categories nobody uses are not shown, except the two that every visitor expects to see.
  const used = new Set(vendors.flatMap(({ category, carries }) => [category, ...(carries ?? [])]));
  const categories = [...new Set([...Object.keys(CATEGORIES), ...Object.keys(given)])].filter(
    (id) => id === "necessary" || id in given || used.has(id),
  );
  return {
    text: [
      [
        "p\t1",
        config.revision ?? "",
        config.regime ?? "",
        config.unclassified ?? "",
        config.validDays ?? "",
        own.join(" "),
        config.markup ?? "",
        nonce ? 1 : 0,
      ].join("\t"),
      ...categories.map((id) => {
        const always = given[id]?.alwaysActive ? "a" : "";
        const sale = given[id]?.sale;
        const flags = CATEGORIES[id] ?? "";
        return `c\t${id}\t${always}${sale === undefined ? flags : sale ? "s" : flags.replace("s", "")}`;
      }),
      ...lines,
    ].join("\n"),
    categories,
    vendors,
    suspect,
  };
}

/** A vendor with every `{name}` replaced by the site's value. An invalid one keeps its claims and starts nothing. */
export function fill(given: Vendor): { vendor: Vendor; invalid: boolean } {
  const { values = {}, parameters = {} } = given;
  const text = JSON.stringify(given);
  const vendor: Vendor = JSON.parse(
    text.replace(/\{(\w+)\}/g, (whole, name) =>
      Object.hasOwn(values, name) ? JSON.stringify(String(values[name])).slice(1, -1) : whole,
    ),
  );
  const fits = ([name, pattern]: [string, string]): boolean => {
    try {
      return !text.includes(`{${name}}`) || new RegExp(pattern).test(values[name] ?? "");
    } catch {
      return false; // A pattern that is none.
    }
  };
  return { vendor, invalid: unknownKey(given, VENDOR_KEYS) || !Object.entries(parameters).every(fits) };
}

/** A vendor's line. */
export function vendorLine(vendor: Vendor, invalid: boolean): string {
  const flags =
    (vendor.starts === "demand" ? "d" : "") +
    (vendor.consentMode ? "g" : "") +
    (vendor.resume ? "r" : "") +
    (vendor.sale === undefined ? "" : vendor.sale ? "s" : "S");
  const names = [
    ...(vendor.cookies ?? []).filter(({ party }) => party === "first").map(({ name }) => name),
    ...(vendor.storage ?? []).map(({ kind, key }) => `${kind}:${key}`),
  ];
  return [
    "v",
    vendor.id,
    invalid ? "" : vendor.category,
    flags,
    vendor.since ?? "",
    (vendor.carries ?? []).join(" "),
    (vendor.needs ?? []).join(" "),
    [...vendor.hosts, ...loaderClaim(vendor)].join(" "),
    names.join(" "),
  ].join("\t");
}

/** A vendor claims where its loader comes from, unless that is the site itself. */
function loaderClaim({ script }: Vendor): string[] {
  try {
    const { hostname, pathname } = new URL((typeof script === "string" ? script : script?.src) ?? "");
    return [hostname + pathname];
  } catch {
    return [];
  }
}

function unknownKey(value: object, known: string): boolean {
  return Object.keys(value).some((key) => !known.includes(` ${key} `));
}
