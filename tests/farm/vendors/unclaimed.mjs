// A third party that no vendor of any config claims.

import { script } from "./script.mjs";

export function unclaimed(entry, farm) {
  if (!entry.path.endsWith(".js")) return {};
  return { script: script(thing, { beacon: `${farm.address(entry.host)}/beacon` }) };
}

function thing({ beacon }, { pixel, ran }) {
  ran("unclaimed");
  window.__unclaimedRan = true;
  pixel(beacon);
}
