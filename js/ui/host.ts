// The interface's own place in the page: an element between head and body, with a shadow root and an
// adopted style sheet. No inline style, and out of the reach of frameworks that own the body.

import type { Config } from "../types.ts";
import type { Texts } from "./language.ts";

const TAG = "portcullis-ui";

/** The element, and what was focused when the focus came into it: known to both files of the interface. */
type Host = HTMLElement & { cameFrom?: EventTarget };

/** The host; put in place if there is none, and put back if something removes it. */
export function host(): ShadowRoot {
  let element = document.querySelector<Host>(TAG);
  if (!element) {
    element = document.createElement(TAG);
    element.attachShadow({ mode: "open" });
    const root = document.documentElement;
    const put = () => {
      if (element && (!element.isConnected || element.nextElementSibling !== document.body)) {
        root.insertBefore(element, document.body);
      }
    };
    put();
    // Moves of the focus inside of the shadow root are not seen out here.
    element.addEventListener("focusin", ({ relatedTarget }) => {
      if (element && relatedTarget) element.cameFrom = relatedTarget;
    });
    new MutationObserver(put).observe(root, { childList: true });
  }
  return element.shadowRoot as ShadowRoot;
}

const sheets = new Map<string, CSSStyleSheet>();

/** A style sheet, once. */
function sheet(css: string): CSSStyleSheet {
  const known = sheets.get(css) ?? new CSSStyleSheet();
  if (!sheets.has(css)) known.replaceSync(css);
  sheets.set(css, known);
  return known;
}

/** Dresses a root: styles, language, direction, scheme, and the site's theme as custom properties. */
export function dress(
  root: ShadowRoot,
  css: string,
  texts: Pick<Texts, "tag" | "dir">,
  config: Config,
): void {
  const element = root.host as HTMLElement;
  element.lang = texts.tag;
  element.dir = texts.dir;
  element.dataset.scheme = config.interface?.scheme ?? "auto";
  const wanted = [sheet(css)];
  const theme = Object.entries(config.interface?.theme ?? {});
  if (theme.length) {
    const own = sheet(":host{}/* theme */");
    const { style } = own.cssRules[0] as CSSStyleRule;
    for (const [name, value] of theme) style.setProperty(`--portcullis-${name}`, value);
    wanted.push(own);
  }
  root.adoptedStyleSheets = [...new Set([...root.adoptedStyleSheets, ...wanted])];
}

/** A place inside the root for one part of the interface. */
export function slot(root: ShadowRoot, name: string): HTMLElement {
  const known = root.querySelector<HTMLElement>(`[data-slot="${name}"]`);
  if (known) return known;
  const made = document.createElement("div");
  made.dataset.slot = name;
  root.appendChild(made);
  return made;
}

/** Gives the focus to the first that takes it, else to where it came from, else to the way back. */
export function giveFocus(...first: readonly (EventTarget | null)[]): void {
  const wayBack = document.querySelector("portcullis-way-back")?.shadowRoot?.querySelector("button");
  const cameFrom = document.querySelector<Host>(TAG)?.cameFrom;
  for (const candidate of [...first, cameFrom, wayBack]) {
    if (candidate instanceof HTMLElement && candidate.isConnected && candidate !== document.body) {
      candidate.focus({ preventScroll: true });
      if (candidate.matches(":focus, :focus-within")) return;
    }
  }
}

/** A rule on the page's root: its style, and what takes it away again. */
export function rootRule(): { style: CSSStyleDeclaration; undo(): void } {
  const own = new CSSStyleSheet();
  own.replaceSync(":root{}");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, own];
  return {
    style: (own.cssRules[0] as CSSStyleRule).style,
    undo() {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((adopted) => adopted !== own);
    },
  };
}

/** The look, for the digest of what was shown. */
export const look = (config: Config): string => JSON.stringify(config.interface ?? {});

/** A document that is being parsed has no body yet. */
export function bodyReady(): Promise<void> {
  if (document.body) return Promise.resolve();
  return new Promise((resolve) => {
    const watch = new MutationObserver(() => {
      if (!document.body) return;
      watch.disconnect();
      resolve();
    });
    watch.observe(document.documentElement, { childList: true });
  });
}
