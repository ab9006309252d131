// The browser's own functions, taken before anyone could replace them. Markup can shadow properties
// of `document` by name (an `<img name="cookie">`), never a getter taken from a prototype.

/** What the traps and the gate call instead of what the page may have patched: the receiver comes first. */
export interface Natives {
  baseURI(of: Node): string;
  currentScript(of: Document): HTMLScriptElement | null;
  head(of: Document): HTMLElement | null;
  body(of: Document): HTMLElement | null;
  documentElement(of: Document): HTMLElement;
  implementation(of: Document): DOMImplementation;
  visibilityState(of: Document): DocumentVisibilityState;
  /** Absent where the browser does not render pages beforehand. */
  readonly prerendering?: (of: Document) => boolean;
  addEventListener(of: EventTarget, type: string, listener: (event: Event) => void, early?: boolean): void;
  contentWindow(of: Element): Window | null;
  cookies(of: Document): string;
  setCookie(of: Document, text: string): void;
  getAttribute(of: Element, name: string): string | null;
  setAttribute(of: Element, name: string, value: string): void;
  hasAttribute(of: Element, name: string): boolean;
  removeAttribute(of: Element, name: string): void;
  matches(of: Element, selector: string): boolean;
  replaceWith(of: Element, by: Node): void;
  replaceChildren(of: Element, by: Node): void;
  createElement(of: Document, name: "script"): HTMLScriptElement;
  createDocumentFragment(of: Document): DocumentFragment;
  createRange(of: Document): Range;
  createContextualFragment(of: Range, markup: string): DocumentFragment;
  createHTMLDocument(of: DOMImplementation, title: string): Document;
  importNode<T extends Node>(of: Document, node: T, deep: boolean): T;
  adoptNode<T extends Node>(of: Document, node: T): T;
  appendChild(of: Node, child: Node): void;
  insertBefore(of: Node, child: Node, before: Node | null): void;
  setHTML(of: Element, markup: string): void;
  querySelectorAll(of: Node, selector: string): Iterable<Element>;
  readonly URL: typeof URL;
}

type Callable = (...values: never[]) => unknown;

/** A method as a function of its receiver. */
const bare = (method: Callable): Callable => Function.prototype.call.bind(method);

const methods = (of: { readonly prototype: object }, names: string) =>
  names.split(" ").map((name) => [name, bare(of.prototype[name as never])]);

const accessor = (of: { readonly prototype: object }, name: string) => {
  const { get, set } = Object.getOwnPropertyDescriptor(of.prototype, name) ?? {};
  return [get && bare(get), set && bare(set)];
};

/** A method that each kind of parent has for itself. */
const ofParents = (name: "querySelectorAll" | "replaceChildren") => {
  const kinds = [Element, Document, DocumentFragment].map((kind) => bare(kind.prototype[name] as Callable));
  // A node of a frame has prototypes of its own, and the kind of node that it is all the same.
  return (of: Node, ...values: never[]) =>
    kinds[of.nodeType === 1 ? 0 : of.nodeType === 9 ? 1 : 2]?.(of as never, ...values);
};

/** Takes them; called once, before the traps are set. */
export function natives(): Natives {
  const [cookies, setCookie] = accessor(Document, "cookie");
  return {
    ...Object.fromEntries([
      ...methods(Element, "getAttribute setAttribute hasAttribute removeAttribute matches replaceWith"),
      ...methods(Document, "createElement createDocumentFragment createRange importNode adoptNode"),
      ...methods(DOMImplementation, "createHTMLDocument"),
      ...methods(Range, "createContextualFragment"),
      ...methods(Node, "appendChild insertBefore"),
      ...methods(EventTarget, "addEventListener"),
    ]),
    baseURI: accessor(Node, "baseURI")[0],
    ...Object.fromEntries(
      "currentScript head body documentElement implementation visibilityState prerendering"
        .split(" ")
        .map((name) => [name, accessor(Document, name)[0]]),
    ),
    contentWindow: accessor(HTMLIFrameElement, "contentWindow")[0],
    setHTML: accessor(Element, "innerHTML")[1],
    cookies,
    setCookie,
    querySelectorAll: ofParents("querySelectorAll"),
    replaceChildren: ofParents("replaceChildren"),
    URL,
  } as unknown as Natives;
}
