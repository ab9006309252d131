// What a withdrawal erases, and its report: fetched when something is taken back.

import type { Natives } from "./natives.ts";
import { cookies } from "./store.ts";
import type { Vendor, WithdrawnVendor } from "./types.ts";

/** The gate's answer to a question: see `ask` in `wasm/gate`. */
type Ask = (question: string) => number;

/** A vendor that was withdrawn: its number, and whether anything of it had run. */
export interface Withdrawn {
  readonly at: number;
  readonly vendor: Vendor;
  readonly wasRunning: boolean;
}

/** Erases what a script can see of all vendors that are not granted; reports on those just withdrawn. */
export function erase(native: Natives, ask: Ask, withdrawn: readonly Withdrawn[]): WithdrawnVendor[] {
  const before = traces(native, ask);
  for (const { name } of before) eraseOne(native, name);
  const after = traces(native, ask);
  return withdrawn.map(({ at, vendor, wasRunning }) => {
    const mine = (of: typeof before) => of.filter((trace) => trace.vendor === at).map(({ name }) => name);
    const visible = mine(after);
    const left: WithdrawnVendor["left"][number][] = visible.map((name) => ({ name, why: "still-visible" }));
    for (const { name, party, httpOnly } of vendor.cookies ?? []) {
      if (party === "third") left.push({ name, why: "third-party" });
      else if (httpOnly) left.push({ name, why: "http-only" });
    }
    const erased = mine(before).filter((name) => !visible.includes(name));
    return { id: vendor.id, wasRunning, erased, left, resumes: vendor.resume ? "now" : "next-page" };
  });
}

/** Something that a script can see: a cookie's name, or a storage key as `local:key`. */
interface Seen {
  readonly name: string;
  readonly vendor: number;
}

/** What is visible and belongs to vendors that are not granted. */
function traces(native: Natives, ask: Ask): Seen[] {
  const names = cookies(native)
    .split(/; */)
    .map((pair) => pair.split("=", 1)[0] ?? "");
  for (const kind of ["local", "session"] as const) {
    for (const key of Object.keys(area(kind) ?? {})) names.push(`${kind}:${key}`);
  }
  return [...new Set(names)].flatMap((name) => {
    const finding = name ? ask(`n\t${name}`) : 0;
    return (finding & 3) === 2 && finding >> 8 ? [{ name, vendor: (finding >> 8) - 1 }] : [];
  });
}

/** Erases one trace, as far as a script can. */
function eraseOne(native: Natives, name: string): void {
  const [, kind, key] = /^(local|session):([\s\S]*)$/.exec(name) ?? [];
  if (kind) {
    area(kind as "local")?.removeItem(key ?? "");
    return;
  }
  // A cookie is its name, domain and path (RFC 6265bis, 5.7); a script sees the name alone. So: every
  // parent domain and host-only, every path prefix, and partitioned ones too.
  const labels = location.hostname.split(".");
  const domains = ["", ...labels.map((_, at) => `; Domain=${labels.slice(at).join(".")}`)];
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
