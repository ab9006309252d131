// The banner: fetched when there is something to ask, drawn between head and body.

import { banner as keys } from "#glue/keys.js";
import css from "#glue/style/banner.css";
import { readJurisdiction, timeZone } from "../region.ts";
import type { Consent, Decision, Provenance } from "../types.ts";
import { ask, instantiate, read, use } from "../wasm.ts";
import type { Assets } from "./assets.ts";
import { heard } from "./choose.ts";
import { actionAt, giveFocus, host, LEADS_ON, onTop, putAway, rootRule, say, shared, slot } from "./host.ts";
import { texts, type Wanted } from "./language.ts";
import { bannerModule } from "./module.ts";
import { page } from "./page.ts";
import { facts as factsOf, question } from "./question.ts";
import type { Texts } from "./records.ts";
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
  const { config, regime, jurisdiction, isSignalHonored } = consent;
  const facts = factsOf(config, location.hostname, regime, jurisdiction?.link ?? "", isSignalHonored);
  return { words, root: host(css, words, config.interface), facts };
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
  const names = why === "new" ? new Intl.ListFormat(words.tag).format(vendors.map(nameOf)) : "";
  const tree = ask(
    view,
    view.banner,
    question(words, facts, config.interface, why, consent.vendors.length, names),
  );
  const decide = async (granted: boolean, byPerson?: boolean) => {
    const from = provenance(granted ? "banner-accept" : "banner-reject", words, tree);
    if (byPerson !== undefined) heard.set(from, byPerson);
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
  // What stands there is this one's from here on.
  const { prepared } = shared;
  shared.prepared = undefined;
  prepared?.stop();
  // Who has answered already answered this, if it is what stood there word for word.
  const answer = prepared?.tree === tree ? prepared.answer : undefined;
  if (answer && !LEADS_ON.test(answer)) {
    decide(answer === "accept", prepared?.byPerson).catch(reportError);
    return { close() {} };
  }
  const place = slot(root, "banner");
  render(place, tree);
  const box = place.firstElementChild as HTMLElement;
  onTop(box);
  const uncover = keepClear(place);
  const close = () => {
    uncover();
    putAway(root, place);
  };
  // The banner comes late: who hears the page is told that it has.
  say(root, box.querySelector("h2")?.textContent ?? "");
  const act = (action: string | null | undefined) => {
    if (!action) return;
    if (LEADS_ON.test(action)) {
      consent.openPreferences(action as "settings");
    } else {
      // The banner goes first; what was decided follows.
      close();
      decide(action === "accept").catch(reportError);
    }
  };
  place.addEventListener("click", ({ target }) => act(actionAt(target)));
  act(answer);
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
