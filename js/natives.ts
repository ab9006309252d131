// The browser's own functions, taken before anyone could replace them. Markup can shadow properties
// of `document` by name (an `<img name="cookie">`), never a getter taken from a prototype.

/** What the traps and the gate call instead of what the page may have patched: the receiver comes first. */
export interface Natives {
  baseURI(of: Node): string;
  currentScript(of: Document): HTMLOrSVGScriptElement | null;
  cookies(of: Document): string;
  setCookie(of: Document, text: string): void;
  getAttribute(of: Element, name: string): string | null;
  setAttribute(of: Element, name: string, value: string): void;
  hasAttribute(of: Element, name: string): boolean;
  removeAttribute(of: Element, name: string): void;
  matches(of: Element, selector: string): boolean;
  replaceWith(of: Element, by: Node): void;
  createElement(of: Document, name: "script"): HTMLScriptElement;
  appendChild(of: Node, child: Node): void;
  querySelectorAll(of: Element | Document | DocumentFragment, selector: string): Iterable<Element>;
  readonly URL: typeof URL;
}

type Callable = (...values: never[]) => unknown;

/** A method as a function of its receiver. */
const bare = (method: Callable): Callable => Function.prototype.call.bind(method);

const methods = (of: { readonly prototype: object }, names: string) =>
  names.split(" ").map((name) => [name, bare(of.prototype[name as never])]);

const accessor = (of: { readonly prototype: object }, name: string) => {
  const { get, set } = Object.getOwnPropertyDescriptor(of.prototype, name) as Required<PropertyDescriptor>;
  return [bare(get), set && bare(set)];
};

/** Takes them; called once, before the traps are set. */
export function natives(): Natives {
  const queries = [Element, Document, DocumentFragment].map(
    (kind) => [kind, bare(kind.prototype.querySelectorAll)] as const,
  );
  const [cookies, setCookie] = accessor(Document, "cookie");
  return {
    ...Object.fromEntries([
      ...methods(Element, "getAttribute setAttribute hasAttribute removeAttribute matches replaceWith"),
      ...methods(Document, "createElement"),
      ...methods(Node, "appendChild"),
    ]),
    baseURI: accessor(Node, "baseURI")[0],
    currentScript: accessor(Document, "currentScript")[0],
    cookies,
    setCookie,
    querySelectorAll: (of: never, selector: never) =>
      queries.find(([kind]) => (of as object) instanceof kind)?.[1](of, selector),
    URL,
  } as unknown as Natives;
}
