// The traps: they stand at the page's exits, ask for a verdict, and do as told. No rule is in here.
//
// Held elements keep their identity: the address is kept aside and reads back as written; `held.ts`
// has them. Calls that must answer are refused the way a content blocker refuses them.

import { type Held, type Holder, isTrapped, makeHolder } from "./held.ts";
import { type Natives, natives } from "./natives.ts";
import { hideTexts, method, property } from "./patch.ts";

/** Who gives verdicts. */
export interface Judge {
  /** A question of `ask` in `wasm/gate`, and its packed finding. */
  ask(question: string): number;
  /** Something that was taken in may go at once. */
  wake(): void;
  /** Something happened that the log wants to know. */
  note(kind: string, what: "held" | "refused" | "released" | "failed", target: string, finding: number): void;
}

/** The verdicts, bits 0 and 1 of a finding. `WAIT`: there is no gate yet. */
export const HOLD = 1;
export const REFUSE = 2;
export const WAIT = 3;

/** What stands once the traps are set. */
export interface Traps {
  readonly natives: Natives;
  readonly held: Holder;
  /** Host, and path with query, of an address; an empty host for what is no network request. */
  address(value: string): string;
  /** Puts a judge in, and lets what waited ask again. */
  connect(judge: Judge): void;
}

/** Lets everything pass: for the moment between setting the traps and connecting the gate. */
const NOBODY: Judge = { ask: () => 0, note() {}, wake() {} };

/** Sets the traps. Until `connect`, `early` judges. */
export function setTraps(early: Judge = NOBODY): Traps {
  const native = natives();
  let judge = early;
  let arrived: () => void = () => {};
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve;
  });

  const address = (value: string): string => {
    try {
      const url = new native.URL(value, native.baseURI(document));
      return /^(http|ws)s?:$/.test(url.protocol) ? `${url.hostname}\t${url.pathname}${url.search}` : "\t";
    } catch {
      return "\t"; // The browser will not request it either.
    }
  };

  /** The verdict on a call; what is refused is logged. */
  const call = (kind: string, url: string): number => {
    const finding = judge.ask(`c\t\t${address(url)}`);
    if ((finding & 3) === REFUSE) judge.note(kind, "refused", url, finding);
    return finding & 3;
  };

  const held = makeHolder(native, address, () => judge);
  hideTexts();
  trapElements(held, native);
  trapInsertion(held);
  trapFetch(call, arrival);
  trapXhr(call, arrival);
  trapBeacon(call, arrival);
  trapNames(() => judge);
  held.watch();

  return {
    natives: native,
    held,
    address,
    connect(gate) {
      judge = gate;
      held.askAgain();
      arrived();
    },
  };
}

function trapElements(held: Holder, native: Natives): void {
  for (const { prototype } of [HTMLScriptElement, HTMLIFrameElement, HTMLImageElement]) {
    property<HTMLScriptElement, string>(prototype as HTMLScriptElement, "src", ({ get, set }) => ({
      get() {
        const kept = held.of(this);
        return kept ? new native.URL(String(kept.value), native.baseURI(this)).href : get.call(this);
      },
      set(value) {
        if (!held.keep(this, value)) set.call(this, value);
      },
    }));
  }
  const { prototype } = Element;
  const isSource = (element: Element, name: unknown): element is Held =>
    (name === "src" || String(name).toLowerCase() === "src") && isTrapped(element);

  method(prototype, "setAttribute", (set: Element["setAttribute"]) => {
    return function (this: Element, name, value) {
      if (!(isSource(this, name) && held.keep(this, value))) set.call(this, name, value);
    } as typeof set;
  });
  method(prototype, "setAttributeNS", (set: Element["setAttributeNS"]) => {
    return function (this: Element, namespace: string | null, name: string, value: string) {
      if (!(isSource(this, name) && held.keep(this, value))) set.call(this, namespace, name, value);
    } as typeof set;
  });
  for (const name of ["setAttributeNode", "setAttributeNodeNS"]) {
    method(prototype, name, (set: Element["setAttributeNode"]) => {
      return function (this: Element, node) {
        return isSource(this, node.name) && held.keep(this, node.value) ? null : set.call(this, node);
      } as typeof set;
    });
  }
  method(prototype, "getAttribute", (get: Element["getAttribute"]) => {
    return function (this: Element, name) {
      return (isSource(this, name) && held.of(this)?.value.toString()) || get.call(this, name);
    } as typeof get;
  });
  method(prototype, "hasAttribute", (has: Element["hasAttribute"]) => {
    return function (this: Element, name) {
      return (isSource(this, name) && !!held.of(this)) || has.call(this, name);
    } as typeof has;
  });
  method(prototype, "removeAttribute", (remove: Element["removeAttribute"]) => {
    return function (this: Element, name) {
      if (isSource(this, name)) held.forget(this);
      remove.call(this, name);
    } as typeof remove;
  });
}

/** Elements that got their address by a way that no setter sees (a clone, a parsed fragment). */
function trapInsertion(held: Holder): void {
  type Insert = (this: Node, ...nodes: (Node | string | null)[]) => unknown;
  const inspecting = (insert: Insert): Insert =>
    function (this: Node, first, second) {
      // biome-ignore lint/complexity/noArguments: what was passed, without an array of its own
      const all = arguments as unknown as Node[];
      if (first instanceof Node) held.inspect(first);
      // Most calls have one node, or a node and its neighbour.
      if (all.length === 1) return insert.call(this, first as Node);
      if (all.length === 2) {
        if (second instanceof Node && !second.isConnected) held.inspect(second);
        return insert.call(this, first as Node, second as Node);
      }
      for (const node of Array.from(all)) if (node instanceof Node) held.inspect(node);
      return insert.apply(this, all);
    };
  const each = (owner: object, names: string) => {
    for (const name of names.split(" ")) method(owner, name, inspecting as never);
  };
  each(Node.prototype, "appendChild insertBefore replaceChild");
  for (const { prototype } of [Element, Document, DocumentFragment])
    each(prototype, "append prepend replaceChildren");
  for (const { prototype } of [Element, CharacterData]) each(prototype, "before after replaceWith");
  each(Range.prototype, "insertNode");
  method(Element.prototype, "insertAdjacentElement", (insert: Element["insertAdjacentElement"]) => {
    return function (this: Element, where, element) {
      if (element instanceof Node) held.inspect(element);
      return insert.call(this, where, element);
    } as typeof insert;
  });
}

type Call = (kind: string, url: string) => number;

function trapFetch(call: Call, arrival: Promise<void>): void {
  method(window, "fetch", (native: typeof fetch) => {
    const trapped = (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
      const verdict = call("fetch", input instanceof Request ? input.url : String(input));
      if (verdict === WAIT) return arrival.then(() => trapped(input, init));
      if (verdict === REFUSE) return Promise.reject(new TypeError("Failed to fetch"));
      return native(input, init);
    };
    return trapped;
  });
}

function trapXhr(call: Call, arrival: Promise<void>): void {
  const { prototype } = XMLHttpRequest;
  /** Whether each opened request is asynchronous, and where it goes. */
  const opened = new WeakMap<XMLHttpRequest, { url: string; later: boolean }>();
  method(prototype, "open", (native: XMLHttpRequest["open"]) => {
    return function (this: XMLHttpRequest, verb: string, url: string | URL, ...rest: [boolean]) {
      opened.set(this, { url: String(url), later: rest[0] !== false });
      return native.call(this, verb, url, ...(rest.length ? rest : ([true] as [boolean])));
    } as typeof native;
  });
  method(prototype, "send", (native: XMLHttpRequest["send"]) => {
    return function send(this: XMLHttpRequest, body) {
      const { url, later } = opened.get(this) ?? { url: "", later: true };
      const verdict = call("xhr", url);
      if (verdict === WAIT && later) {
        arrival.then(() => send.call(this, body));
      } else if (verdict >= REFUSE) {
        if (!later) throw new DOMException("Failed to load", "NetworkError");
        setTimeout(() => fail(this));
      } else {
        native.call(this, body);
      }
    } as typeof native;
  });
}

/** What a request that the network refused looks like from the page. */
function fail(request: XMLHttpRequest): void {
  Object.defineProperty(request, "readyState", { value: 4, configurable: true });
  request.dispatchEvent(new Event("readystatechange"));
  for (const type of ["error", "loadend"]) request.dispatchEvent(new ProgressEvent(type));
}

function trapBeacon(call: Call, arrival: Promise<void>): void {
  method(Navigator.prototype, "sendBeacon", (native: Navigator["sendBeacon"]) => {
    return function beacon(this: Navigator, url: string | URL, data?: BodyInit | null): boolean {
      const verdict = call("beacon", String(url));
      if (verdict === WAIT) arrival.then(() => beacon.call(this, url, data));
      // A content blocker lets the call succeed and drops the request; vendors cope with that.
      return verdict >= REFUSE || native.call(this, url, data);
    };
  });
}

/** Cookies and storage keys that a page's script may not write. */
function trapNames(judge: () => Judge): void {
  const mayWrite = (name: string): boolean => {
    const finding = judge().ask(`n\t${name}`);
    const refused = (finding & 3) === REFUSE;
    if (refused) judge().note("cookie", "refused", name, finding);
    return !refused;
  };
  property<Document, string>(Document.prototype, "cookie", ({ get, set }) => ({
    get() {
      return get.call(this);
    },
    set(text) {
      const value = String(text);
      // A cookie without a name is read back by its value alone: "=a=b" is seen as "a=b".
      const name = value.replace(/^[\s=]+/, "").split(/[=;]/, 1)[0] ?? "";
      if (mayWrite(name.trim())) set.call(this, value);
    },
  }));
  method(Storage.prototype, "setItem", (set: Storage["setItem"]) => {
    return function (this: Storage, key, value) {
      const kind = this === window.sessionStorage ? "session" : "local";
      if (mayWrite(`${kind}:${key}`)) set.call(this, key, value);
    } as typeof set;
  });
}
