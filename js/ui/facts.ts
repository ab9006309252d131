// What the preference centre is drawn from: choices, categories and vendors as the view's input
// (`src/view/input.rs`), and a vendor's details once they are asked for.

import type { Consent, Vendor } from "../types.ts";
import { record, records, settingsKey, type Texts, type Values } from "./records.ts";

/** What words take long to make, kept for each unit, country or number: there may be 1,500 vendors. */
export interface Formats {
  /** An ISO 8601 duration of one unit in words; what is none stays as it is. */
  duration(lifetime: string): string;
  /** A vendor's company and country. */
  who(vendor: Vendor): string;
  /** So many cookies. */
  cookies(count: number): string;
}

/** A function that makes a value for each key once. */
function once<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    if (!made.has(key)) made.set(key, make(key));
    return made.get(key) as V;
  };
}

export function formats({ tag, dir, get, plural }: Texts): Formats {
  const numbers = once(
    (unit: string) => new Intl.NumberFormat(tag, { style: "unit", unit, unitDisplay: "long" }),
  );
  const places = new Intl.DisplayNames(tag, { type: "region" });
  const place = once((country: string) => places.of(country));
  return {
    duration(lifetime) {
      const [, time, count, letter = ""] = /^P(T?)(\d+)([YMDHS])$/.exec(lifetime) ?? [];
      const units: { readonly [letter: string]: string } = time
        ? { H: "hour", M: "minute", S: "second" }
        : { Y: "year", M: "month", D: "day" };
      const unit = units[letter];
      if (!unit) return lifetime === "session" ? get("lifetime.session") : lifetime;
      return numbers(unit).format(Number(count));
    },
    who({ company, country }) {
      // Arabic has a comma of its own.
      return [company, country && place(country)].filter(Boolean).join(dir === "rtl" ? "، " : ", ");
    },
    cookies: once((count) => plural("cookies", count)),
  };
}

/** A name as it is searched: without case and accents. */
export const fold = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** The name or the description of a category: the site's own, else the language's. */
export function categoryText(
  { config }: Consent,
  { tag, all }: Texts,
  id: string,
  part: "name" | "description",
) {
  const own = config.categories?.[id]?.texts ?? {};
  const text = (own[tag] ?? own.en ?? Object.values(own)[0])?.[part];
  return text ?? all[`category.${id}.${part}`] ?? (part === "name" ? id : "");
}

/** The one cookie that is ours, so that nothing stored goes unsaid, as a vendor's. */
export function ownVendor(consent: Consent): Vendor {
  // Nowhere but in a page is there a location.
  const place = globalThis.location as Location | undefined;
  const name = place?.protocol === "http:" ? "portcullis" : "__Host-portcullis";
  const lifetime = `P${consent.jurisdiction?.validDays ?? 180}D`;
  return {
    id: "portcullis",
    name: consent.config.site?.name ?? place?.hostname ?? "",
    category: "necessary",
    hosts: [],
    cookies: [
      { name, party: "first", lifetime, purpose: "consent" },
      // Beside the cookie, in the browser's storage: see `docs/record.md`.
      { name: "portcullis.ahead", party: "first", lifetime: "P1D", purpose: "preferences" },
      ...(consent.config.regime === "auto"
        ? [{ name: "portcullis.region", party: "first", lifetime: "P1D", purpose: "preferences" } as const]
        : []),
    ],
  };
}

/** The whole input. */
export function input(consent: Consent, words: Texts, kinds: Formats, facts: Values): string {
  const { config, choices, regime } = consent;
  const names = new Intl.ListFormat(words.tag);
  const at = consent.record && new Date(consent.record.at);
  const allOf = (column: string) => words.get("vendors.all", { column: words.get(`vendors.${column}`) });
  let text = records(words, /^(preferences|vendors?\.|banner\.(reject|gpc))/, {
    ...facts,
    rights: config.site?.exerciseRights ?? "",
    record: consent.record?.id ?? "",
    date: at ? new Intl.DateTimeFormat(words.tag, { dateStyle: "long" }).format(at) : "",
    allConsent: allOf("consent"),
    allInterest: allOf("interest"),
  });
  for (const { id, alwaysActive, vendors } of consent.categories) {
    const mark = choices.categories[id];
    text += record(
      "c",
      id,
      alwaysActive === undefined ? "" : alwaysActive || 1,
      mark === "mixed" ? "m" : mark ? 1 : 0,
      categoryText(consent, words, id, "name"),
      categoryText(consent, words, id, "description"),
      vendors.length || id === "necessary"
        ? `· ${words.plural("vendors", vendors.length + Number(id === "necessary"))}`
        : "",
    );
  }
  for (const vendor of [ownVendor(consent), ...consent.vendors]) {
    const { id, name, category, carries, cookies = [], bases = ["consent"] } = vendor;
    const objected = choices.objections[id];
    text += record(
      "v",
      id,
      category,
      Number(choices.vendors[id] ?? false),
      name,
      [kinds.who(vendor), cookies.length && kinds.cookies(cookies.length)].filter(Boolean).join(" · "),
      carries ? "" : bases.map((basis) => basis[0]).join(""),
      // Nothing is switched on beforehand where visitors are asked first.
      Number(objected === false && (!!consent.record || regime !== "opt-in")),
      carries
        ? words.get("vendor.carries", {
            names: names.format(carries.map((of) => categoryText(consent, words, of, "name"))),
          })
        : "",
      fold(name),
    );
  }
  return text;
}

/** What a vendor stores: cookies, then other storage; of each its name, what it is for, whose it is, how long. */
function stored({ cookies = [], storage = [] }: Vendor, { get }: Texts, duration: Formats["duration"]) {
  const row = (name: string, purpose: string, party: string, lifetime: string): [string, ...string[]] => [
    name,
    get(`purpose.${purpose}`),
    get(`party.${party}`),
    duration(lifetime),
  ];
  return [
    ...cookies.map(({ name, purpose, party, lifetime }) => row(name, purpose, party, lifetime)),
    // Only that of a browser tab has an end of its own.
    ...storage.map(({ key, purpose, kind }) => row(key, purpose, "first", kind === "session" ? kind : "")),
  ];
}

/** What a vendor opens to. */
export function details(vendor: Vendor, words: Texts, { duration }: Formats): string {
  const { links = {}, reason, retention } = vendor;
  const kept = retention && words.get("vendor.retention", { duration: duration(retention) });
  let text = record(
    "d",
    links.privacy ?? "",
    links.optOut ?? "",
    ...[reason, kept].flatMap((line) => line || []),
  );
  for (const [name, ...parts] of stored(vendor, words, duration)) {
    text += record("k", name, parts.filter(Boolean).join(" · "));
  }
  return text;
}

/** Where the industry lets visitors opt out, by the regime; and how browsers deal with cookies. */
const PAGES = {
  browsers: "https://allaboutcookies.org/how-to-manage-cookies",
  "opt-out": "https://optout.aboutads.info/",
  "opt-in": "https://www.youronlinechoices.eu/",
};

/** The declaration's input (`src/view/declaration.rs`). `hasChoices`: the visitor's own are known. */
export function declared(
  consent: Consent,
  words: Texts,
  { who, duration }: Formats,
  hasChoices: boolean,
): string {
  const { choices, regime } = consent;
  let text = records(words, /^(declaration|preferences\.always|vendors\.vendor|vendor\.privacy)/, {
    choices: Number(hasChoices),
    settings: words.get(settingsKey(regime)),
    browsers: PAGES.browsers,
    industry: regime === "notice" ? "" : PAGES[regime],
  });
  for (const { id, alwaysActive } of consent.categories) {
    const [name, description] = (["name", "description"] as const).map((part) =>
      categoryText(consent, words, id, part),
    );
    text += record(
      "c",
      id,
      alwaysActive === undefined ? "" : alwaysActive || 1,
      "",
      name ?? "",
      description ?? "",
    );
  }
  for (const vendor of [ownVendor(consent), ...consent.vendors]) {
    const { id, name, category, links } = vendor;
    const isOn = id === "portcullis" || choices.vendors[id];
    text += record("v", id, category, Number(isOn ?? false), name, who(vendor), links?.privacy ?? "");
    for (const fields of stored(vendor, words, duration)) text += record("k", ...fields);
  }
  return text;
}
