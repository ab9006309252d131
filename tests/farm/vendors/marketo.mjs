// Munchkin: a small loader, its versioned file, and the tracking endpoint. There is no queue before it:
// `Munchkin.init` before the loader has run fails.

import { script } from "./script.mjs";

export function marketo(entry, farm) {
  const values = {
    versioned: `${farm.address("munchkin.marketo.net")}/164/munchkin.js`,
    endpoint: farm.address("ID.mktoresp.com").replace("://ID.", "://{id}."),
  };
  if (entry.path === "/munchkin.js") {
    return { script: farm.trustedTypes ? script(munchkin, values) : script(loader, values) };
  }
  if (entry.path === "/164/munchkin.js") return { script: script(munchkin, values) };
  return entry.path.startsWith("/webevents/") ? {} : undefined;
}

function loader({ versioned }, { load, ran }) {
  ran("marketo-loader");
  const waiting = [];
  window.Munchkin = {
    init: (...call) => waiting.push(call),
    waiting,
  };
  load(versioned);
}

function munchkin({ endpoint }, { cookie, has, ran, onTick }) {
  ran("marketo");
  const waiting = window.Munchkin?.waiting ?? [];
  let id = "";
  const send = (what, query = {}) => {
    if (document.cookie.includes("mkto_opt_out=true")) return;
    const request = new XMLHttpRequest();
    const where = endpoint.replace("{id}", id.toLowerCase());
    request.open(
      "GET",
      `${where}/webevents/${what}?${new URLSearchParams({ _mchId: id, _mchNc: Date.now(), ...query })}`,
    );
    request.send();
  };
  window.Munchkin = {
    init(given) {
      id = given;
      if (document.cookie.includes("mkto_opt_out=true")) return;
      const site = location.hostname.split(".").slice(-2).join(".");
      if (!has("_mkto_trk")) cookie("_mkto_trk", `id:${id}&token:_mch-${site}-${Date.now()}-0a1b2c`, 730);
      send("visitWebPage", { _mchCn: "", _mchHo: location.hostname });
    },
    munchkinFunction: (name, parameters) => send(name, parameters),
  };
  for (const call of waiting) window.Munchkin.init(...call);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (link) send("clickLink", { _mchHr: link.href });
  });
  onTick(() => send("clickLink", { tick: 1 }));
}
