// The banner: fetched when there is something to ask, drawn between head and body.

import { module } from "#glue/ui-banner/module.js";
import { banner as draw, initSync } from "#glue/ui-banner/portcullis_ui.js";
import type { Consent, Provenance } from "../types.ts";
import type { Assets } from "./assets.ts";
import { bodyReady, dress, giveFocus, host, look, rootRule, slot } from "./host.ts";
import { record, textRecords, texts } from "./language.ts";
import { render } from "./render.ts";
import css from "./style/banner.css";

let ready = false;

function start(): void {
  if (ready) return;
  initSync({ module: new WebAssembly.Module(Uint8Array.from(module, (letter) => letter.charCodeAt(0))) });
  ready = true;
}

/** Draws the banner, and keeps it until [`close`]. */
export async function banner(consent: Consent, assets: Assets): Promise<{ close(): void }> {
  const { config, pending } = consent;
  const [words] = await Promise.all([texts(consent, assets), bodyReady()]);
  start();
  const names = new Intl.ListFormat(words.tag);
  const nameOf = (id: string) => consent.vendors.find((vendor) => vendor.id === id)?.name ?? id;
  const facts = {
    regime: consent.regime,
    gpc: consent.globalPrivacyControl ? 1 : 0,
    why: pending?.why ?? "",
    layout: config.interface?.banner ?? "bottom",
    notice: config.site?.cookieNotice ?? config.site?.privacyPolicy ?? "",
    site: config.site?.name ?? location.hostname,
    partners: words.plural("partners", consent.vendors.length),
    look: look(config),
    names: names.format((pending?.vendors ?? []).map(nameOf)),
  };
  const input =
    textRecords(words, /^banner\./) +
    Object.entries(facts)
      .map(([name, value]) => record("f", name, value))
      .join("");
  const drawn = draw(input);

  const root = host();
  dress(root, css, words, config);
  const place = slot(root, "banner");
  render(place, drawn.slice(8));
  const uncover = keepClear(place);
  const close = () => {
    uncover();
    const hadFocus = place.contains(root.activeElement);
    // The preference centre has it put away, perhaps: it comes back empty.
    place.replaceChildren();
    place.remove();
    if (hadFocus) giveFocus();
  };
  const answer = (source: Provenance["source"]): Provenance => ({
    source,
    language: words.tag,
    shown: drawn.slice(0, 8),
  });
  // Where something is new, the answer is about that alone.
  const { why, vendors = [] } = pending ?? {};
  const decide = (granted: boolean) => {
    const from = answer(granted ? "banner-accept" : "banner-reject");
    if (why === "new") {
      return consent.choose({ vendors: Object.fromEntries(vendors.map((id) => [id, granted])) }, from);
    }
    return granted ? consent.acceptAll(from) : consent.rejectAll(from);
  };
  place.addEventListener("click", (event) => {
    const button = (event.target as Element).closest("[data-action]");
    const action = button?.getAttribute("data-action");
    if (action === "settings") {
      consent.openPreferences();
    } else if (action) {
      // The banner goes first; what was decided follows.
      close();
      decide(action === "accept").catch(reportError);
    }
  });
  return { close };
}

/** While the banner stands over the page's edge, what is focused is scrolled clear of it. */
function keepClear(place: HTMLElement): () => void {
  const { style, undo } = rootRule();
  const banner = place.firstElementChild as Element;
  const edge = banner.getAttribute("data-layout") === "top" ? "top" : "bottom";
  const height = () =>
    `${Math.ceil(Math.min(banner.getBoundingClientRect().height, innerHeight / 2)) + 24}px`;
  const observer = new ResizeObserver(() => style.setProperty(`scroll-padding-${edge}`, height()));
  observer.observe(banner);
  // Where the page ends there is nowhere to scroll to, until there is room.
  const makeRoom = ({ target }: Event) => {
    const { top, bottom, left, right } = banner.getBoundingClientRect();
    const of = (target as Element).getBoundingClientRect();
    if (of.top < bottom && of.bottom > top && of.left < right && of.right > left) {
      style.setProperty(`padding-${edge}`, height());
      (target as Element).scrollIntoView({ block: "nearest" });
    }
  };
  document.body.addEventListener("focusin", makeRoom);
  return () => {
    observer.disconnect();
    document.body.removeEventListener("focusin", makeRoom);
    undo();
  };
}
