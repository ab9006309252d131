// The record's cookie.

import type { Natives } from "./natives.ts";

/** `__Host-` binds the cookie to this host and to https; on plain http it is not to be had. */
export const recordName = (): string => (location.protocol === "https:" ? "__Host-portcullis" : "portcullis");

/** All that `document.cookie` shows; nothing where the browser blocks it. */
export function cookies(native: Natives): string {
  try {
    return native.cookies(document);
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
    native.setCookie(document, `${recordName()}=${value}; Path=/; SameSite=Lax; Max-Age=${seconds}${secure}`);
  } catch {
    return false;
  }
  return storedRecords(native).includes(value);
}
