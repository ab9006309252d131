// gtag.js for GA4 (G-), Google Ads (AW-) and Floodlight (DC-), and their endpoints.

import { script } from "./script.mjs";

export function google(entry, farm) {
  if (entry.path === "/gtag/js") {
    const at = (host) => farm.address(host);
    return {
      script: script(gtag, {
        id: entry.query.id,
        layer: entry.query.l ?? "dataLayer",
        collect: `${at("region1.google-analytics.com")}/g/collect`,
        ads: at("googleads.g.doubleclick.net"),
        google: at("www.google.com"),
        floodlight: at("fls.doubleclick.net"),
        activity: at("ad.doubleclick.net"),
      }),
    };
  }
  if (entry.host.endsWith("doubleclick.net")) {
    return entry.path.startsWith("/activityi")
      ? { html: "<!doctype html>", cookie: "IDE=1" }
      : { cookie: "IDE=1" };
  }
  return {};
}

function gtag(
  { id: own, layer, collect, ads, google, floodlight, activity },
  { cookie, pixel, frame, ran, onTick },
) {
  ran("google");
  // Loaded twice with one id it starts once, as the real one does.
  window.google_tag_manager ??= {};
  if (window.google_tag_manager[own]) return;
  window.google_tag_manager[own] = true;
  const queue = window[layer] ?? [];
  window[layer] = queue;
  const consent = {};
  const ids = [];
  let started = false;
  const granted = (key) => consent[key] !== "denied";
  const hit = (id, name) => {
    if (window[`ga-disable-${id}`]) return;
    if (granted("analytics_storage")) {
      cookie("_ga", `GA1.1.${Date.now()}`, 730);
      cookie(`_ga_${id.slice(2)}`, `GS2.1.${Date.now()}`, 730);
    }
    const state = `G1${granted("ad_storage") ? 1 : 0}${granted("analytics_storage") ? 1 : 0}`;
    const query = new URLSearchParams({ v: 2, tid: id, en: name, gcs: state, dl: location.href });
    navigator.sendBeacon(`${collect}?${query}`);
  };
  const remarket = (id, event) => {
    const number = id.slice(3);
    if (granted("ad_storage")) cookie("_gcl_au", `1.1.${Date.now()}`, 90);
    pixel(`${ads}/pagead/viewthroughconversion/${number}/?en=${event}&gcs=${granted("ad_storage") ? 1 : 0}`);
    pixel(`${google}/pagead/1p-user-list/${number}/?en=${event}`);
  };
  const flood = (id, event) => {
    frame(`${floodlight}/activityi;src=${id.slice(3)};type=${event};ord=1`);
    pixel(`${activity}/activity;src=${id.slice(3)};type=${event};ord=1`);
  };
  const configure = (id) => {
    ids.push(id);
    if (id.startsWith("G-")) hit(id, "page_view");
    if (id.startsWith("AW-")) remarket(id, "page_view");
    if (id.startsWith("DC-")) flood(id, "page_view");
  };
  const event = (name) => {
    for (const id of ids) {
      if (id.startsWith("G-")) hit(id, name);
      if (id.startsWith("AW-")) remarket(id, name);
      if (id.startsWith("DC-")) flood(id, name);
    }
  };
  const early = [];
  const command = (item) => {
    // Only what gtag() pushes is a command: an Arguments object. An array is data.
    if (Object.prototype.toString.call(item) !== "[object Arguments]") return;
    const [verb, first, second] = item;
    if (verb === "consent") Object.assign(consent, second);
    else if (verb === "js") started = true;
    else if (verb === "config") started ? configure(first) : early.push(first);
    else if (verb === "event") event(first);
  };
  for (const item of [...queue]) command(item);
  if (started) for (const id of early.splice(0)) configure(id);
  const push = queue.push;
  queue.push = (...items) => {
    const length = push.apply(queue, items);
    items.forEach(command);
    return length;
  };
  window.google_tag_data = { own };
  onTick(() => event("tick"));
}
