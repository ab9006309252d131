// The banner: fetched when there is something to ask, drawn between head and body.

import { module } from "#glue/ui-banner/module.js";
import { banner as draw, initSync } from "#glue/ui-banner/portcullis_ui.js";
import type { Consent, Provenance } from "../types.ts";
import type { Assets } from "./assets.ts";
import { bodyReady, dress, host, look, slot } from "./host.ts";
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
    names: names.format((pending?.vendors ?? []).map(nameOf)),
  };
  const input =
    textRecords(words, /^banner\./) +
    Object.entries(facts)
      .map(([name, value]) => record("f", name, value))
      .join("");
  const drawn = draw(input, look(config));

  const root = host();
  dress(root, css, words, config);
  const place = slot(root, "banner");
  render(place, drawn.slice(8));
  const uncover = keepClear(place);
  const close = () => {
    uncover();
    place.remove();
  };
  const answer = (source: Provenance["source"]): Provenance => ({
    source,
    language: words.tag,
    shown: drawn.slice(0, 8),
  });
  place.addEventListener("click", (event) => {
    const button = (event.target as Element).closest("[data-action]");
    const action = button?.getAttribute("data-action");
    if (action === "settings") {
      consent.openPreferences();
    } else if (action) {
      // The banner goes first; what was decided follows.
      close();
      const done =
        action === "accept"
          ? consent.acceptAll(answer("banner-accept"))
          : consent.rejectAll(answer("banner-reject"));
      done.catch(reportError);
    }
  });
  return { close };
}

/** While the banner stands over the page's end, what is focused is scrolled clear of it. */
function keepClear(place: HTMLElement): () => void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(":root{}");
  const { style } = sheet.cssRules[0] as CSSStyleRule;
  const measure = () => {
    const banner = place.firstElementChild;
    const edge = banner?.getAttribute("data-layout") === "top" ? "top" : "bottom";
    const height = Math.min(banner?.getBoundingClientRect().height ?? 0, innerHeight / 2);
    style.setProperty(`scroll-padding-${edge}`, `${Math.ceil(height) + 24}px`);
  };
  const observer = new ResizeObserver(measure);
  if (place.firstElementChild) observer.observe(place.firstElementChild);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  return () => {
    observer.disconnect();
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((adopted) => adopted !== sheet);
  };
}
