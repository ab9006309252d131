// The browser's own functions, taken before anyone could replace them. Markup can shadow properties
// of `document` by name (an `<img name="cookie">`), never a getter taken from a prototype.

type Getter<T, V> = (this: T) => V;
type Setter<T, V> = (this: T, value: V) => void;

/** A prototype's accessor. */
export function accessor<T, V>(prototype: T, name: string) {
  return Object.getOwnPropertyDescriptor(prototype, name) as {
    get: Getter<T, V>;
    set: Setter<T, V>;
  };
}

/** Reads a property by its prototype's own getter. */
export function reader<T, V>(prototype: T, name: string): (of: T) => V {
  const { get } = accessor<T, V>(prototype, name);
  return (of) => get.call(of);
}

/** What the traps and the gate call instead of what the page may have patched. */
export interface Natives {
  readonly baseURI: (of: Node) => string;
  readonly currentScript: (of: Document) => HTMLOrSVGScriptElement | null;
  readonly cookie: { get: Getter<Document, string>; set: Setter<Document, string> };
  readonly getAttribute: Element["getAttribute"];
  readonly setAttribute: Element["setAttribute"];
  readonly hasAttribute: Element["hasAttribute"];
  readonly removeAttribute: Element["removeAttribute"];
  readonly querySelectorAll: (
    root: Element | Document | DocumentFragment,
    selector: string,
  ) => NodeListOf<Element>;
  readonly matches: Element["matches"];
  readonly createElement: Document["createElement"];
  readonly appendChild: Node["appendChild"];
  readonly replaceWith: ChildNode["replaceWith"];
  readonly fetch: typeof fetch;
  readonly sendBeacon: Navigator["sendBeacon"];
  readonly URL: typeof URL;
}

/** Takes them; called once, before the traps are set. */
export function natives(): Natives {
  const { prototype } = Element;
  const queries = new Map<object, ParentNode["querySelectorAll"]>(
    [Element, Document, DocumentFragment].map((kind) => [kind, kind.prototype.querySelectorAll]),
  );
  return {
    baseURI: reader<Node, string>(Node.prototype, "baseURI"),
    currentScript: reader<Document, HTMLOrSVGScriptElement | null>(Document.prototype, "currentScript"),
    cookie: accessor<Document, string>(Document.prototype, "cookie"),
    getAttribute: prototype.getAttribute,
    setAttribute: prototype.setAttribute,
    hasAttribute: prototype.hasAttribute,
    removeAttribute: prototype.removeAttribute,
    querySelectorAll: (root, selector) => {
      const kind = root instanceof Element ? Element : root instanceof Document ? Document : DocumentFragment;
      return (queries.get(kind) ?? root.querySelectorAll).call(root, selector);
    },
    matches: prototype.matches,
    createElement: Document.prototype.createElement,
    appendChild: Node.prototype.appendChild,
    replaceWith: prototype.replaceWith,
    fetch: window.fetch,
    sendBeacon: Navigator.prototype.sendBeacon,
    URL,
  };
}
