// gtm.js: does what its container says. A container is a list of tags, in `farm.containers[id]`:
// `{ tag: "meta", pixelId }`, `{ tag: "linkedin", partnerId }`, `{ tag: "floodlight", id }`,
// `{ tag: "script" | "img" | "iframe", host, path }`.

import { script } from "./script.mjs";

export function container(entry, farm) {
  const tags = (farm.containers[entry.query.id] ?? []).map((tag) => ({
    ...tag,
    ...(tag.host && { src: farm.address(tag.host) + tag.path }),
  }));
  const at = (host, path) => farm.address(host) + path;
  return {
    script: script(gtm, {
      id: entry.query.id,
      layer: entry.query.l ?? "dataLayer",
      tags,
      meta: at("connect.facebook.net", "/en_US/fbevents.js"),
      linkedin: at("snap.licdn.com", "/li.lms-analytics/insight.min.js"),
      floodlight: at("fls.doubleclick.net", "/activityi"),
    }),
  };
}

function gtm({ id, layer, tags, meta, linkedin, floodlight }, { pixel, frame, ran }) {
  ran("google-tag-manager");
  const started = (window[layer] ?? []).some((item) => item?.["gtm.start"]);
  if (!started) {
    console.warn("gtm: no gtm.start in the data layer");
    return;
  }
  const first = document.getElementsByTagName("script")[0];
  const insert = (src) => {
    const element = document.createElement("script");
    element.async = true;
    element.nonce = document.querySelector("script[nonce]")?.nonce ?? "";
    element.src = src;
    first.parentNode.insertBefore(element, first);
  };
  window.google_tag_manager = { [id]: {} };
  for (const tag of tags) {
    if (tag.tag === "meta") {
      if (!window.fbq) {
        const fbq = (...call) => (fbq.callMethod ? fbq.callMethod(...call) : fbq.queue.push(call));
        Object.assign(fbq, { queue: [], loaded: true, version: "2.0", push: fbq });
        window.fbq = window._fbq = fbq;
      }
      insert(meta);
      window.fbq("init", tag.pixelId);
      window.fbq("track", "PageView");
    } else if (tag.tag === "linkedin") {
      window._linkedin_data_partner_ids = [...(window._linkedin_data_partner_ids ?? []), tag.partnerId];
      insert(linkedin);
    } else if (tag.tag === "floodlight") {
      frame(`${floodlight};src=${tag.id};type=gtm;ord=1`);
    } else if (tag.tag === "script") {
      insert(tag.src);
    } else if (tag.tag === "img") {
      pixel(tag.src);
    } else if (tag.tag === "iframe") {
      frame(tag.src);
    }
  }
}
