// The banner: fetched when there is something to ask, drawn between head and body.

import { banner as keys } from "#glue/keys.js";
import css from "#glue/style/banner.css";
import { readJurisdiction, timeZone } from "../region.ts";
import type { Consent, Decision, Provenance } from "../types.ts";
import { ask, instantiate, read, use } from "../wasm.ts";
import type { Assets } from "./assets.ts";
import { giveFocus, host, rootRule, say, slot } from "./host.ts";
import { texts, type Wanted } from "./language.ts";
import { bannerModule } from "./module.ts";
import { page } from "./page.ts";
import { records, type Texts } from "./records.ts";
import { render } from "./render.ts";
import { bodyReady } from "./sheet.ts";

export { choose } from "./choose.ts";
// The preference centre is drawn with the same means, and takes them from here.
export { adopt, giveFocus, isFocusLost, rootRule, say, slot } from "./host.ts";
export type { Texts, Values } from "./records.ts";
export { records } from "./records.ts";
export { render } from "./render.ts";
export { ask, instantiate, read, use };

/** Works out what is in force here, where the config leaves it to the region. */
function settle(consent: Consent): void {
  if (consent.jurisdiction) return;
  const view = bannerModule();
  consent.settle(readJurisdiction(ask(view, view.region, `${consent.config.region ?? ""}\x1f${timeZone()}`)));
}

/** The texts, the interface's root, and the facts that every part is drawn with. */
export async function stage(consent: Consent, assets: Assets, more: Wanted = []) {
  settle(consent);
  const [words] = await Promise.all([texts(consent, assets, [["", keys], ...more]), bodyReady()]);
  const { config } = consent;
  const facts = {
    site: config.site?.name ?? location.hostname,
    notice: config.site?.cookieNotice ?? config.site?.privacyPolicy ?? "",
    regime: consent.regime,
    link: consent.jurisdiction?.link ?? "",
    gpc: consent.isSignalHonored ? 1 : 0,
    // For the digest of what was shown.
    look: JSON.stringify(config.interface ?? {}),
  };
  return { words, root: host(css, words, config), facts };
}

/** What a record keeps of what was shown: the tree's last eight digits. */
export const provenance = (source: Provenance["source"], { tag }: Texts, tree: string): Provenance => ({
  source,
  language: tag,
  shown: tree.slice(-8),
});

/** Draws the banner, and keeps it until [`close`]. */
export async function banner(consent: Consent, assets: Assets): Promise<{ close(): void }> {
  const { words, root, facts } = await stage(consent, assets);
  const { config, pending } = consent;
  // Where the region's law asks for nothing there is nothing to draw.
  if (!pending) return { close() {} };
  const { why, vendors } = pending;
  const nameOf = (id: string) => consent.vendors.find((vendor) => vendor.id === id)?.name ?? id;
  const view = bannerModule();
  const tree = ask(
    view,
    view.banner,
    records(words, /^banner\./, {
      ...facts,
      why,
      layout: config.interface?.banner ?? "bottom",
      close: Number(config.interface?.close ?? false),
      reject: Number(config.interface?.reject ?? true),
      // Marked, since it leads to the list.
      partners: `\x1d${words.plural("partners", consent.vendors.length)}\x1d`,
      names: why === "new" ? new Intl.ListFormat(words.tag).format(vendors.map(nameOf)) : "",
    }),
  );
  const place = slot(root, "banner");
  render(place, tree);
  // Where there is a top layer it stands there: above whatever the page has put over everything.
  const box = place.firstElementChild as HTMLElement;
  box.popover = "manual";
  box.showPopover?.();
  const uncover = keepClear(place);
  const close = () => {
    uncover();
    const hadFocus = place.contains(root.activeElement);
    // The preference centre has it put away, perhaps: it comes back empty.
    place.replaceChildren();
    place.remove();
    if (hadFocus) giveFocus();
  };
  // The banner comes late: who hears the page is told that it has.
  say(root, box.querySelector("h2")?.textContent ?? "");
  const decide = async (granted: boolean) => {
    const from = provenance(granted ? "banner-accept" : "banner-reject", words, tree);
    const { report } =
      why === "new"
        ? // Where something is new, the answer is about that alone.
          await consent.choose({ vendors: Object.fromEntries(vendors.map((id) => [id, granted])) }, from)
        : granted && consent.regime !== "opt-in"
          ? // Who was told says no more than that: what the browser's signal has switched off stays off.
            await consent.choose(asItStands(consent), from)
          : await (granted ? consent.acceptAll(from) : consent.rejectAll(from));
    say(root, words.get("banner.saved"));
    // Something ran, or one opted out: what became of it is shown.
    if (report?.vendors.length || (!granted && consent.regime === "opt-out")) {
      const { report: show } = await assets.preferences();
      await show(consent, assets, report ?? { vendors: [] }, giveFocus);
    }
  };
  place.addEventListener("click", (event) => {
    const button = (event.target as Element).closest("[data-action]");
    const action = button?.getAttribute("data-action");
    if (action === "settings" || action === "vendors") {
      consent.openPreferences(action);
    } else if (action) {
      // The banner goes first; what was decided follows.
      close();
      decide(action === "accept").catch(reportError);
    }
  });
  return { close };
}

/** The present choices, as a decision: where a category is mixed, its vendors one by one. */
function asItStands({ choices, vendors }: Consent): Decision {
  const entries = Object.entries(choices.categories);
  return {
    categories: Object.fromEntries(entries.map(([id, mark]) => [id, mark !== false])),
    vendors: Object.fromEntries(
      vendors
        .filter(({ category, carries }) => !carries && choices.categories[category] === "mixed")
        .map(({ id }) => [id, !!choices.vendors[id]]),
    ),
  };
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
  page.body.addEventListener("focusin", makeRoom);
  return () => {
    observer.disconnect();
    page.body.removeEventListener("focusin", makeRoom);
    undo();
  };
}
