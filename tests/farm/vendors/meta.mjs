// The Meta Pixel: fbevents.js, the pixel's own config script, and /tr.

import { script } from "./script.mjs";

export function meta(entry, farm) {
  if (entry.path.endsWith("/fbevents.js")) {
    return {
      script: script(fbevents, {
        config: farm.trustedTypes ? "" : `${farm.address("connect.facebook.net")}/signals/config/`,
        endpoint: `${farm.address("www.facebook.com")}/tr/`,
      }),
    };
  }
  if (entry.path.startsWith("/signals/config/")) return { script: "" };
  return entry.path.startsWith("/tr") ? { cookie: "fr=1" } : undefined;
}

function fbevents({ config, endpoint }, { cookie, pixel, load, ran, onTick }) {
  ran("meta");
  const { fbq } = window;
  if (!fbq?.queue) {
    console.warn("fbevents: no stub");
    return;
  }
  const ids = [];
  const paused = [];
  let revoked = false;
  const send = (id, event) => {
    if (revoked) return paused.push([id, event]);
    cookie("_fbp", `fb.1.${Date.now()}.1`, 90);
    localStorage.setItem("lastExternalReferrer", "empty");
    return pixel(`${endpoint}?${new URLSearchParams({ id, ev: event, dl: location.href })}`);
  };
  const call = (verb, first, second) => {
    if (verb === "consent") {
      revoked = first === "revoke";
      if (!revoked) for (const [id, event] of paused.splice(0)) send(id, event);
    } else if (verb === "init") {
      ids.push(first);
      if (config) load(`${config}${first}?v=2.0`);
    } else if (verb === "track" || verb === "trackCustom") {
      for (const id of ids) send(id, first);
    } else if (verb === "trackSingle") {
      send(first, second);
    }
  };
  fbq.callMethod = (...parameters) => call(...parameters);
  for (const item of fbq.queue.splice(0)) call(...item);
  onTick(() => fbq("trackCustom", "Tick"));
}
