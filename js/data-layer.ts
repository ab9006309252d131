// The page's data layer, which tag managers and Google's tags read.

import { GOOGLE_KEYS } from "./core.ts";

const page = window as unknown as { dataLayer?: unknown[] };

/** Adds to it; there is one from then on. */
export function push(what: unknown): void {
  page.dataLayer ??= [];
  page.dataLayer.push(what);
}

/** Google's commands are taken as Arguments objects alone. */
function command(..._: unknown[]): void {
  // biome-ignore lint/complexity/noArguments: see above
  push(arguments);
}

/** Tells Google Consent Mode what is granted: a bit for each of its keys, in their order. */
export function consentMode(isDefault: number, granted: number): void {
  const states = GOOGLE_KEYS.map((key, at) => [key, (granted >> at) & 1 ? "granted" : "denied"]);
  command("consent", isDefault ? "default" : "update", Object.fromEntries(states));
  if (isDefault) command("set", "ads_data_redaction", true);
}
