// The interface's own place in the page: an element between head and body, with a shadow root and an
// adopted style sheet. No inline style, and out of the reach of frameworks that own the body.

import { sharedState } from "../handover.ts";
import type { Config } from "../types.ts";
import { page } from "./page.ts";
import type { Texts } from "./records.ts";
import { sheet } from "./sheet.ts";

const NAME = "portcullis-ui";

/** What this and a file that is not bundled with it draw with. */
export const shared = sharedState();

/** Puts the element where it belongs. */
function put(): void {
  const { element } = shared;
  if (element?.nextElementSibling !== page.body)
    page.documentElement.insertBefore(element as Node, page.body);
}

/**
 * The interface's root, dressed: styles, language, direction, scheme. Put in place if it is not there
 * yet, and put back if something removes it.
 */
export function host(
  css: string,
  { tag, dir }: Pick<Texts, "tag" | "dir">,
  look: Config["interface"] = {},
): ShadowRoot {
  let { element } = shared;
  if (!element) {
    // It says itself when it is taken out: an observer would cost the page at each of its insertions.
    if (!customElements.get(NAME)) {
      customElements.define(
        NAME,
        class extends HTMLElement {
          disconnectedCallback() {
            queueMicrotask(put);
          }
        },
      );
    }
    element = page.createElement(NAME);
    shared.element = element;
    element.attachShadow({ mode: "open" });
    put();
    // Moves of the focus inside of the shadow root are not seen out here.
    element.addEventListener("focusin", ({ relatedTarget }) => {
      shared.cameFrom = relatedTarget ?? shared.cameFrom;
    });
  }
  element.lang = tag;
  element.dir = dir;
  element.dataset.scheme = look.scheme ?? "auto";
  const root = element.shadowRoot as ShadowRoot;
  adopt(root, css, look.theme);
  return root;
}

/** Adds a style sheet, once. */
export function adopt(root: ShadowRoot, ...[css, theme]: Parameters<typeof sheet>): void {
  const { adopted } = shared;
  if (adopted.has(css)) return;
  adopted.add(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet(css, theme)];
}

/** A place inside the root for one part of the interface. */
export function slot(root: ShadowRoot, name: string, role?: string): HTMLElement {
  const known = root.querySelector<HTMLElement>(`[data-slot=${name}]`);
  if (known) return known;
  const made = page.createElement("div");
  made.dataset.slot = name;
  if (role) made.setAttribute("role", role);
  root.append(made);
  return made;
}

/** Where there is a top layer it stands there: above whatever the page has put over everything. */
export function onTop(box: HTMLElement): void {
  if (box.popover === "manual") return;
  box.popover = "manual";
  box.showPopover?.();
}

/** Actions of the banner that are no answer: what they lead to is opened, and the banner stays. */
export const LEADS_ON = /^(settings|vendors)$/;

/** The action of what was clicked. */
export const actionAt = (target: EventTarget | null): string | null | undefined =>
  (target as Element).closest("[data-action]")?.getAttribute("data-action");

/** Takes a part away; the focus does not go with it. */
export function putAway(root: ShadowRoot, place: HTMLElement): void {
  const hadFocus = place.contains(root.activeElement);
  // The preference centre has it put away, perhaps: it comes back empty.
  place.replaceChildren();
  place.remove();
  if (hadFocus) giveFocus();
}

/** How long the place for announcements stands empty before something is said there: readers miss what comes with it. */
const SAID_AFTER_MS = 500;

/** How long what was said stays: who reads on finds nothing that is past. */
const SAID_FOR_MS = 10_000;

let speaking = 0;

/** Says something to those who hear the page, in place of what is still to be said; nothing moves. */
export function say(root: ShadowRoot, text: string): void {
  const place = slot(root, "status", "status");
  clearTimeout(speaking);
  place.textContent = "";
  if (!text) return;
  speaking = window.setTimeout(() => {
    place.textContent = text;
    speaking = window.setTimeout(say, SAID_FOR_MS, root, "");
  }, SAID_AFTER_MS);
}

/** Gives the focus to the first that takes it, else to where it came from, else to the way back. */
export function giveFocus(...first: readonly (EventTarget | null | undefined)[]): void {
  const wayBack = page.querySelector("portcullis-way-back")?.shadowRoot?.querySelector("button");
  for (const candidate of [...first, shared.cameFrom, wayBack]) {
    if (candidate instanceof HTMLElement && candidate !== page.body) {
      candidate.focus({ preventScroll: true });
      if (candidate.matches(":focus, :focus-within")) return;
    }
  }
}

/** Whether nothing has the focus. */
export const isFocusLost = (): boolean => page.activeElement === page.body;

/** A rule on the page's root: its style, and what takes it away again. */
export function rootRule(): { style: CSSStyleDeclaration; undo(): void } {
  const own = new CSSStyleSheet();
  own.replaceSync(":root{}");
  page.adoptedStyleSheets = [...page.adoptedStyleSheets, own];
  return {
    style: (own.cssRules[0] as CSSStyleRule).style,
    undo() {
      page.adoptedStyleSheets = page.adoptedStyleSheets.filter((adopted) => adopted !== own);
    },
  };
}
