// What goes wrong is said once, in the console and to whoever listens.

import type { ConsentError } from "./types.ts";

/** Raises `portcullis:error`. */
export function report(error: ConsentError): void {
  console.error(`portcullis: ${error.message}`, error.issues ?? "");
  window.dispatchEvent(new CustomEvent("portcullis:error", { detail: error }));
}
