// The X (Twitter) pixel: uwt.js and its two endpoints.

import { script } from "./script.mjs";

export function x(entry, farm) {
  if (entry.path === "/uwt.js") {
    return {
      script: script(uwt, {
        endpoints: ["t.co", "analytics.twitter.com"].map((host) => `${farm.address(host)}/i/adsct`),
      }),
    };
  }
  return entry.path.endsWith("/i/adsct") ? { cookie: "muc_ads=1" } : undefined;
}

function uwt({ endpoints }, { cookie, pixel, ran, onTick }) {
  ran("x-ads");
  const { twq } = window;
  if (!twq?.queue) {
    console.warn("uwt: no stub");
    return;
  }
  let id = "";
  const send = (event) => {
    cookie("_twpid", `tw.${Date.now()}.1`, 395);
    for (const where of endpoints)
      pixel(`${where}?${new URLSearchParams({ p_id: "Twitter", txn_id: id, events: event })}`);
  };
  twq.exe = (verb, first) => {
    if (verb === "config") {
      id = first;
      send("pageview");
    } else if (verb === "event") {
      send(first);
    }
  };
  for (const item of twq.queue.splice(0)) twq.exe(...item);
  onTick(() => twq("event", "tick"));
}
