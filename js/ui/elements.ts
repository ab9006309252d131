// Elements that a page may hold: the settings' button, the declaration, and blocks of its own that wait for a vendor.

import { banner as keys } from "#glue/keys.js";
import css from "#glue/style/elements.css";
import embedsCss from "#glue/style/embeds.css";
import type { Consent } from "../types.ts";
import type { Assets } from "./assets.ts";
import { placeholders } from "./embeds.ts";
import { texts } from "./language.ts";
import { page } from "./page.ts";
import { settingsKey } from "./records.ts";
import { sheet } from "./sheet.ts";

/** The icon that Californian law wants beside the link (11 CCR 7015): a pill, half of it a tick, half a cross. */
function icon(): Element {
  const shape = (name: string, attributes: { readonly [name: string]: string }) => {
    const made = page.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const drawn = shape("svg", {
    viewBox: "0 0 30 14",
    width: "30",
    height: "14",
    "aria-hidden": "true",
    part: "icon",
  });
  const stroke = { fill: "none", "stroke-width": "1.6", "stroke-linecap": "round" };
  drawn.append(
    shape("rect", {
      x: "0.6",
      y: "0.6",
      width: "28.8",
      height: "12.8",
      rx: "6.4",
      fill: "#fff",
      stroke: "#06f",
      "stroke-width": "1.2",
    }),
    shape("path", { d: "M17 0.6h6a6.4 6.4 0 0 1 0 12.8h-9z", fill: "#06f" }),
    shape("path", { d: "M6 7.2l2.3 2.4L12.4 4.6", stroke: "#06f", ...stroke }),
    shape("path", { d: "M19.4 4.6l4.8 4.8M24.2 4.6l-4.8 4.8", stroke: "#fff", ...stroke }),
  );
  return drawn;
}

/** Defines the elements, and gives what looks for blocks. */
export async function elements(consent: Consent, assets: Assets): Promise<() => void> {
  const words = await texts(consent, assets, [["", keys]]);
  const { scheme = "auto", theme } = consent.config.interface ?? {};
  const dress = (element: HTMLElement): ShadowRoot => {
    const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet(embedsCss, theme), sheet(css)];
    element.dataset.scheme = scheme;
    return root;
  };
  const define = (name: string, connected: (element: HTMLElement) => void): void => {
    if (customElements.get(name)) return;
    customElements.define(
      name,
      class extends HTMLElement {
        connectedCallback() {
          connected(this);
        }
      },
    );
  };

  define("portcullis-settings", (element) => {
    const root = dress(element);
    const draw = () => {
      const { regime, isSignalHonored } = consent;
      const button = page.createElement("button");
      button.type = "button";
      button.dataset.action = "settings";
      button.setAttribute("part", "settings");
      button.onclick = () => consent.openPreferences();
      // The site's own words stand between the tags.
      const own = page.createElement("slot");
      own.textContent = words.get(settingsKey(regime));
      button.append(own);
      const said = page.createElement("span");
      said.setAttribute("part", "signal");
      said.lang = words.tag;
      if (isSignalHonored) said.textContent = words.get("banner.gpc");
      root.replaceChildren(button, ...(regime === "opt-out" ? [icon()] : []), said);
    };
    draw();
    consent.on("change", draw);
  });

  define("portcullis-declaration", (element) => {
    const draw = () =>
      // It draws with the banner's means, which know whether WebAssembly is refused.
      Promise.all([assets.declaration(), assets.banner()])
        .then(([part]) => part.declaration(consent, assets, dress(element)))
        .catch(reportError);
    draw();
    consent.on("change", draw);
  });

  const blocks = new Map<HTMLElement, () => void>();
  const waiting = placeholders(consent, assets);
  waiting.catch(() => {});
  consent.on("change", () => {
    for (const draw of blocks.values()) draw();
  });
  return () => {
    for (const block of blocks.keys()) if (!block.isConnected) blocks.delete(block);
    for (const block of page.querySelectorAll<HTMLElement>("[data-portcullis-embed]")) {
      if (blocks.has(block)) continue;
      const vendor = block.dataset.portcullisEmbed ?? "";
      const draw = async () => {
        const { make, words: own } = await waiting;
        const root = dress(block);
        const isAllowed = consent.vendors.some(({ id }) => id === vendor) && consent.allows({ vendor });
        const box = make(page, { vendor }, block.dataset.kind, undefined);
        box.lang = own.tag;
        box.dir = own.dir;
        // What the page or the vendor puts there shows when it may.
        root.replaceChildren(isAllowed ? page.createElement("slot") : box);
      };
      blocks.set(block, () => draw().catch(reportError));
      draw().catch(reportError);
    }
  };
}
