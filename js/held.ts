// Elements that are held: kept aside, read back as written, and released, each in the way that its
// kind and the way it came by allow (how each engine behaves is in docs/platform.md).

import type { Natives } from "./natives.ts";
import { HOLD, type Judge } from "./traps.ts";

/** The kinds whose address is trapped. */
export type Held = HTMLScriptElement | HTMLIFrameElement | HTMLImageElement;

/** What is kept of a held element. */
interface Kept {
  readonly id: number;
  readonly element: Element;
  /** As given: text, or a Trusted Types object. */
  readonly value: { toString(): string };
  /** What is asked about it: see `Request` in `src/consent/verdict.rs`. */
  readonly request: string;
  /** It has to be put anew into the page to run. */
  readonly anew: boolean;
  readonly kind: string;
}

/** What a fresh script may take over from the one it stands for; `on…` never does. */
const CARRIED =
  /^(async|charset|class|crossorigin|defer|fetchpriority|id|integrity|nomodule|referrerpolicy|data-.+)$/;
/** Elements that a mark with `data-src` can hold. */
const MARKED = "script[data-category],script[data-vendor],[data-category][data-src],[data-vendor][data-src]";
const FOUND = "script[src],iframe[src],img[src]";
/** A script type that no engine runs. */
const INERT = "text/plain";

/** Whether an element's `src` is trapped. */
export function isTrapped(element: Element): element is Held {
  return (
    element instanceof HTMLScriptElement ||
    element instanceof HTMLImageElement ||
    element instanceof HTMLIFrameElement
  );
}

/** Makes trusted text for a script that has passed the markup rule; without Trusted Types, text. */
export interface Trust {
  url(value: string): string;
  script(value: string): string;
}

export class Holder {
  /** The nonce of our own script, if it has one. */
  nonce = "";
  #last = 0;
  #byElement = new WeakMap<Element, Kept>();
  #byId = new Map<number, Kept>();
  /** Elements that were looked at, or that we made. */
  #seen = new WeakSet<Element>();

  constructor(
    private readonly native: Natives,
    private readonly address: (value: string) => string,
    private readonly judge: () => Judge,
  ) {}

  /** What is kept of an element, if it is held. */
  of(element: Element): Kept | undefined {
    return this.#byElement.get(element);
  }

  /** The address is gone: there is nothing to release any more. */
  forget(element: Element): void {
    const kept = this.#byElement.get(element);
    this.#byElement.delete(element);
    if (kept) this.#byId.delete(kept.id);
  }

  /** Asks about an address that a script gives an element; keeps it aside if it is to be held. */
  keep(element: Held, value: { toString(): string }): boolean {
    this.forget(element);
    const place = this.address(String(value));
    const finding = this.judge().ask(`e\t\t${place}`);
    this.#seen.add(element);
    if (!(finding & 3)) return false;
    this.native.removeAttribute.call(element, "src");
    this.#hold(element, value, `\t${place}`, false);
    return true;
  }

  /** Looks through nodes that are about to be inserted. */
  inspect(node: Node): void {
    if (node instanceof Element) {
      if (isTrapped(node)) this.#inspectOne(node);
      if (!node.firstElementChild) return;
    } else if (!(node instanceof DocumentFragment)) {
      return;
    }
    for (const element of this.#all(node, FOUND)) this.#inspectOne(element as Held);
  }

  /** Watches what the parser inserts. */
  watch(): void {
    // Before the document is parsed only marks are certain: what stands there unmarked has run.
    for (const element of this.#all(document, MARKED)) this.#visit(element);
    new MutationObserver((records) => {
      for (const record of records) {
        for (const node of record.addedNodes) {
          if (node instanceof Element) {
            this.#visit(node);
            if (node.firstElementChild)
              for (const element of this.#all(node, `${FOUND},${MARKED}`)) this.#visit(element);
          }
        }
      }
    }).observe(document, { childList: true, subtree: true });
  }

  /** There is a gate now: what is held is put to it. */
  askAgain(): void {
    for (const kept of this.#byId.values()) this.#register(kept);
  }

  /** Releases a held element; tells when it has run or failed. */
  release(id: number, ordered: boolean, trust: Trust, settled: (failed: boolean) => void): void {
    const kept = this.#byId.get(id);
    if (!kept) {
      settled(false);
      return;
    }
    this.forget(kept.element);
    const finding = this.judge().ask(`?\t${kept.request}`);
    this.judge().note(kept.kind, "released", String(kept.value), finding);
    let { element } = kept;
    try {
      const source = element;
      if (kept.anew) element = this.#copy(source as HTMLScriptElement, kept, ordered, trust);
      const external = !kept.anew || !!String(kept.value);
      if (element instanceof HTMLScriptElement && external && (kept.anew || element.isConnected)) {
        element.addEventListener("load", () => settled(false));
        element.addEventListener("error", () => {
          this.judge().note(kept.kind, "failed", String(kept.value), finding);
          settled(true);
        });
      } else {
        setTimeout(() => settled(false));
      }
      if (kept.anew) this.native.replaceWith.call(source, element);
      else this.native.setAttribute.call(element, "src", kept.value as string);
    } catch {
      // Trusted Types or the page's own patches refused it: it fails alone.
      this.judge().note(kept.kind, "failed", String(kept.value), finding);
      settled(true);
    }
  }

  #copy(source: HTMLScriptElement, kept: Kept, ordered: boolean, trust: Trust): HTMLScriptElement {
    const script = this.native.createElement.call(document, "script") as HTMLScriptElement;
    this.#seen.add(script);
    for (const { name, value } of Array.from(source.attributes)) {
      if (CARRIED.test(name)) this.native.setAttribute.call(script, name, value);
    }
    const type =
      kept.kind === "marked" ? this.native.getAttribute.call(source, "data-type") : this.#types.get(source);
    if (type) script.type = type;
    script.nonce = source.nonce;
    if (String(kept.value)) this.native.setAttribute.call(script, "src", trust.url(String(kept.value)));
    else script.text = trust.script(source.text);
    script.async = !ordered;
    return script;
  }

  /** The types that held scripts of the HTML had. */
  #types = new WeakMap<Element, string>();

  #all(root: Element | Document | DocumentFragment, selector: string): Element[] {
    return Array.from(this.native.querySelectorAll(root, selector));
  }

  #inspectOne(element: Held): void {
    if (this.#seen.has(element)) return;
    const value = this.native.getAttribute.call(element, "src");
    if (value && !this.native.matches.call(element, MARKED)) this.keep(element, value);
  }

  /** An element that stands in the document now. */
  #visit(element: Element): void {
    if (this.#seen.has(element)) return;
    if (this.native.matches.call(element, MARKED)) {
      this.#visitMarked(element);
      return;
    }
    if (!isTrapped(element) || !this.native.hasAttribute.call(element, "src")) return;
    this.#seen.add(element);
    const value = this.native.getAttribute.call(element, "src") ?? "";
    const place = this.address(value);
    if (!(this.judge().ask(`e\t\t${place}`) & 3)) return;
    if (element instanceof HTMLScriptElement) {
      // Of all means only a type that does not run stops a parsed script in all three engines.
      this.#types.set(element, element.type);
      element.type = INERT;
      const ordered = !element.async && this.#types.get(element) !== "module";
      this.#hold(element, value, `${this.#flags(element, ordered)}\t${place}`, true);
    } else {
      this.native.removeAttribute.call(element, "src");
      this.#hold(element, value, `\t${place}`, false);
    }
  }

  #visitMarked(element: Element): void {
    const read = (name: string) => this.native.getAttribute.call(element, name) ?? "";
    this.#seen.add(element);
    const script = element instanceof HTMLScriptElement;
    if (script && element.type !== INERT) return; // Marked, but it runs by itself.
    const value = read("data-src") || (script ? read("src") : "");
    const place = value ? this.address(value) : "\t";
    if (value && place === "\t") return; // Only what is fetched from the network is a tag.
    const flags = script
      ? this.#flags(element, !value || !this.native.hasAttribute.call(element, "async"), !value)
      : "";
    this.#hold(
      element,
      value,
      `${flags}\t${place}\t${read("data-category")}\t${read("data-vendor")}`,
      script,
      "marked",
    );
  }

  /** The letters of a script of the HTML: ordered, with our nonce, inline. */
  #flags(script: HTMLScriptElement, ordered: boolean, inline = false): string {
    const ours = this.nonce && script.nonce === this.nonce;
    return `m${ordered ? "o" : ""}${ours ? "n" : ""}${inline ? "i" : ""}`;
  }

  #hold(
    element: Element,
    value: { toString(): string },
    request: string,
    anew: boolean,
    kind = element.localName,
  ): void {
    const kept = { id: ++this.#last, element, value, request, anew, kind };
    this.#byElement.set(element, kept);
    this.#byId.set(kept.id, kept);
    this.#register(kept);
  }

  #register(kept: Kept): void {
    const finding = this.judge().ask(`h\t${kept.id}\t${kept.request}`);
    if ((finding & 3) === HOLD) this.judge().note(kept.kind, "held", String(kept.value), finding);
    else this.judge().wake();
  }
}
