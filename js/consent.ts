// One visitor's consent on one page: the public object around the gate. It carries questions in and
// effects out; what follows from what is decided in Rust.

import { compile, compileVendor, views } from "./compile.ts";
import { ask, REASONS, readState, type State, send, unpack, WHY } from "./core.ts";
import { push } from "./data-layer.ts";
import { sendsSignal } from "./early/ahead.ts";
import type { EarlyPhase } from "./early/phase.ts";
import { type Loaders, makeInterface } from "./interface.ts";
import { remember, remembered } from "./region.ts";
import { isDevelopment, report } from "./report.ts";
import { SOURCES } from "./sources.ts";
import { storedRecords, writeRecord } from "./store.ts";
import type { Judge } from "./traps/judge.ts";
import type {
  Change,
  Choices,
  Config,
  Consent,
  Explanation,
  Issue,
  Jurisdiction,
  LogEntry,
  Pending,
  Provenance,
  Regime,
  Vendor,
  VendorScript,
  WithdrawalReport,
} from "./types.ts";
import type { Choice } from "./ui/choose.ts";

/** The finding on a third party that no vendor claims and the site lets through. */
const UNCLAIMED = REASONS.indexOf("unclassified") << 2;

/** How long one task of ours starts vendors and tags, in milliseconds: a click waits for no more. */
const TASK_MAX = 4;

/** Entries that the log keeps. */
const LOG_MAX = 500;

/** Goes on from the early phase with the gate, which has started, and a config that {@link bare} has gone over. */
export function makeConsent(config: Config, early: EarlyPhase, loaders: Loaders): Consent {
  const { traps, steps, trust } = early;
  const { natives: native, held } = traps;
  const compiled = compile(config, location.hostname, early.nonce);
  const vendors: Vendor[] = [...compiled.vendors];
  const log: LogEntry[] = early.log.map((entry) =>
    entry.what === "refused"
      ? { ...entry, verdict: "refuse", reason: "not-ready" }
      : { ...entry, verdict: "allow", reason: "unclassified" },
  );
  const listeners = new Set<(change: Change) => void>();
  const loaded = new Map<number, Promise<void>>();
  const shared = new Map<string, Promise<void>>();
  /** The addresses that were given with vendors registered at run time. */
  const foreign = new Map<number, unknown>();
  const undo: (() => void)[] = [];
  let state: State | null = null;
  let recordedIn: Change["recordedIn"] = "cookie";
  let lastReport: WithdrawalReport | null = null;
  let pending: Pending | null = null;
  const isAuto = config.regime === "auto";
  let jurisdiction: Jurisdiction | null = isAuto
    ? remembered(config.region)
    : {
        region: config.region ?? "",
        regime: (config.regime as Regime | undefined) ?? "opt-in",
        validDays: config.validDays ?? 180,
        link: "",
      };
  /** The gate is told, where the config leaves it open. */
  const tellJurisdiction = ({ regime, validDays }: Jurisdiction): void => {
    tell(`J\t${regime}\t${config.validDays ?? validDays}\t${now()}`);
  };
  const gpc = sendsSignal();
  const now = () => Math.floor(Date.now() / 1000);

  const read = (): State => {
    state ??= readState();
    return state;
  };

  const note: Judge["note"] = (kind, what, target, finding, element) => {
    if (log.length >= LOG_MAX) log.shift();
    const entry: LogEntry = { at: Date.now(), kind, what, target, ...explained(finding) };
    log.push(entry);
    if (what !== "held") return;
    window.dispatchEvent(new CustomEvent("portcullis:held", { detail: entry }));
    if (element?.localName === "iframe") face.embed(element as HTMLIFrameElement, entry);
  };

  const explained = (finding: number): Explanation => {
    const { verdict, reason, vendor } = unpack(finding);
    const of = vendors[vendor];
    return { verdict, reason, ...(of && { vendor: of.id, category: of.category }) };
  };

  /** Notes something about a vendor as a whole, with a finding like the gate's. */
  const noteVendor = (at: number, what: LogEntry["what"]): void => {
    const { reason = 0, granted = false } = read().vendors[at] ?? {};
    note("vendor", what, idOf(at), ((at + 1) << 8) | (reason << 2) | (granted ? 0 : 1));
  };

  const idOf = (at: number): string => vendors[at]?.id ?? "";

  /** Sends an event to the gate and performs what follows, one by one. */
  const tell = (text: string): Promise<Change> | undefined => {
    const effects = send(text);
    state = null;
    const granted: string[] = [];
    const withdrawn: number[] = [];
    const fresh: string[] = [];
    let change: Promise<Change> | undefined;
    let hasStarted = false;
    let isMore = false;
    for (const line of effects.split("\n")) {
      const [letter, first, second = ""] = line.split("\t");
      const at = Number(first);
      switch (letter) {
        case "P":
          persist(second, at);
          break;
        case "G":
          early.tellGoogle(!!at, Number(second));
          break;
        case "O":
          attempt(at, "off");
          noteVendor(at, "switched-off");
          break;
        case "w":
          withdrawn.push(at);
          steps.signal(at, false);
          break;
        case "g":
          granted.push(idOf(at));
          steps.signal(at, true);
          break;
        case "r":
          steps.signal(at, false);
          break;
        case "M":
          attempt(at, "resume");
          break;
        case "S":
          startVendor(at);
          hasStarted = true;
          break;
        case "R":
          release(at, Number(second));
          break;
        case "n":
          fresh.push(idOf(at));
          break;
        case "Q":
        case "q":
          pending = letter === "Q" ? { why: WHY[at as 0], vendors: fresh } : null;
          face.asking(!!pending);
          break;
        case "N":
          change = notify(String.fromCharCode(at), granted, withdrawn);
          break;
        case "C":
          wake();
          isMore = true;
          break;
        case "!":
          reportConfig();
      }
    }
    // Vendors start one by one, before all else that starts.
    if (!(hasStarted && isMore)) steps.deliver();
    return change;
  };

  const reportConfig = (issues?: Issue[]): void => {
    const message = "the config has problems: `npx portcullis validate` names them";
    report({ code: "config", message, ...(issues && { issues }) });
  };

  let isDue = false;
  let isWaking = false;
  /**
   * What may start does so: the first as soon as whoever runs is done, the others in tasks of their own, with
   * room between them for what has come and for the visitor.
   */
  const wake = (): void => {
    isDue = true;
    if (!isWaking) queueMicrotask(() => turns(0));
    isWaking = true;
  };
  const turns = (atMost: number): void => {
    const until = performance.now() + atMost;
    do {
      isDue = false;
      tell("N");
    } while (isDue && performance.now() < until);
    isWaking = isDue;
    if (isDue) setTimeout(turns, 0, TASK_MAX);
  };

  const persist = (value: string, seconds: number): void => {
    recordedIn = writeRecord(native, value, seconds) ? "cookie" : "nowhere";
    if (recordedIn === "nowhere") {
      report({
        code: "not-recorded",
        message: "no cookie is kept: the choice holds for this page",
      });
    }
    channel?.postMessage(0);
  };

  /** Does something with one list of a vendor's steps. What a vendor throws stays with the vendor. */
  const attempt = (
    at: number,
    list: "stub" | "start" | "loaded" | "off" | "resume",
    act: () => unknown = () => steps.perform(vendors[at]?.[list], at, native),
  ): unknown => {
    try {
      return act();
    } catch (error) {
      noteVendor(at, "failed");
      return report({ code: "vendor-failed", message: `${idOf(at)}: ${list}: ${error}` });
    }
  };

  const startVendor = (at: number): void => {
    const vendor = vendors[at];
    if (!vendor) return;
    noteVendor(at, "started");
    const { script } = vendor;
    const source = typeof script === "string" ? { src: script } : script;
    // A script of the page's own that loads the vendor is released: it need not be loaded twice.
    const isPages = !!source && !vendor.loaded?.length && held.awaits(source.src, ask);
    attempt(at, "start", () => steps.begin(vendor, at, native, isPages));
    const name = source?.shared ?? `\n${at}`;
    const loading =
      shared.get(name) ?? (source && !isPages ? early.load(source, foreign.get(at)) : Promise.resolve());
    shared.set(name, loading);
    loaded.set(at, loading);
    loading
      .then(
        () => attempt(at, "loaded"),
        () => noteVendor(at, "failed"),
      )
      .then(() => tell(`V\t${at}`));
  };

  const release = (id: number, patience: number): void => {
    // To settle twice is to settle once.
    const settle = () => tell(`T\t${id}`);
    if (patience) setTimeout(settle, patience);
    held.release(id, patience > 0, trust, settle);
  };

  /** Traps are shut by now; what erases comes as a file of its own, and reports. */
  const eraseTraces = async (withdrawn: readonly number[]): Promise<WithdrawalReport> => {
    const all = withdrawn.map((at) => ({
      at,
      vendor: vendors[at] as Vendor,
      wasRunning: !!read().vendors[at]?.ran,
    }));
    try {
      const { erase, recall } = await loaders.withdraw();
      recall(native, ask, traps.address, held);
      return await erase(native, ask, traps.address, all, (late) => {
        lastReport = late;
      });
    } catch (error) {
      report({ code: "internal", message: `nothing is erased: ${error}` });
      return { vendors: [] };
    }
  };

  const choices = (): Choices => ({
    categories: Object.fromEntries(compiled.categories.map((id, at) => [id, read().categories[at] ?? false])),
    vendors: Object.fromEntries(vendors.map(({ id }, at) => [id, !!read().vendors[at]?.granted])),
    objections: Object.fromEntries(
      vendors
        .filter(({ bases }) => bases?.includes("legitimate-interest"))
        .map(({ id }) => [id, read().objections.includes(id)]),
    ),
  });

  const announce = (source: string): void => {
    const { categories, vendors: granted } = choices();
    if (vendors.some(({ consentMode: google }) => google) || "dataLayer" in window) {
      push({ event: "portcullis_consent", portcullis: { categories, vendors: granted, source } });
    }
  };

  const notify = async (
    letter: string,
    granted: readonly string[],
    withdrawn: readonly number[],
  ): Promise<Change> => {
    const erased = withdrawn.length ? await eraseTraces(withdrawn) : null;
    const change: Change = {
      choices: choices(),
      granted,
      withdrawn: withdrawn.map(idOf),
      source: SOURCES[letter] ?? "api",
      recordedIn,
      ...(erased && { report: erased }),
    };
    lastReport = change.report ?? lastReport;
    announce(change.source);
    window.dispatchEvent(new CustomEvent("portcullis:change", { detail: change }));
    for (const listener of listeners) {
      try {
        listener(change);
      } catch (error) {
        reportError(error); // The page's own trouble, shown as such.
      }
    }
    return change;
  };

  /** What writes the record of a choice; there at once where a banner stands. */
  let chooser: Awaited<ReturnType<Loaders["banner"]>>["choose"] | undefined;
  const banner: Loaders["banner"] = async () => {
    const part = await loaders.banner();
    chooser = part.choose;
    return part;
  };

  /** The record of a choice is written by what comes with the banner, and taken in here. */
  const decide = async (choice: Choice, from?: Provenance): Promise<Change> => {
    const byPerson = navigator.userActivation?.isActive ?? true;
    // Nothing is waited for after a click on the banner: the visitor may be gone the next moment.
    const choose = chooser ?? (await banner()).choose;
    const standing = {
      ...read(),
      ...compiled,
      vendors,
      stored: storedRecords(native),
      revision: config.revision ?? 1,
      regime: consent.regime,
      gpc,
    };
    return tell(`C\t${now()}\t${choose(standing, choice, from, byPerson)}`) as Promise<Change>;
  };

  const place = (id: string): number => {
    const at = vendors.findIndex((vendor) => vendor.id === id);
    if (at < 0) throw new RangeError(`the config has no vendor "${id}"`);
    return at;
  };

  const act = (action: string | null | undefined, element: Element): void => {
    if (action === "accept") consent.acceptAll();
    if (action === "reject") consent.rejectAll();
    if (action === "settings" || action === "vendors") face.openPreferences(action, element).catch(() => {});
  };

  const listen = (target: EventTarget, type: string, listener: (event: Event) => void): void => {
    native.addEventListener(target, type, listener);
    undo.push(() => target.removeEventListener(type, listener));
  };

  const reread = (): void => {
    tell(`R\t${now()}\t${storedRecords(native).join("\n")}`);
  };

  const judge: Judge = {
    ask(question) {
      let finding: number;
      try {
        finding = ask(question);
      } catch (error) {
        // Out of memory: the page goes on, and nothing is granted any more.
        const rest = early.without(config, vendors, false);
        report({ code: "no-gate", message: `the gate broke, tags stay held: ${error}` });
        return rest.ask(question);
      }
      // A third party that nobody claims is let through where the site says so, and always logged.
      if (finding === UNCLAIMED && question[0] !== "?") {
        const [, , host = "", path = ""] = question.split("\t");
        note("request", "allowed", host + path, finding);
      }
      return finding;
    },
    note,
    wake,
  };

  const consent: Consent = {
    get ready() {
      return Promise.resolve(consent);
    },
    get regime() {
      return jurisdiction?.regime ?? "opt-in";
    },
    get jurisdiction() {
      return jurisdiction;
    },
    settle(found) {
      if (!isAuto) return;
      jurisdiction = found;
      remember(config.region, found);
      tellJurisdiction(found);
    },
    get globalPrivacyControl() {
      return gpc;
    },
    get isSignalHonored() {
      const { categories, vendors: granted } = consent.choices;
      const sells = ({ id, category, sale, carries }: Vendor) =>
        granted[id] && !carries && (sale ?? compiled.sale.includes(category));
      // A category that nobody is in sells what is marked with it.
      const isBare = (id: string) => !vendors.some(({ category }) => category === id);
      const isSold = vendors.some(sells) || compiled.sale.some((id) => categories[id] && isBare(id));
      return gpc && consent.regime !== "opt-in" && !isSold;
    },
    get categories() {
      return views(config, compiled.categories, vendors);
    },
    get vendors() {
      return vendors;
    },
    get choices() {
      return choices();
    },
    get pending() {
      return pending;
    },
    config,
    get record() {
      return read().record;
    },
    get lastReport() {
      return lastReport;
    },
    allows(what) {
      if (typeof what !== "string") return !!read().vendors[place(what.vendor)]?.granted;
      const at = compiled.categories.indexOf(what);
      return at >= 0 && !!read().categories[at];
    },
    acceptAll: (from) => decide("+", from),
    rejectAll: (from) => decide("-", from),
    choose: decide,
    async withdraw(scope) {
      const { category, vendor } = scope ?? {};
      const off = (id: string) => ({ [id]: false });
      const all = vendor ? { vendors: off(vendor) } : category ? { categories: off(category) } : "-";
      return (await decide(all)).report ?? { vendors: [] };
    },
    openPreferences: (view) => face.openPreferences(view),
    closePreferences: () => face.closePreferences(),
    register(vendor) {
      const { vendor: filled, line } = compileVendor(vendor);
      const at = vendors.push(filled) - 1;
      // Where Trusted Types are enforced this is an object of a policy of the page's own.
      const { script } = vendor;
      foreign.set(
        at,
        `${script}` === filled.script ? script : ((filled.script as VendorScript)?.src ?? filled.script),
      );
      attempt(at, "stub");
      tell(`+\t${line}`);
    },
    async load(id) {
      const at = place(id);
      if (!read().vendors[at]?.granted) throw new Error(`"${id}" is not granted`);
      tell(`D\t${at}`);
      await loaded.get(at);
    },
    loadOnce(element) {
      const kept = held.of(element);
      if (kept) tell(`L\t${kept.id}`);
    },
    whenAllowed: (what) =>
      new Promise((resolve) => {
        const check = (): boolean => {
          const granted = consent.allows(what);
          if (granted) {
            listeners.delete(check);
            resolve();
          }
          return granted;
        };
        if (!check()) listeners.add(check);
      }),
    on(_event, listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    explain(target) {
      const element = typeof target === "string" ? undefined : (target as HTMLImageElement);
      const kept = element && held.of(element);
      const {
        src = undefined,
        href = undefined,
        data = undefined,
      } = (element ?? {}) as Record<string, string>;
      const url = src || href || data || `${target}`;
      return explained(ask(`?\t${kept ? kept.request : `\t${traps.address(url)}`}`));
    },
    log: () => [...log],
    control(element, action) {
      const listener = () => act(action, element);
      element.addEventListener("click", listener);
      return () => element.removeEventListener("click", listener);
    },
    stop() {
      for (const step of undo.splice(0)) step();
      face.stop();
    },
  };

  const face = makeInterface(consent, { ...loaders, banner }, report);
  const stored = storedRecords(native).join("\n");
  if (!stored) face.hasten();

  let channel: BroadcastChannel | undefined;
  try {
    channel = new BroadcastChannel("portcullis");
    // The news may come before the cookie does: another process has it first. What a message says is not
    // believed, only that there is something to read.
    listen(channel, "message", () => {
      for (const wait of [0, 100, 1000]) setTimeout(reread, wait);
    });
    undo.push(() => channel?.close());
  } catch {
    // An opaque origin has no channel; visibilitychange still brings the news.
  }

  tell(`K\t${compiled.config}`);
  for (const at of vendors.keys()) attempt(at, "stub");
  if (isAuto && jurisdiction) tellJurisdiction(jurisdiction);
  const prerendering = native.prerendering?.(document);
  tell(`B\t${gpc ? 1 : 0}\t${prerendering ? 1 : 0}\t${now()}\t${stored}`);
  traps.connect(judge);

  listen(document, "prerenderingchange", () => tell("A"));
  listen(window, "pageshow", (event) => (event as PageTransitionEvent).persisted && reread());
  listen(document, "visibilitychange", () => native.visibilityState(document) === "visible" && reread());
  listen(document, "click", ({ target }) => {
    const control = (target as Element | null)?.closest?.("[data-portcullis]");
    const action = control?.getAttribute("data-portcullis");
    // Markup may refuse and ask, not accept.
    if (control && action !== "accept") act(action, control);
  });
  if (isDevelopment()) {
    loaders
      .tools()
      .then(({ explainPage, validateResolved }) => {
        const issues = validateResolved(JSON.stringify(config));
        if (issues.some(({ severity }) => severity === "error")) reportConfig(issues);
        // What the law does not permit is said here, too, before it is published.
        for (const { path, problem, severity } of issues) {
          if (severity === "warning") console.warn(`portcullis: ${path}: ${problem}`);
        }
        if (/portcullis=/.test(location.search)) explainPage(consent);
      })
      .catch(() => {});
  }
  held.looked = face.look;
  face.look();
  if (read().record) announce(read().record?.source ?? "api");
  window.dispatchEvent(new CustomEvent("portcullis:ready", { detail: consent }));
  return consent;
}
