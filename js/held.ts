// Elements that are held: kept aside, read back as written, and released, each in the way that its
// kind and the way it came by allow (how each engine behaves is in docs/platform.md).

import type { Natives } from "./natives.ts";
import { HOLD, type Judge } from "./traps.ts";

/** The kinds whose address is trapped. */
export type Held = HTMLScriptElement | HTMLIFrameElement | HTMLImageElement;

/** An address as given: text, or a Trusted Types object. */
type Value = { toString(): string };

/** What is kept of a held element. */
interface Kept {
  readonly id: number;
  readonly element: Element;
  readonly value: Value;
  /** What is asked about it: see `Request` in `src/consent/verdict.rs`. */
  readonly request: string;
  /** It has to be put anew into the page to run. */
  readonly anew: boolean;
  readonly kind: string;
}

/** Makes trusted text for a script that has passed the markup rule; without Trusted Types, text. */
export interface Trust {
  url(value: string): string;
  script(value: string): string;
}

/** Who keeps held elements. */
export interface Holder {
  /** The nonce of our own script, if it has one. */
  nonce: string;
  /** What is kept of an element, if it is held. */
  of(element: Element): Kept | undefined;
  /** The address is gone: there is nothing to release any more. */
  forget(element: Element): void;
  /** Asks about an address that a script gives an element; keeps it aside if it is to be held. */
  keep(element: Held, value: Value): boolean;
  /** Looks through nodes that are about to be inserted. */
  inspect(node: Node): void;
  /** Watches what the parser inserts. */
  watch(): void;
  /** There is a gate now: what is held is put to it. */
  askAgain(): void;
  /** Releases a held element; tells when it has run or failed. */
  release(id: number, ordered: boolean, trust: Trust, settled: () => void): void;
}

/** What a fresh script may take over from the one it stands for; `on…` never does. */
const CARRIED =
  /^(async|charset|class|crossorigin|defer|fetchpriority|id|integrity|nomodule|referrerpolicy|data-.+)$/;
/** Elements that a mark with `data-src` can hold. */
const MARKED = ":is(script,[data-src]):is([data-category],[data-vendor])";
const FOUND = ":is(script,iframe,img)[src]";
/** A script type that no engine runs. */
const INERT = "text/plain";

const isScript = (element: Element): element is HTMLScriptElement => element instanceof HTMLScriptElement;

/** Whether an element's `src` is trapped. */
export const isTrapped = (element: Element): element is Held =>
  isScript(element) || element instanceof HTMLImageElement || element instanceof HTMLIFrameElement;

export function makeHolder(native: Natives, address: (value: string) => string, judge: () => Judge): Holder {
  let last = 0;
  const byElement = new WeakMap<Element, Kept>();
  const byId = new Map<number, Kept>();
  /** Elements that were looked at, or that we made. */
  const seen = new WeakSet<Element>();
  /** The types that held scripts of the HTML had. */
  const types = new WeakMap<Element, string>();

  const read = (element: Element, name: string): string => native.getAttribute(element, name) ?? "";

  const isMarked = (element: Element): boolean => native.matches(element, MARKED);

  const register = ({ id, request, kind, value }: Kept): void => {
    const finding = judge().ask(`h\t${id}\t${request}`);
    if ((finding & 3) === HOLD) judge().note(kind, "held", String(value), finding);
    else judge().wake();
  };

  const hold = (
    element: Element,
    value: Value,
    request: string,
    anew = false,
    kind = element.localName,
  ): void => {
    const kept = { id: ++last, element, value, request, anew, kind };
    byElement.set(element, kept);
    byId.set(last, kept);
    register(kept);
  };

  /** The letters of a script of the HTML: ordered, with our nonce, inline. */
  const flags = (script: HTMLScriptElement, ordered: boolean, inline = false): string =>
    `m${ordered ? "o" : ""}${holder.nonce && script.nonce === holder.nonce ? "n" : ""}${inline ? "i" : ""}`;

  /** An element that stands in the document now. */
  const visit = (element: Element): void => {
    if (seen.has(element)) return;
    if (isMarked(element)) {
      visitMarked(element);
      return;
    }
    if (!isTrapped(element) || !native.hasAttribute(element, "src")) return;
    seen.add(element);
    const value = read(element, "src");
    const place = address(value);
    if (!(judge().ask(`e\t\t${place}`) & 3)) return;
    if (isScript(element)) {
      // Of all means only a type that does not run stops a parsed script in all three engines.
      const { type } = element;
      types.set(element, type);
      element.type = INERT;
      hold(element, value, `${flags(element, !element.async && type !== "module")}\t${place}`, true);
    } else {
      native.removeAttribute(element, "src");
      hold(element, value, `\t${place}`);
    }
  };

  const visitMarked = (element: Element): void => {
    seen.add(element);
    const script = isScript(element);
    if (script && element.type !== INERT) return; // Marked, but it runs by itself.
    const value = read(element, "data-src") || (script ? read(element, "src") : "");
    const place = value ? address(value) : "\t";
    if (value && place === "\t") return; // Only what is fetched from the network is a tag.
    const letters = script ? flags(element, !value || !native.hasAttribute(element, "async"), !value) : "";
    const marks = `${read(element, "data-category")}\t${read(element, "data-vendor")}`;
    hold(element, value, `${letters}\t${place}\t${marks}`, script, "marked");
  };

  /** A script that runs, for one that was held. */
  const copy = (source: HTMLScriptElement, { kind, value }: Kept, ordered: boolean, trust: Trust) => {
    const script = native.createElement(document, "script");
    seen.add(script);
    for (const { name } of source.attributes) {
      if (CARRIED.test(name)) native.setAttribute(script, name, read(source, name));
    }
    const type = kind === "marked" ? read(source, "data-type") : types.get(source);
    if (type) script.type = type;
    script.nonce = source.nonce;
    if (String(value)) native.setAttribute(script, "src", trust.url(String(value)));
    else script.text = trust.script(source.text);
    script.async = !ordered;
    return script;
  };

  const visitAll = (root: Element | Document, selector: string): void => {
    for (const element of native.querySelectorAll(root, selector)) visit(element);
  };

  const inspectOne = (element: Held): void => {
    if (seen.has(element)) return;
    const value = read(element, "src");
    if (value && !isMarked(element)) holder.keep(element, value);
  };

  const holder: Holder = {
    nonce: "",
    of: (element) => byElement.get(element),
    forget(element) {
      byId.delete(byElement.get(element)?.id ?? 0);
      byElement.delete(element);
    },
    keep(element, value) {
      holder.forget(element);
      const place = address(String(value));
      seen.add(element);
      if (!(judge().ask(`e\t\t${place}`) & 3)) return false;
      native.removeAttribute(element, "src");
      hold(element, value, `\t${place}`);
      return true;
    },
    inspect(node) {
      if (node instanceof Element) {
        if (isTrapped(node)) inspectOne(node);
        if (!node.firstElementChild) return;
      } else if (!(node instanceof DocumentFragment)) {
        return;
      }
      for (const element of native.querySelectorAll(node, FOUND)) inspectOne(element as Held);
    },
    watch() {
      // Before the document is parsed only marks are certain: what stands there unmarked has run.
      visitAll(document, MARKED);
      new MutationObserver((records) => {
        for (const { addedNodes } of records) {
          for (const node of addedNodes) {
            if (node instanceof Element) {
              visit(node);
              if (node.firstElementChild) visitAll(node, `${FOUND},${MARKED}`);
            }
          }
        }
      }).observe(document, { childList: true, subtree: true });
    },
    askAgain() {
      byId.forEach(register);
    },
    release(id, ordered, trust, settled) {
      const kept = byId.get(id);
      if (!kept) {
        settled();
        return;
      }
      const { element, value, anew, kind } = kept;
      holder.forget(element);
      const finding = judge().ask(`?\t${kept.request}`);
      const note = (what: "released" | "failed") => judge().note(kind, what, String(value), finding);
      const fail = (): void => {
        note("failed");
        settled();
      };
      note("released");
      try {
        const fresh = anew ? copy(element as HTMLScriptElement, kept, ordered, trust) : element;
        if (isScript(fresh) && String(value) && (anew || element.isConnected)) {
          fresh.addEventListener("load", settled);
          fresh.addEventListener("error", fail);
        } else {
          setTimeout(settled);
        }
        if (anew) native.replaceWith(element, fresh);
        else native.setAttribute(element, "src", value as string);
      } catch {
        fail(); // Trusted Types or the page's own patches refused it: it fails alone.
      }
    },
  };
  return holder;
}
