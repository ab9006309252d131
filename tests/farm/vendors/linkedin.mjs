// The LinkedIn Insight Tag: a loader, its second script, and the pixel.

import { script } from "./script.mjs";

export function linkedin(entry, farm) {
  const values = {
    second: `${farm.address("snap.licdn.com")}/li.lms-analytics/insight.old.min.js`,
    pixelAt: `${farm.address("px.ads.linkedin.com")}/collect`,
  };
  if (entry.path.endsWith("/insight.old.min.js")) return { script: script(insight, values) };
  if (entry.path.endsWith("/insight.min.js")) {
    // A page with enforced Trusted Types takes no script by its address as text: all in one then.
    return { script: farm.trustedTypes ? script(insight, values) : script(loader, values) };
  }
  return { cookie: "li_sugr=1" };
}

function loader({ second }, { load, ran }) {
  ran("linkedin-loader");
  if (window._linkedin_partner_id || window._linkedin_data_partner_ids?.length) load(second);
}

function insight({ pixelAt }, { cookie, pixel, ran, onTick }) {
  ran("linkedin");
  const ids = new Set(
    [window._linkedin_partner_id, ...(window._linkedin_data_partner_ids ?? [])].filter(Boolean),
  );
  const send = (more) => {
    for (const pid of ids)
      pixel(`${pixelAt}?${new URLSearchParams({ v: 2, fmt: "js", pid, url: location.href, ...more })}`);
  };
  const command = ([name, parameters]) => {
    if (name === "track") send(parameters?.conversion_id ? { conversionId: parameters.conversion_id } : {});
  };
  cookie("li_giant", "1", 7);
  localStorage.setItem("li_adsId", "1");
  send({});
  const kept = window.lintrk?.q ?? [];
  window.lintrk = (...call) => command(call);
  kept.forEach(command);
  onTick(() => send({ tick: 1 }));
}
