// The record's cookie, and erasing what vendors stored.

import { ask } from "./core.ts";
import type { Natives } from "./natives.ts";

/** `__Host-` binds the cookie to this host and to https; on plain http it is not to be had. */
export const recordName = (): string => (location.protocol === "https:" ? "__Host-portcullis" : "portcullis");

function cookies(native: Natives): string {
  try {
    return native.cookie.get.call(document);
  } catch {
    return ""; // Blocked, or a sandboxed frame: nothing is stored.
  }
}

/** Every value under our name: a sibling subdomain can plant a second one. */
export function storedRecords(native: Natives): string[] {
  const prefix = `${recordName()}=`;
  return cookies(native)
    .split(/; */)
    .filter((pair) => pair.startsWith(prefix))
    .map((pair) => pair.slice(prefix.length));
}

/** Writes the record; whether it is there afterwards. */
export function writeRecord(native: Natives, value: string, seconds: number): boolean {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  try {
    native.cookie.set.call(
      document,
      `${recordName()}=${value}; Path=/; SameSite=Lax; Max-Age=${seconds}${secure}`,
    );
  } catch {
    return false;
  }
  return storedRecords(native).includes(value);
}

/** Something that a script can see: a cookie's name, or a storage key as `local:key`. */
interface Seen {
  readonly name: string;
  readonly vendor: number;
}

/** What is visible and belongs to vendors that are not granted. */
export function traces(native: Natives): Seen[] {
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
export function erase(native: Natives, name: string): void {
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
        native.cookie.set.call(document, `${name}=; Max-Age=0; Path=${path}${domain}${flag}`);
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
