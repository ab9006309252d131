// What stands in place of an embed that waits: whose it is, what loading it means, and the ways to. It is drawn
// inside of the held frame, whose document is empty: the box is the same before and after, and whoever owns the
// page's tree finds it as it was. Nothing of it comes from the provider.

import { embed as keys } from "#glue/keys.js";
import css from "#glue/style/embeds.css";
import type { Consent, Explanation } from "../types.ts";
import type { Assets } from "./assets.ts";
import { settingsName, texts } from "./language.ts";
import type { Texts } from "./records.ts";
import { themed } from "./sheet.ts";

/** In a smaller frame there is nothing to see, and nobody looks for it. */
const WIDTH_MIN = 120;
const HEIGHT_MIN = 50;

const KINDS = ["video", "map", "feed", "login"];

/** Draws into a frame that is held. */
export type Draw = (frame: HTMLIFrameElement, entry: Explanation & { readonly target: string }) => void;

/** The nodes of a placeholder, made in `of`. */
export type Placeholder = (
  of: Document,
  entry: {
    readonly vendor?: string | undefined;
    readonly category?: string | undefined;
    readonly host?: string;
  },
  kind: string | undefined,
  once: (() => void) | undefined,
) => HTMLElement;

/** What makes placeholders in the page's language. */
export async function placeholders(
  consent: Consent,
  assets: Assets,
): Promise<{ words: Texts; make: Placeholder }> {
  const words = await texts(consent, assets, [[".embed", keys]]);
  const toSettings = await settingsName(consent, assets, words.tag);
  const make: Placeholder = (of, { vendor: id, category, host = "" }, kind, once) => {
    const vendor = consent.vendors.find((one) => one.id === id);
    const facts = { vendor: vendor?.name ?? host, company: vendor?.company ?? vendor?.name ?? host };
    const element = (tag: string, text = "", more: object = {}) =>
      Object.assign(of.createElement(tag), { textContent: text }, more);
    const box = element("div", "", { className: "embed" });
    box.setAttribute("part", "embed");
    const button = (action: string, text: string, className: string, onclick: () => void) => {
      const made = element("button", text, { className, onclick, type: "button" });
      made.dataset.action = action;
      return made;
    };
    const allow = () =>
      id
        ? consent.choose({ vendors: { [id]: true } }, from)
        : consent.choose({ categories: { [category ?? ""]: true } }, from);
    const from = { source: "preferences", language: words.tag } as const;
    const actions = element("div");
    if (once) actions.append(button("once", words.get("embed.once"), "btn quiet", once));
    if (id || category)
      actions.append(
        button("allow", words.get("embed.always", facts), "btn", () => allow().catch(reportError)),
      );
    box.append(
      element("strong", words.get(`embed.${KINDS.includes(kind ?? "") ? kind : "content"}`, facts)),
      element("p", words.get("embed.body", facts)),
      actions,
      button("settings", toSettings, "more", () => consent.openPreferences()),
    );
    return box;
  };
  return { words, make };
}

export async function embeds(consent: Consent, assets: Assets): Promise<Draw> {
  const { words, make } = await placeholders(consent, assets);
  const known = new WeakSet<Element>();
  return (frame, { vendor, category, target }) => {
    const draw = () => {
      const { width, height } = frame.getBoundingClientRect();
      const of = frame.contentDocument;
      // It has been let through, or its document is closed to the page.
      if (!of?.body || consent.explain(frame).verdict === "allow") return;
      if (width < WIDTH_MIN || height < HEIGHT_MIN) return;
      const root = of.documentElement;
      root.lang = words.tag;
      root.dir = words.dir;
      root.dataset.scheme = consent.config.interface?.scheme ?? "auto";
      of.adoptedStyleSheets = [themed(of, css, consent.config.interface?.theme)];
      const host = new URL(target, document.baseURI).hostname;
      of.body.replaceChildren(
        make(of, { vendor, category, host }, frame.dataset.kind, () => consent.loadOnce(frame)),
      );
    };
    // Put elsewhere, a frame begins with another document; and one engine replaces the first by itself.
    if (!known.has(frame)) frame.addEventListener("load", draw);
    known.add(frame);
    draw();
  };
}
