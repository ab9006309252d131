// The public vocabulary: what a site writes down (config, vendors) and what it gets back (the
// Consent object). Types only; nothing here exists at run time.

/** Where a visitor's choice stands for one category. `"mixed"`: some of its vendors are granted. */
export type CategoryChoice = boolean | "mixed";

/** The legal model in force. */
export type Regime = "opt-in" | "opt-out" | "notice";

/** What is in force where the visitor is: a row of `regimes/jurisdictions.tsv`. */
export interface Jurisdiction {
  /**
   * ISO 3166-1 code of the country, or ISO 3166-2 code of the state; empty where it is not known, and where the
   * time zone says no more than that the strictest holds.
   */
  readonly region: string;
  readonly regime: Regime;
  /** For how long a choice holds, in days. */
  readonly validDays: number;
  /** What the way to say no is called, where the law has a name for it. */
  readonly link: "sell" | "opt-out" | "";
}

/** How a choice was made, as written to the record. */
export type ChoiceSource = "banner-accept" | "banner-reject" | "preferences" | "gpc" | "api" | "imported";

/** What a literal argument of a vendor's call may be. Text may hold `{parameter}` placeholders. */
export type StepValue =
  | string
  | number
  | boolean
  | null
  | readonly StepValue[]
  | { readonly [key: string]: StepValue };

/**
 * One step of a vendor's stub, start, off-switch or resume: a closed vocabulary, performed by our
 * code, so that vendor data never becomes code. Names are paths from `window` (`"Munchkin.init"`);
 * text may hold `{parameter}` placeholders. Two values are live: `{"$": "date"}` is a new `Date`,
 * `{"$": "millis"}` is milliseconds since 1970 as a number.
 */
export type Step =
  /** `window[name]` becomes an array unless it is defined. */
  | { readonly do: "array"; readonly name: string }
  /** `window[name]` becomes a function that pushes its Arguments object to array `window[queue]`. */
  | { readonly do: "arguments-queue"; readonly name: string; readonly queue: string }
  /**
   * `window[name]` becomes a function that calls `name[forward]` once that exists, and until then
   * pushes each call to array `name[queue]`: as an Arguments object or as a plain list.
   */
  | {
      readonly do: "function-queue";
      readonly name: string;
      readonly queue: string;
      readonly forward?: string;
      readonly item: "arguments" | "list";
      /** Further properties of the function, for example `version`. */
      readonly with?: { readonly [key: string]: StepValue };
      /** Names that are to hold the same function (`_fbq`, `fbq.push`), where still undefined. */
      readonly also?: readonly string[];
    }
  /** `window[name] = value`. */
  | { readonly do: "set"; readonly name: string; readonly value: StepValue }
  /** Pushes a value to the array `window[name]`. */
  | { readonly do: "push"; readonly name: string; readonly value: StepValue }
  /** Calls the function at `window[name]`; absent functions are skipped. */
  | { readonly do: "call"; readonly name: string; readonly arguments: readonly StepValue[] }
  /** Sets (or with `value: null` erases) a first-party cookie of the vendor's own opt-out. */
  | { readonly do: "cookie"; readonly name: string; readonly value: string | null };

/** A cookie that a vendor is known to set. */
export interface VendorCookie {
  /** Name, with `*` for any run of characters (`_ga_*`). May hold `{parameter}` placeholders. */
  readonly name: string;
  /** On the site's own domain, or on the vendor's (which no script of the site can erase). */
  readonly party: "first" | "third";
  /** ISO 8601 duration (`P2Y`, `PT30M`), or `"session"`. */
  readonly lifetime: string;
  /** One of the closed list of purposes that every locale translates. */
  readonly purpose: CookiePurpose;
  /** Set by a server with HttpOnly: invisible to script, so it can be declared but not checked. */
  readonly httpOnly?: boolean;
}

/** Why a cookie is stored; each has a sentence in every locale. */
export type CookiePurpose =
  | "consent"
  | "visitor-id"
  | "session"
  | "rate-limit"
  | "campaign"
  | "conversion"
  | "advertising"
  | "login"
  | "opt-out"
  | "security"
  | "preferences"
  | "test";

/** Storage that a vendor is known to use on the site's origin. */
export interface VendorStorage {
  readonly kind: "local" | "session" | "indexeddb" | "cache";
  /** Key, or the name of a database or cache, with `*` for any run of characters. */
  readonly key: string;
  readonly purpose: CookiePurpose;
}

/** A vendor as the page needs it: one entry of the catalogue, with the site's values. */
export interface Vendor {
  readonly id: string;
  readonly name: string;
  /** The company behind it, and its country (ISO 3166-1 alpha-2). */
  readonly company?: string;
  readonly country?: string;
  readonly category: string;
  /** Why it is strictly necessary, where that is its category: visitors read it in its details. */
  readonly reason?: string;
  /**
   * The legal bases it claims. Default: consent. A legitimate interest lets nothing through where visitors are
   * asked first; it is disclosed, and can be objected to.
   */
  readonly bases?: readonly ("consent" | "legitimate-interest")[];
  /** How long the vendor keeps what it collects: an ISO 8601 duration. */
  readonly retention?: string;
  /**
   * Endpoints it answers on: `host`, `host/path/prefix` or `host/path?key=prefix`. A host claims its
   * subdomains too; `*` in a path stands for any run of characters; a host may end in `.*` for
   * country domains (`www.google.*`).
   */
  readonly hosts: readonly string[];
  /** Values of the parameters named in `{…}` placeholders. */
  readonly values?: { readonly [parameter: string]: string };
  /** Regular expression of each parameter, checked at start. */
  readonly parameters?: { readonly [parameter: string]: string };
  /** Steps at start of every page, whatever the choice: they must neither request nor store. */
  readonly stub?: readonly Step[];
  /** Steps at a grant, right before the script is loaded. */
  readonly start?: readonly Step[];
  /** The loader. A plain address, or details. */
  readonly script?: string | VendorScript;
  /** Steps after the loader has run. */
  readonly loaded?: readonly Step[];
  /** Steps at withdrawal, if the vendor is running. */
  readonly off?: readonly Step[];
  /**
   * Steps when it is granted again in the same document. An empty list: its running script just
   * goes on. Left out: it can only come back on the next page.
   */
  readonly resume?: readonly Step[];
  /** It obeys Google Consent Mode. */
  readonly consentMode?: boolean;
  readonly cookies?: readonly VendorCookie[];
  readonly storage?: readonly VendorStorage[];
  /** Categories that a container brings; it starts when any of them is granted. */
  readonly carries?: readonly string[];
  /** Ids of vendors that must have started before. */
  readonly needs?: readonly string[];
  /** `"demand"`: only when the page asks with `consent.load(id)`. Default `"grant"`. */
  readonly starts?: "grant" | "demand";
  /** Config revision in which the site added it (default: there from the beginning). */
  readonly since?: number;
  /** Counts as sale or sharing for Global Privacy Control, whatever its category says. */
  readonly sale?: boolean;
  readonly links?: { readonly privacy?: string; readonly optOut?: string };
}

/** A vendor's loader. */
export interface VendorScript {
  readonly src: string;
  /** Loaders with the same name are interchangeable: the first is loaded, the others are not. */
  readonly shared?: string;
  readonly crossOrigin?: "anonymous" | "use-credentials";
  readonly integrity?: string;
  /** The element's `id`, where the vendor's own code looks for it. */
  readonly elementId?: string;
}

/** A category of the site. */
export interface CategoryConfig {
  /** Runs without being asked, for the reason written here, which visitors can read. */
  readonly alwaysActive?: string;
  /** Counts as sale or sharing for Global Privacy Control. */
  readonly sale?: boolean;
  /** Texts of a category of the site's own, by language. */
  readonly texts?: { readonly [language: string]: { readonly name: string; readonly description: string } };
}

/** What the interface looks and reads like. */
export interface InterfaceConfig {
  /** Where the banner stands. Default `"bottom"`. */
  readonly banner?: "bottom" | "top" | "corner" | "dialog";
  /** A button that closes the banner, where visitors are asked first: it rejects all, and says so. Default false. */
  readonly close?: boolean;
  /** `false`: no way to say no on the banner itself. Counts only where nobody has to be asked first. */
  readonly reject?: boolean;
  /** BCP 47 tag, or `"auto"`: the page's `lang`, then the browser's languages. */
  readonly language?: string;
  /** Pages on which nothing is asked (legal notices, say): paths, with `*` for any run of characters. */
  readonly silent?: readonly string[];
  /** Whether the floating way back is drawn. Default true. */
  readonly wayBack?: boolean;
  /** `"auto"` follows the visitor's system. Default `"auto"`. */
  readonly scheme?: "auto" | "light" | "dark";
  /** Values of the documented custom properties, without the leading `--portcullis-`. */
  readonly theme?: { readonly [property: string]: string };
  /** The site's own wording: language → key of the locale file → text. */
  readonly texts?: { readonly [language: string]: { readonly [key: string]: string } };
}

/** What a site declares. */
export interface Config {
  readonly site?: {
    readonly name?: string;
    /** Further hosts of the site's own, never gated unless a vendor claims them. */
    readonly hosts?: readonly string[];
    readonly privacyPolicy?: string;
    readonly cookieNotice?: string;
    readonly exerciseRights?: string;
  };
  /** Counts up when what visitors are asked changes. Default 1. */
  readonly revision?: number;
  /**
   * Default `"opt-in"`. `"auto"`: that of the visitor's region, which the site's server says (`region`), else the
   * time zone; until it is worked out, and where it is not known, the strictest.
   */
  readonly regime?: Regime | "auto";
  /** Where the visitor is, if the site's server knows: an ISO 3166-1 country or an ISO 3166-2 state (`"US-CA"`). */
  readonly region?: string;
  /** A choice is asked again after so many days. Default 180; with `"auto"`, what the region's law says. */
  readonly validDays?: number;
  /** What happens to a third party that no vendor claims. Default `"allow"`. */
  readonly unclassified?: "allow" | "hold";
  /**
   * Which marked or found scripts of the HTML are released: all, those that carried the nonce of our
   * own script, or none. Default: `"nonce"` where our script carries one, else `"page"`.
   */
  readonly markup?: "page" | "nonce" | "off";
  readonly categories?: { readonly [id: string]: CategoryConfig };
  readonly vendors?: readonly Vendor[];
  readonly interface?: InterfaceConfig;
}

/** Who decided, and what they had been shown. Interfaces pass it; others may leave it out. */
export interface Provenance {
  readonly source: ChoiceSource;
  /** BCP 47 tag of the texts shown. */
  readonly language?: string;
  /** Digest of texts, layout and theme shown: 8 hexadecimal digits. */
  readonly shown?: string;
}

/** A category as interfaces show it. */
export interface CategoryView {
  readonly id: string;
  /** The site's written reason, where the category is always active. */
  readonly alwaysActive?: string;
  readonly texts?: CategoryConfig["texts"];
  readonly vendors: readonly string[];
}

/** What is granted now. */
export interface Choices {
  readonly categories: { readonly [id: string]: CategoryChoice };
  readonly vendors: { readonly [id: string]: boolean };
  /** Whether the visitor objects to a legitimate interest, for each vendor that claims one. */
  readonly objections: { readonly [id: string]: boolean };
}

/** What a visitor decides; what is left out keeps its present choice. */
export interface Decision {
  readonly categories?: { readonly [id: string]: boolean };
  readonly vendors?: { readonly [id: string]: boolean };
  /** Objections to a legitimate interest, by vendor. */
  readonly objections?: { readonly [id: string]: boolean };
}

/** Why the visitor is to be asked. */
export interface Pending {
  /** No choice yet; the choice is too old; there are new vendors or categories. */
  readonly why: "first" | "expired" | "new";
  /** For `"new"`: ids of the vendors that the choice does not cover. */
  readonly vendors: readonly string[];
}

/** What withdrawal did for one vendor, and what it could not do. */
export interface WithdrawnVendor {
  readonly id: string;
  /** Its script had run on this page: it was told to stop, and its traps are shut. */
  readonly wasRunning: boolean;
  /** Cookies that are gone by their names; storage as `local:key`, service workers as `worker:scope`. */
  readonly erased: readonly string[];
  /** What is left, and why. */
  readonly left: readonly {
    readonly name: string;
    readonly why: "still-visible" | "third-party" | "http-only";
  }[];
  /** When it can run again, should it be granted again. */
  readonly resumes: "now" | "next-page";
}

/** What a withdrawal did. */
export interface WithdrawalReport {
  readonly vendors: readonly WithdrawnVendor[];
}

/** What became of a choice. */
export interface Change {
  readonly choices: Choices;
  /** Ids of vendors that were not granted before, and of those that no longer are. */
  readonly granted: readonly string[];
  readonly withdrawn: readonly string[];
  readonly source: ChoiceSource;
  /** `"nowhere"`: the browser keeps nothing; the choice holds for this page, then we ask again. */
  readonly recordedIn: "cookie" | "nowhere";
  /** Present where something was withdrawn. */
  readonly report?: WithdrawalReport;
}

/** Why something was allowed, held or refused. */
export interface Explanation {
  readonly verdict: "allow" | "hold" | "refuse";
  readonly reason: Reason;
  readonly vendor?: string;
  readonly category?: string;
}

export type Reason =
  | "not-a-request"
  | "first-party"
  | "granted"
  | "always-active"
  | "not-granted"
  | "not-asked-yet"
  | "global-privacy-control"
  | "next-page"
  | "unclassified"
  | "unknown-vendor"
  | "unknown-category"
  | "markup-off"
  | "no-nonce"
  | "not-ready"
  | "record-cookie";

/** One line of the log: what was held, released or refused, when and why. */
export interface LogEntry extends Explanation {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `"script"`, `"iframe"`, `"img"`, `"fetch"`, `"xhr"`, `"beacon"`, `"cookie"`, `"vendor"`. */
  readonly kind: string;
  readonly what: "held" | "released" | "refused" | "allowed" | "started" | "failed" | "switched-off";
  /** Address, cookie name or vendor id. */
  readonly target: string;
}

/** One problem of a config. */
export interface Issue {
  /** Where: `vendors[2].measurementId`. */
  readonly path: string;
  readonly problem: string;
  /** The nearest right spelling, where there is one. */
  readonly nearest?: string;
}

/** What `portcullis:error` carries. Nothing of a visitor's is in it. */
export interface ConsentError {
  readonly code:
    | "config"
    | "not-recorded"
    | "no-webassembly"
    | "no-gate"
    | "no-interface"
    | "vendor-failed"
    | "internal";
  readonly message: string;
  readonly issues?: readonly Issue[];
}

/** Consent of one visitor on one page. */
export interface Consent {
  /** Settles once verdicts can be given. */
  readonly ready: Promise<Consent>;
  readonly regime: Regime;
  /** What is in force here; null while `regime: "auto"` is not worked out yet. */
  readonly jurisdiction: Jurisdiction | null;
  /** The visitor's browser sends Global Privacy Control. */
  readonly globalPrivacyControl: boolean;
  /** It counts here, and is honoured: nothing that sells or shares is granted. */
  readonly isSignalHonored: boolean;
  readonly categories: readonly CategoryView[];
  readonly vendors: readonly Vendor[];
  readonly choices: Choices;
  readonly pending: Pending | null;
  /** The config as given, for interfaces. */
  readonly config: Config;
  /** Random id and time (milliseconds since 1970) of the record; null before a choice. */
  readonly record: { readonly id: string; readonly at: number; readonly source: ChoiceSource } | null;
  /** What the last withdrawal on this page did. */
  readonly lastReport: WithdrawalReport | null;

  allows(what: string | { readonly vendor: string }): boolean;
  acceptAll(from?: Provenance): Promise<Change>;
  rejectAll(from?: Provenance): Promise<Change>;
  /** Rejects with a RangeError for a category or vendor that the config does not have; nothing has changed then. */
  choose(decision: Decision, from?: Provenance): Promise<Change>;
  /** Takes back everything, one category or one vendor. */
  withdraw(scope?: { readonly category?: string; readonly vendor?: string }): Promise<WithdrawalReport>;
  /** Says what is in force here, where the config leaves it to the region: what the interface works out. */
  settle(found: Jurisdiction): void;
  /** Opens the preference centre; with `"vendors"`, at the list of vendors. */
  openPreferences(view?: "settings" | "vendors"): Promise<void>;
  closePreferences(): void;
  /** Adds a vendor at run time. */
  register(vendor: Vendor): void;
  /** Starts a vendor that waits to be asked for; rejects unless it is granted. */
  load(vendor: string): Promise<void>;
  /** Lets one held element through, this once: nothing is granted, and nothing recorded. */
  loadOnce(element: Element): void;
  /** Settles when the category, or the vendor, is granted. */
  whenAllowed(what: string | { readonly vendor: string }): Promise<void>;
  on(event: "change", listener: (change: Change) => void): () => void;
  explain(target: string | Element): Explanation;
  log(): readonly LogEntry[];
  /** Binds an element of the page's own to an action; returns what unbinds it. */
  control(element: Element, action: "accept" | "reject" | "settings" | "vendors"): () => void;
  stop(): void;
}
