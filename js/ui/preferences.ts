// The preference centre: fetched when the visitor opens it. The draft is kept in Rust; this carries
// actions in and trees out.

import { more as keys } from "#glue/keys.js";
import css from "#glue/style/preferences.css";
import {
  adopt,
  ask,
  giveFocus,
  isFocusLost,
  provenance,
  read,
  render,
  rootRule,
  say,
  slot,
  stage,
  type Texts,
} from "#pkg/ui.js";
import type { Consent, Decision, WithdrawalReport } from "../types.ts";
import type { Assets } from "./assets.ts";
import { type Blocks, blocks } from "./blocks.ts";
import { details, fold, formats, input, ownVendor } from "./facts.ts";
import { drawReport } from "./report.ts";
import { view } from "./view.ts";

/** When a focus that found no place is given again: before anything is said. */
const FOCUSED_AFTER_MS = 300;

/** Actions after which other rows are listed. */
const LISTS = /^(vendors|search|apply)$/;

async function staged(consent: Consent, assets: Assets) {
  const made = await stage(consent, assets, [[".more", keys]]);
  adopt(made.root, css);
  return made;
}

/** Shows what a withdrawal did. */
export async function report(
  consent: Consent,
  assets: Assets,
  what: WithdrawalReport,
  done: () => void,
): Promise<void> {
  const { words, root } = await staged(consent, assets);
  drawReport(view(), slot(root, "report", "status"), consent, words, what, done);
}

/** Opens the preference centre; the focus goes back to `opener` when it closes. */
export async function preferences(
  consent: Consent,
  assets: Assets,
  opener: Element | null,
  closed: () => void,
  wanted?: "settings" | "vendors",
): Promise<{ close(): void }> {
  // A page may have given the function itself to a listener: then this is an event.
  const way = wanted === "vendors" ? wanted : "settings";
  // Read while nothing has changed, or the page would be laid out for it.
  const hasBar = innerWidth > document.documentElement.clientWidth;
  const { words, root, facts } = await staged(consent, assets);
  const own = view();
  const kinds = formats(words);
  const tree = ask(own, own.open, input(consent, words, kinds, facts));
  const place = slot(root, "preferences");
  const draw = (parent: Node, of: string) => render(parent, of, (count) => words.plural("vendors", count));
  draw(place, tree);
  const dialog = place.firstElementChild as HTMLDialogElement;
  // What is said afterwards is heard if its place stood there before.
  const reported = slot(root, "report", "status");
  // The banner would stand beside the dialog that it opened: it is put away until that closes.
  const asking = root.querySelector("[data-slot=banner]");
  asking?.remove();
  const page = rootRule();
  // The page does not scroll behind the dialog, and nothing in it moves when its scroll bar goes.
  if (hasBar) page.style.setProperty("scrollbar-gutter", "stable");
  page.style.setProperty("overflow", "hidden");
  const heading = () => dialog.querySelector<HTMLElement>("#title")?.focus();

  let list: Blocks | undefined;
  const back = () =>
    giveFocus(opener === root.host ? null : opener, asking?.querySelector(`[data-action=${way}]`));
  const shut = () => {
    list?.stop();
    dialog.close();
    place.remove();
    page.undo();
    closed();
  };
  const askAgain = () => asking?.firstChild && root.prepend(asking);
  const close = () => {
    if (!place.isConnected) return;
    shut();
    askAgain();
    back();
  };
  /** The dialog goes first; what was decided follows. */
  const answer = async (word: string, lines: readonly string[]) => {
    shut();
    back();
    const from = provenance("preferences", words, tree);
    try {
      const { report } =
        word === "accept"
          ? await consent.acceptAll(from)
          : word === "reject"
            ? await consent.rejectAll(from)
            : await consent.choose(decision(lines), from);
      if (report?.vendors.length) drawReport(own, reported, consent, words, report, back);
      else say(root, words.get("banner.saved"));
      // The floating button may have come only now.
      setTimeout(() => isFocusLost() && back(), FOCUSED_AFTER_MS);
    } finally {
      askAgain();
    }
  };
  const run = (action: string, id = "", more = "") => {
    const done = ask(own, own.act, `${action}\x1f${id}\x1f${more}`);
    const [word = "", ...lines] = done.split("\n");
    if (done[0] !== "<") {
      if (word === "close") close();
      else answer(word, lines).catch(reportError);
      return;
    }
    const isOtherView = action === "vendors" || action === "back";
    if (isOtherView) {
      list?.stop();
      list = undefined;
      // One view's elements have not the other's attributes.
      dialog.replaceChildren();
    }
    draw(place, done);
    const rows = dialog.querySelector<HTMLElement>(".rows");
    if (rows) {
      list ??= blocks(dialog, rows, (block, at) => draw(block, read(own, own.block(at))));
      list.renew(LISTS.test(action));
    }
    if (action === "vendors") heading();
    if (action === "back") backTo(dialog, opened);
    if (/^(apply|cancel)$/.test(action)) dialog.querySelector<HTMLElement>("[data-action=filter]")?.focus();
  };
  /** The category from which the list was opened. */
  let opened = "";
  place.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-action]");
    const { action = "", id = "" } = button?.dataset ?? {};
    if (action === "vendors") opened = id;
    if (button) run(action, id, action === "details" ? detailsOf(consent, id, words, kinds) : "");
    else if (event.target === dialog && isOutside(dialog, event as MouseEvent)) run("close");
  });
  place.addEventListener("change", (event) => {
    for (const kind of ["category", "vendor", "interest", "pick", "all"]) {
      const id = (event.target as HTMLElement).dataset[kind];
      if (id) run(kind, id);
    }
  });
  place.addEventListener("input", ({ target }) => {
    const field = target as HTMLInputElement;
    if ("search" in field.dataset) run("search", fold(field.value));
  });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    run("close");
  });
  // What was still to be said of the banner is no news any more.
  say(root, "");
  if (way === "vendors") run(way);
  dialog.showModal();
  // The dialog itself: of a heading that is the first in it some readers say nothing.
  dialog.focus();
  return { close };
}

/** Back from the list the focus is where it was opened. */
function backTo(dialog: Element, category: string): void {
  dialog.querySelector<HTMLElement>(`[data-action=vendors][data-id="${CSS.escape(category)}"]`)?.focus();
}

function detailsOf(consent: Consent, id: string, words: Texts, kinds: ReturnType<typeof formats>): string {
  const vendor = [ownVendor(consent), ...consent.vendors].find((one) => one.id === id);
  return vendor ? details(vendor, words, kinds) : "";
}

/** A click on the backdrop has the dialog as its target, and falls outside of its box. */
function isOutside(dialog: Element, { clientX, clientY }: MouseEvent): boolean {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}

function decision(lines: readonly string[]): Decision {
  const answers = (letter: string) =>
    Object.fromEntries(
      lines.filter((line) => line[0] === letter).map((line) => [line.slice(2), line[1] === "1"]),
    );
  return { categories: answers("c"), vendors: answers("v"), objections: answers("o") };
}
