// What goes wrong is said once, in the console and to whoever listens.

import type { ConsentError } from "./types.ts";

/** Raises `portcullis:error`. */
export function report(error: ConsentError): void {
  console.error(`portcullis: ${error.message}`, error.issues ?? "");
  window.dispatchEvent(new CustomEvent("portcullis:error", { detail: error }));
}

/** Where the whole config is checked, and more is said: on a developer's machine, and where a page is asked to. */
export const isDevelopment = (): boolean =>
  /localhost(\?|$)|[?&]portcullis=debug/.test(location.hostname + location.search);

/** Says something to the site's developers, and to nobody else. */
export function warn(message: string): void {
  if (isDevelopment()) console.warn(`portcullis: ${message}`);
}
