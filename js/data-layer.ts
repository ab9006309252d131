// The page's data layer, which tag managers and Google's tags read.

/** Google's keys, in the order of `src/signals/google_consent_mode.rs`. */
export const GOOGLE_KEYS = [
  "ad_storage",
  "ad_user_data",
  "ad_personalization",
  "analytics_storage",
  "functionality_storage",
  "personalization_storage",
  "security_storage",
];

const page = window as unknown as { dataLayer?: unknown[] };

/** Adds to it; there is one from then on. */
export function push(what: unknown): void {
  page.dataLayer ??= [];
  page.dataLayer.push(what);
}
