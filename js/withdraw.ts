// What a withdrawal erases, and its report: fetched when something is taken back.

import type { Holder } from "./held.ts";
import type { Natives } from "./natives.ts";
import { cookies } from "./store.ts";
import type { Vendor, WithdrawalReport, WithdrawnVendor } from "./types.ts";

/** The gate's answer to a question: see `ask` in `wasm/gate`. */
type Ask = (question: string) => number;

/** A vendor that was withdrawn: its number, and whether anything of it had run. */
export interface Withdrawn {
  readonly at: number;
  readonly vendor: Vendor;
  readonly wasRunning: boolean;
}

/**
 * Frames of vendors that are not granted any more go back to waiting: in the same place, and empty. A frame that only
 * loses its address would stay what it is.
 */
export function recall(native: Natives, ask: Ask, address: (url: string) => string, held: Holder): void {
  for (const element of native.querySelectorAll(document, "iframe,embed,object")) {
    const name = element.localName === "object" ? "data" : "src";
    const value = native.getAttribute(element, name);
    const { parentNode, nextSibling } = element;
    if (!value || held.of(element) || !parentNode) continue;
    const marks = held.marks(element);
    const request = `\t${address(value)}${marks}`;
    if (!(ask(`?\t${request}`) & 3)) continue;
    native.appendChild(native.createDocumentFragment(document), element);
    held.aside(element, name, value, request, marks ? "marked" : undefined);
    native.insertBefore(parentNode, element, nextSibling);
  }
}

/** How long what still runs has to write its cookies back, before we look again. */
const SECOND_LOOK_MS = 1000;

/**
 * Erases what a script can see of all vendors that are not granted; reports on those just withdrawn. Running
 * scripts write back what they have lost: there is a second look, and `later` gets the report as it is then.
 */
export async function erase(
  native: Natives,
  ask: Ask,
  address: (url: string) => string,
  withdrawn: readonly Withdrawn[],
  later: (report: WithdrawalReport) => void,
): Promise<WithdrawalReport> {
  const found: Seen[] = [];
  const look = async (): Promise<WithdrawalReport> => {
    const before = await traces(native, ask, address);
    found.push(...before);
    await Promise.all(before.map((trace) => eraseOne(native, trace.name).catch(() => {})));
    const after = before.length ? await traces(native, ask, address) : [];
    return { vendors: withdrawn.map((of) => reportOn(of, found, after)) };
  };
  setTimeout(() => look().then(later), SECOND_LOOK_MS);
  return look();
}

function reportOn(
  { at, vendor, wasRunning }: Withdrawn,
  before: readonly Seen[],
  after: readonly Seen[],
): WithdrawnVendor {
  const mine = (of: readonly Seen[]) => of.filter((trace) => trace.vendor === at).map(({ name }) => name);
  const visible = mine(after);
  const left: WithdrawnVendor["left"][number][] = visible.map((name) => ({ name, why: "still-visible" }));
  for (const { name, party, httpOnly } of vendor.cookies ?? []) {
    if (party === "third") left.push({ name, why: "third-party" });
    else if (httpOnly) left.push({ name, why: "http-only" });
  }
  const erased = [...new Set(mine(before))].filter((name) => !visible.includes(name));
  return { id: vendor.id, wasRunning, erased, left, resumes: vendor.resume ? "now" : "next-page" };
}

/** Something that a script can see: a cookie's name, a storage key as `local:key`, a worker as `worker:scope`. */
interface Seen {
  readonly name: string;
  readonly vendor: number;
}

/** What is visible and belongs to vendors that are not granted. */
async function traces(native: Natives, ask: Ask, address: (url: string) => string): Promise<Seen[]> {
  const names = cookies(native)
    .split(/; */)
    .map((pair) => pair.split("=", 1)[0] ?? "");
  for (const kind of ["local", "session"] as const) {
    for (const key of Object.keys(area(kind) ?? {})) names.push(`${kind}:${key}`);
  }
  // Each of these is missing, or refused, somewhere.
  const listed = async (list: () => Promise<readonly string[]>): Promise<readonly string[]> => {
    try {
      return await list();
    } catch {
      return [];
    }
  };
  const [databases, stores, workers] = await Promise.all([
    listed(async () => (await indexedDB.databases()).map(({ name }) => `indexeddb:${name}`)),
    listed(async () => (await caches.keys()).map((name) => `cache:${name}`)),
    listed(async () =>
      (await navigator.serviceWorker.getRegistrations()).map(
        ({ scope, active, waiting, installing }) =>
          `${(active ?? waiting ?? installing)?.scriptURL}\n${scope}`,
      ),
    ),
  ]);
  names.push(...databases, ...stores);
  const seen = (name: string, finding: number): Seen[] =>
    finding & 3 && finding >> 8 ? [{ name, vendor: (finding >> 8) - 1 }] : [];
  return [
    ...[...new Set(names)].flatMap((name) => (name ? seen(name, ask(`n\t${name}`)) : [])),
    // A worker is the vendor's whose claims its script answers to.
    ...workers.flatMap((worker) => {
      const [script = "", scope] = worker.split("\n");
      return seen(`worker:${scope}`, ask(`?\t\t${address(script)}`));
    }),
  ];
}

/** Erases one trace, as far as a script can. */
async function eraseOne(native: Natives, name: string): Promise<void> {
  const [, kind, key = ""] = /^(local|session|indexeddb|cache|worker):([\s\S]*)$/.exec(name) ?? [];
  if (kind === "local" || kind === "session") area(kind)?.removeItem(key);
  else if (kind === "cache") await caches.delete(key);
  else if (kind === "worker") await (await navigator.serviceWorker.getRegistration(key))?.unregister();
  else if (kind === "indexeddb") {
    await new Promise((resolve) => {
      const request = indexedDB.deleteDatabase(key);
      // One that is open elsewhere goes when it is closed there; until then it is still visible.
      request.onsuccess = request.onerror = request.onblocked = resolve;
    });
  } else eraseCookie(native, name);
}

function eraseCookie(native: Natives, name: string): void {
  // A cookie is its name, domain and path (RFC 6265bis, 5.7); a script sees the name alone. So: every
  // parent domain and host-only, every path prefix, and partitioned ones too.
  const labels = location.hostname.split(".");
  // No browser takes a cookie for a whole top-level domain.
  const parents = labels.slice(0, -1).map((_, at) => `; Domain=${labels.slice(at).join(".")}`);
  const domains = ["", ...parents];
  const folders = location.pathname.split("/");
  const paths = new Set(["/"]);
  for (let end = 2; end <= folders.length; end++) {
    const path = folders.slice(0, end).join("/");
    paths.add(path).add(`${path}/`);
  }
  const flags = location.protocol === "https:" ? ["; Secure", "; Secure; SameSite=None; Partitioned"] : [""];
  for (const domain of domains) {
    for (const path of paths) {
      for (const flag of flags) {
        native.setCookie(document, `${name}=; Max-Age=0; Path=${path}${domain}${flag}`);
      }
    }
  }
}

function area(kind: "local" | "session"): Storage | undefined {
  try {
    return window[`${kind}Storage`];
  } catch {
    return undefined; // Blocked.
  }
}
