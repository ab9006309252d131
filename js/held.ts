// Elements that are held: kept aside, read back as written, and released, each in the way that its
// kind and the way it came by allow (how each engine behaves is in docs/platform.md).

import type { Natives } from "./natives.ts";
import { addressesIn, addressesOf, FOUND, isFetching } from "./traps/addresses.ts";
import { HOLD, type Judge } from "./traps/judge.ts";

/** An address as given: text, or a Trusted Types object. */
type Value = { toString(): string };

/** What is kept of an attribute of a held element. */
export interface Held {
  readonly id: number;
  readonly element: Element;
  /** The attribute, as `traps/addresses.ts` has it; empty for the text of an inline script. */
  readonly name: string;
  readonly value: Value;
  /** What is asked about it: see `Request` in `src/consent/verdict.rs`. */
  readonly request: string;
  /** It has to be put anew into the page to run. */
  readonly anew: boolean;
  readonly kind: string;
  /** It has stood in a document. */
  hasStood: boolean;
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
  /** What is kept of an element's attribute, or of the first that is held. */
  of(element: Element, name?: string): Held | undefined;
  /** The address is gone: there is nothing to release any more. */
  forget(element: Element, name: string): void;
  /** Asks about an address that a script gives an element; keeps it aside if it is to be held. */
  keep(element: Element, name: string, value: Value): boolean;
  /** Whether an attribute of this value would be held. */
  isHeld(name: string, value: string): boolean;
  /** An element that we made is let through. */
  own(element: Element): void;
  /** Looks through nodes that are about to be inserted; whether there is anything that can fetch. */
  inspect(node: Node): boolean;
  /** The same for freshly parsed nodes, whose scripts run or not; whether anything is held. */
  inspectParsed(nodes: DocumentFragment, runs: boolean): boolean;
  /** Looks through nodes that are copied; copies of held ones are held. */
  copying<T extends Node>(node: Node, deep: boolean, copy: () => T): T;
  /** A document in which nothing is fetched. */
  still(): Document;
  /** Nodes were put somewhere: their frames are entered. */
  enter(node: Node): void;
  /** Something held was put somewhere, and something else may be gone for it. */
  sweep(): void;
  /** Whether a script runs later than the page meant it to. */
  isLate(script: Element): boolean;
  /** What a late script writes goes where it stands. */
  write(script: Element, markup: string): void;
  /** There are frames, or links in no document yet, or the page just begins: what is inserted is looked through. */
  isWary: boolean;
  /** There are documents of no frame, whose nodes have to be looked through. */
  hasOthers: boolean;
  /** Watches a document. What it gives is to be called when a script puts something into it. */
  watch(of: Document): () => void;
  /** There is a gate now: what is held is put to it. */
  askAgain(): void;
  /** Whether a script of the page with this address is held, and is to be released as `ask` stands. */
  awaits(address: string, ask: Judge["ask"]): boolean;
  /** Keeps an element's attribute aside, and holds it. */
  aside(element: Element, name: string, value: Value, request: string, kind?: string): void;
  /** What an element is marked with, as a request ends with it; nothing if it is not marked. */
  marks(element: Element): string;
  /** What is to be done after each look at the page. */
  looked(): void;
  /** Releases a held element; tells when it has run or failed. */
  release(id: number, ordered: boolean, trust: Trust, settled: () => void): void;
}

/** What a fresh script may take over from the one it stands for; `on…` never does. */
const CARRIED =
  /^(async|charset|class|crossorigin|defer|fetchpriority|id|integrity|nomodule|referrerpolicy|data-.+)$/;
/** Elements that a mark with `data-src` can hold. */
const MARKED = ":is(script,[data-src]):is([data-category],[data-vendor])";
/** Types of scripts that run (WHATWG MIME Sniffing, "JavaScript MIME type"), and so say when they have. */
const RUNS =
  /^\s*(module|(text|application)\/(x-)?(java|ecma)script|text\/(javascript1\.[0-5]|jscript|livescript))?\s*$/i;
/**
 * Types that optimisers give scripts, to run them themselves and later: Cloudflare's Rocket Loader, WP Rocket, LiteSpeed
 * Cache, PageSpeed. Other types that do not run are held like those that do: Partytown's scripts run in a worker.
 */
const PUT_OFF =
  /^(.+-((text|application)\/javascript|module)|rocketlazyloadscript|litespeed\/javascript|text\/psajs)$/i;
/**
 * Here a frame that goes on from an empty document is a step of the page's history, and going back would not leave the
 * page: it is put in anew with its address. Elsewhere it stays, and with it its window, which others may know.
 */
const IS_WEBKIT = /^Apple/.test(navigator.vendor);
/** After a look at a document there is a pause of so many times as long: it costs a fiftieth of the page's time at most. */
const LOOK_SHARE = 50;
/** A script type that no engine runs. */
const INERT = "text/plain";

/** By name, so that elements of a frame, with prototypes of their own, count too. */
const isScript = (element: Element): element is HTMLScriptElement => element.localName === "script";

const isLink = (element: Element): boolean => element.localName === "link";
const isFrame = (element: Element): boolean => /frame$/.test(element.localName);

/** Whether it stands in a page: not in what a parser has made, nor in a frame that is gone. */
const stands = (element: Element): boolean => element.isConnected && !!element.ownerDocument.defaultView;

export function makeHolder(
  native: Natives,
  address: (value: string) => string,
  judge: () => Judge,
  enterFrame: (frame: Element) => void,
): Holder {
  let last = 0;
  const byElement = new WeakMap<Element, Map<string, Held>>();
  const byId = new Map<number, Held>();
  /** Elements that were looked at, or that we made. */
  const seen = new WeakSet<Element>();
  /** Scripts that were released. */
  const late = new WeakSet<Element>();
  /** The types that held scripts of the HTML had. */
  const types = new WeakMap<Element, string>();
  let still: Document | undefined;

  const read = (element: Element, name: string): string => native.getAttribute(element, name) ?? "";

  const isMarked = (element: Element): boolean => native.matches(element, MARKED);

  /** Where a value leads that has to be held; nothing if it may pass. */
  const heldPlace = (name: string, value: string): string | undefined => {
    if (name === "srcdoc") {
      if (!/[:&\\]|\/\//.test(value)) return undefined;
      const { body } = holder.still();
      native.setHTML(body, value);
      for (const element of native.querySelectorAll(body, FOUND)) {
        for (const inner of addressesOf(element)) {
          const place = heldPlace(inner, read(element, inner));
          if (place) return place;
        }
      }
      return undefined;
    }
    return (value ? addressesIn(name, value) : [])
      .map(address)
      .find((place) => judge().ask(`e\t\t${place}`) & 3);
  };

  const register = ({ id, request, kind, value, element }: Held): void => {
    const finding = judge().ask(`h\t${id}\t${request}`);
    if ((finding & 3) === HOLD) judge().note(kind, "held", String(value), finding, element);
    else judge().wake();
  };

  const hold = (
    element: Element,
    name: string,
    value: Value,
    request: string,
    anew = false,
    kind = element.localName,
  ): void => {
    const kept = { id: ++last, element, name, value, request, anew, kind, hasStood: stands(element) };
    const all = byElement.get(element) ?? new Map();
    byElement.set(element, all.set(name, kept));
    byId.set(last, kept);
    register(kept);
  };

  /** The letters of a script of the HTML: ordered, with our nonce, inline. */
  const flags = (script: HTMLScriptElement, ordered: boolean, inline = false): string =>
    `m${ordered ? "o" : ""}${holder.nonce && script.nonce === holder.nonce ? "n" : ""}${inline ? "i" : ""}`;

  /** An element that stands in the document now. */
  const visit = (element: Element): void => {
    holdAgain(element);
    if (seen.has(element)) return;
    if (isMarked(element)) {
      visitMarked(element);
      return;
    }
    for (const name of addressesOf(element)) {
      const value = read(element, name) || (name === "href" && read(element, "xlink:href"));
      if (!value || !isFetched(element, name)) continue;
      const place = heldPlace(name, value);
      if (place && isScript(element) && PUT_OFF.test(element.type)) {
        // It asks for nothing before the optimiser puts a copy in, whose address a trap sees.
        addLoose(element);
        continue;
      }
      seen.add(element);
      if (!place) continue;
      if (isScript(element)) {
        // Only a non-executable type stops a parser-inserted script in all three engines.
        const type = read(element, "type");
        types.set(element, type);
        native.setAttribute(element, "type", INERT);
        hold(element, name, value, `${flags(element, !element.async && type !== "module")}\t${place}`, true);
      } else {
        setAside(element, name, value, place);
      }
    }
    if (isFrame(element)) holder.enter(element);
  };

  const setAside = (element: Element, name: string, value: Value, place: string): void =>
    holder.aside(element, name, value, `\t${place}`);

  /** A link names a place, or fetches. */
  const isFetched = (element: Element, name: string): boolean =>
    name !== "href" || !isLink(element) || isFetching(read(element, "rel"));

  const visitMarked = (element: Element): void => {
    seen.add(element);
    const script = isScript(element);
    if (script && element.type !== INERT) return; // Marked, but it runs by itself.
    const value = read(element, "data-src") || (script ? read(element, "src") : "");
    const place = value ? address(value) : "\t";
    if (value && place === "\t") return; // Only what is fetched from the network is a tag.
    const letters = script ? flags(element, !value || !native.hasAttribute(element, "async"), !value) : "";
    const request = `${letters}\t${place}${holder.marks(element)}`;
    hold(element, value ? "src" : "", value, request, script, "marked");
  };

  /** A script that runs, for one that was held. */
  const copy = (source: HTMLScriptElement, { kind, value }: Held, ordered: boolean, trust: Trust) => {
    const script = native.createElement(source.ownerDocument, "script");
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

  const visitAll = (root: Node, selector: string): void => {
    for (const element of native.querySelectorAll(root, selector)) visit(element);
  };

  /** An element that is about to be inserted or copied; whether it is of a kind that can fetch. */
  const inspectOne = (element: Element): boolean => {
    const names = addressesOf(element);
    if (!names.length) return false;
    holdAgain(element);
    if (seen.has(element) || isMarked(element)) return true;
    // It stands in a page and waits for its optimiser: see `visit`.
    if (isScript(element) && element.isConnected && PUT_OFF.test(element.type)) return true;
    for (const name of names) {
      const value = read(element, name) || (name === "href" && read(element, "xlink:href"));
      if (value && isFetched(element, name)) {
        const place = heldPlace(name, value);
        if (place) setAside(element, name, value, place);
      }
    }
    // What a link fetches hangs on its `rel`, which may change.
    if (!isLink(element)) seen.add(element);
    return true;
  };

  /** One that was taken out of the page comes back. */
  const holdAgain = (element: Element): void => {
    byElement.get(element)?.forEach(({ id, name, value, request, anew, kind }) => {
      if (!byId.has(id)) hold(element, name, value, request, anew, kind);
    });
  };

  /**
   * What was taken out of the page is not released, and kept only as long as the page keeps it: a site that goes on
   * for hours, view after view, must not pile up what it has put away. Gives whether it is gone.
   */
  const letGo = (kept: Held): boolean => {
    const isThere = stands(kept.element);
    kept.hasStood ||= isThere;
    if (isThere || !kept.hasStood) return false;
    byId.delete(kept.id);
    judge().ask(`g\t${kept.id}`);
    return true;
  };

  /** Frames, which are entered anew wherever they are put; and links that are in no document. */
  const loose = new Set<WeakRef<Element>>();
  const addLoose = (element: Element): void => {
    holder.isWary = true;
    if (![...loose].some((ref) => ref.deref() === element)) loose.add(new WeakRef(element));
  };
  const settleLoose = (): void => {
    for (const ref of loose) {
      const element = ref.deref();
      if (!element || (isLink(element) && element.isConnected)) loose.delete(ref);
    }
    holder.isWary = loose.size > 0;
  };

  const isParent = (node: Node): boolean => !!(node as Element | undefined)?.firstElementChild;

  const pending = new WeakMap<Element, string>();

  const holder: Holder = {
    nonce: "",
    marks: (element) =>
      isMarked(element) ? `\t${read(element, "data-category")}\t${read(element, "data-vendor")}` : "",
    looked() {},
    aside(element, name, value, request, kind) {
      native.removeAttribute(element, name);
      native.removeAttribute(element, `xlink:${name}`);
      hold(element, name, value, request, false, kind);
    },
    isWary: true,
    hasOthers: false,
    still() {
      still ??= native.createHTMLDocument(native.implementation(document), "");
      return still;
    },
    of: (element, name) => {
      const all = byElement.get(element);
      return name === undefined ? all?.values().next().value : all?.get(name);
    },
    forget(element, name) {
      const all = byElement.get(element);
      byId.delete(all?.get(name)?.id ?? 0);
      all?.delete(name);
    },
    keep(element, name, value) {
      if (name === "rel") {
        if (!element.isConnected) addLoose(element);
        else if (isFetching(String(value))) {
          const place = heldPlace("href", read(element, "href"));
          if (place) setAside(element, "href", read(element, "href"), place);
        }
        return false;
      }
      holder.forget(element, name);
      // Out of the document a link fetches nothing, and its `rel` may be yet to come.
      if (isLink(element) && !(element.isConnected && isFetched(element, name))) {
        addLoose(element);
        return false;
      }
      const place = heldPlace(name, String(value));
      if (!isLink(element)) seen.add(element);
      if (!place) return false;
      setAside(element, name, value, place);
      return true;
    },
    isHeld: (name, value) => !!heldPlace(name, value),
    own: (element) => void seen.add(element),
    inspect(node) {
      let found = node.nodeType === 1 && inspectOne(node as Element);
      if (isParent(node)) {
        for (const element of native.querySelectorAll(node, FOUND)) {
          found = true;
          inspectOne(element);
        }
      }
      return found;
    },
    inspectParsed(nodes, runs) {
      const before = last;
      if (!runs) for (const script of native.querySelectorAll(nodes, "script")) seen.add(script);
      holder.inspect(nodes);
      return last > before;
    },
    copying(node, deep, make) {
      if (node?.nodeType === 1) inspectOne(node as Element);
      const mayFetch = deep && isParent(node) && holder.inspect(node);
      const made = make();
      if (mayFetch) holder.enter(made);
      if (!byId.size) return made;
      const both = [node, made].map((root) => [
        root,
        ...(deep && isParent(root) ? native.querySelectorAll(root, FOUND) : []),
      ]) as [Element[], Element[]];
      both[0].forEach((source, at) => {
        for (const { name, value, request, anew } of byElement.get(source)?.values() ?? []) {
          const target = both[1][at];
          // A copy of a script of the HTML would not have run either.
          if (target && !anew) hold(target, name, value, request);
        }
      });
      return made;
    },
    enter(node) {
      const inner = isParent(node) ? native.querySelectorAll(node, "iframe,frame,link") : [];
      for (const element of [node as Element, ...inner]) {
        if (isFrame(element) || (isLink(element) && !element.isConnected)) addLoose(element);
        if (isFrame(element) && element.isConnected) enterFrame(element);
      }
    },
    sweep: () => byId.forEach(letGo),
    isLate: (script) => late.has(script),
    write(script, markup) {
      const before = pending.get(script);
      pending.set(script, (before ?? "") + markup);
      if (before !== undefined) return;
      // It may write in pieces: what it wrote is whole when it has run.
      Promise.resolve().then(() => {
        const range = native.createRange(script.ownerDocument);
        range.selectNode(script);
        // The page's own trap looks through what is made here.
        const fragment = range.createContextualFragment(pending.get(script) ?? "");
        pending.delete(script);
        for (const inner of native.querySelectorAll(fragment, "script")) {
          late.add(inner);
          (inner as HTMLScriptElement).async = false;
        }
        holder.inspect(fragment);
        if (script.parentNode) native.insertBefore(script.parentNode, fragment, script.nextSibling);
      });
    },
    watch(of) {
      const all = `${FOUND},${MARKED}`;
      // Before the document is parsed only marks are certain: what stands there unmarked has run.
      visitAll(of, MARKED);
      if (of.readyState === "loading") {
        const observer = new MutationObserver((records) => {
          for (const { addedNodes } of records) {
            for (const node of addedNodes) {
              if (node.nodeType === 1) {
                visit(node as Element);
                if (isParent(node)) visitAll(node, all);
              }
            }
          }
        });
        observer.observe(of, { childList: true, subtree: true });
        // Then the parser is done, and every insertion is seen by its trap, at a tenth of the cost.
        native.addEventListener(of, "DOMContentLoaded", () => {
          look();
          observer.disconnect();
        });
      }
      let isDue = false;
      let pause = 0;
      const look = (): void => {
        const began = performance.now();
        isDue = false;
        holder.sweep();
        settleLoose();
        visitAll(of, all);
        holder.looked();
        pause = (performance.now() - began) * LOOK_SHARE;
      };
      return () => {
        if (!isDue) setTimeout(look, pause);
        isDue = true;
      };
    },
    askAgain() {
      byId.forEach(register);
    },
    awaits(wanted, ask) {
      const whole = (value: Value) => new native.URL(String(value), native.baseURI(document)).href;
      return [...byId.values()].some(
        ({ element, name, value, request }) =>
          isScript(element) &&
          name === "src" &&
          whole(value) === whole(wanted) &&
          !(ask(`?\t${request}`) & 3),
      );
    },
    release(id, ordered, trust, settled) {
      const kept = byId.get(id);
      if (!kept || letGo(kept)) {
        settled();
        return;
      }
      const { element, name, value, anew, kind } = kept;
      holder.forget(element, name);
      const finding = judge().ask(`?\t${kept.request}`);
      const note = (what: "released" | "failed") => judge().note(kind, what, String(value), finding);
      const fail = (): void => {
        note("failed");
        settled();
      };
      note("released");
      try {
        const fresh = anew ? copy(element as HTMLScriptElement, kept, ordered, trust) : element;
        if (isScript(fresh) && RUNS.test(fresh.type) && String(value) && (anew || element.isConnected)) {
          fresh.addEventListener("load", settled);
          fresh.addEventListener("error", fail);
        } else {
          setTimeout(settled);
        }
        late.add(fresh);
        const { parentNode } = element;
        if (anew) native.replaceWith(element, fresh);
        else if (isFrame(element) && parentNode && IS_WEBKIT) {
          const { nextSibling } = element;
          native.appendChild(native.createDocumentFragment(document), element);
          native.setAttribute(element, name, value as string);
          native.insertBefore(parentNode, element, nextSibling);
        } else if (isFrame(element) && element.ownerDocument.readyState === "loading") {
          // Chromium loses the address that a frame is given while the parser is inserting it.
          setTimeout(() => native.setAttribute(element, name, value as string));
        } else native.setAttribute(element, name, value as string);
        // Two kinds do not look again when an attribute comes late.
        if (element.localName === "source") (parentNode as HTMLMediaElement | null)?.load?.();
        if (name === "imagesrcset" && parentNode) {
          native.insertBefore(parentNode, element, element.nextSibling);
        }
      } catch {
        fail(); // Trusted Types or the page's own patches refused it: it fails alone.
      }
    },
  };
  return holder;
}
