// Traps on what brings nodes into a document: insertion, copying, and strings of markup.

import type { Holder } from "../held.ts";
import type { Natives } from "../natives.ts";
import { exact, method, property } from "../patch.ts";
import { FOUND } from "./addresses.ts";
import type { Realm } from "./realm.ts";

/** Markup that may name another host: an element of the table, and what an absolute address needs. */
const ELEMENTS = new RegExp(`<(?:${FOUND.split(",[")[0]?.replaceAll(",", "|")})\\b|background\\s*=`, "i");
const isSuspect = (text: string): boolean => /[:&\\]|\/\//.test(text) && ELEMENTS.test(text);

/** Markup of what is entered, or fetches only within a document. */
const LOOSE = /<(i?frame|link)\b/i;

/** What makes an empty document one of today's. */
const DOCTYPE = /^\s*<!doctype[^>]*>/i;

const isNode = (value: unknown): value is Node => !!(value as Node | null)?.nodeType;

/** What brings a document of its own: its nodes have addresses that no trap has seen. */
const DOORS =
  "DOMParser.parseFromString Document.parseHTML Document.parseHTMLUnsafe HTMLTemplateElement.content " +
  "XMLHttpRequest.response XMLHttpRequest.responseXML";

/** `changed`: a script has put something into the document. */
export function trapMarkup(realm: Realm, held: Holder, native: Natives, changed: () => void): void {
  trapInsertion(realm, held, changed);
  trapStrings(realm, held, native, changed);
}

/** Elements that got their address by a way that no setter sees (a copy, a parsed fragment). */
function trapInsertion(realm: Realm, held: Holder, changed: () => void): void {
  type Insert = (this: Node, ...nodes: (Node | string | null)[]) => unknown;
  const { document } = realm;
  type Door = (this: never, ...values: never[]) => unknown;
  const opening = (native: Door): Door =>
    ({
      door(this: never, ...values: never[]) {
        const found = native.apply(this, values);
        held.hasOthers ||= isNode(found);
        return found;
      },
    }).door;
  for (const path of DOORS.split(" ")) {
    const [kind = "", name = ""] = path.split(".");
    const owner = realm[kind as "DOMParser"];
    exact(owner, name, opening);
    exact(owner.prototype, name, opening);
    exact(owner.prototype, name, opening, "get");
  }

  exact(realm.Document.prototype, "createElement", (create: Document["createElement"]) => {
    return {
      createElement(this: Document, name: string) {
        const made =
          // biome-ignore lint/complexity/noArguments: how many there are has a meaning
          arguments.length === 1 ? create.call(this, name) : create.apply(this, arguments as never);
        // As long as a frame's name is, or of no length.
        if ((0b1100001 >> name?.length) & 1) held.enter(made);
        return made;
      },
    }.createElement as typeof create;
  });
  method(realm.Document.prototype, "createElementNS", (create: Document["createElementNS"]) => {
    return function (this: Document, ...values: never[]) {
      const made = create.apply(this, values as never) as Element;
      held.enter(made);
      return made;
    } as typeof create;
  });

  /**
   * A node of this document needs no look: what it asks for it asks for as soon as it has the address, which a trap
   * has seen. It is not asked for its name: every question to a node is a call into the browser, and there are many.
   */
  const isPlain = (node: unknown): boolean =>
    !(held.isWary || (held.hasOthers && (node as Node | null)?.ownerDocument !== document));

  const inspected = (insert: Insert, into: Node, nodes: Iterable<Node>): unknown => {
    const looked: Node[] = [];
    for (const node of nodes) {
      if (!isPlain(node) && isNode(node) && held.inspect(node)) looked.push(node);
    }
    const result = insert.apply(into, nodes as never);
    changed();
    for (const node of looked) held.enter(node);
    return result;
  };
  const inspecting = (insert: Insert): Insert =>
    function (this: Node) {
      // biome-ignore lint/complexity/noArguments: what was passed, without an array of its own
      return inspected(insert, this, arguments);
    };
  const each = (owner: object, names: string) => {
    for (const name of names.split(" ")) method(owner, name, inspecting as never);
  };
  exact(realm.Node.prototype, "appendChild", (insert: Node["appendChild"]) => {
    return {
      appendChild(this: Node, node: Node) {
        // biome-ignore lint/complexity/noArguments: see above
        if (arguments.length !== 1 || !isPlain(node)) return inspected(insert as Insert, this, arguments);
        changed();
        return insert.call(this, node);
      },
    }.appendChild as typeof insert;
  });
  exact(realm.Node.prototype, "insertBefore", (insert: Node["insertBefore"]) => {
    return {
      insertBefore(this: Node, node: Node, before: Node | null) {
        // biome-ignore lint/complexity/noArguments: see above
        if (arguments.length !== 2 || !isPlain(node)) return inspected(insert as Insert, this, arguments);
        changed();
        return insert.call(this, node, before);
      },
    }.insertBefore as typeof insert;
  });
  each(realm.Node.prototype, "replaceChild");
  for (const { prototype } of [realm.Element, realm.Document, realm.DocumentFragment])
    each(prototype, "append prepend replaceChildren moveBefore");
  for (const { prototype } of [realm.Element, realm.CharacterData])
    each(prototype, "before after replaceWith");
  each(realm.Range.prototype, "insertNode surroundContents");
  each(realm.Document.prototype, "adoptNode");
  each(realm.Element.prototype, "insertAdjacentElement");

  // A picture that is copied is fetched, wherever the copy goes.
  method(realm.Node.prototype, "cloneNode", (clone: Node["cloneNode"]) => {
    return function (this: Node, deep?: boolean) {
      return held.copying(this, !!deep, () => clone.call(this, deep));
    };
  });
  method(realm.Document.prototype, "importNode", (copy: Document["importNode"]) => {
    return function (this: Document, node: Node, deep?: boolean) {
      return isNode(node)
        ? held.copying(node, !!deep, () => copy.call(this, node, deep))
        : copy.call(this, node);
    } as typeof copy;
  });
}

function trapStrings(realm: Realm, held: Holder, native: Natives, changed: () => void): void {
  /** Markup was put in here: what of it is entered or waits for a document is noted. */
  const put = (value: unknown, into: Node | null | undefined, parsed: unknown): void => {
    changed();
    if (parsed) held.sweep();
    if (into && LOOSE.test(value as string)) held.enter(into);
  };

  /** The parsed nodes, where something among them has to be held; else nothing: the browser may parse. */
  const parse = (context: Element | null, value: unknown, runs = false): DocumentFragment | undefined => {
    if (!isSuspect(String(value))) return undefined;
    const still = held.still();
    const fragment = native.createDocumentFragment(still);
    const shell = native.importNode(still, context ?? still.body, false);
    if (runs) {
      const range = native.createRange(still);
      native.appendChild(fragment, shell);
      range.selectNodeContents(shell);
      const parsed = native.createContextualFragment(range, value as string);
      return held.inspectParsed(parsed, true) ? parsed : undefined;
    }
    native.setHTML(shell, value as string);
    for (const node of Array.from(shell.childNodes)) native.appendChild(fragment, node);
    return held.inspectParsed(fragment, false) ? fragment : undefined;
  };
  for (const { prototype } of [realm.Element, realm.ShadowRoot]) {
    property<Element, string>(prototype as Element, "innerHTML", ({ set }) => ({
      set(value) {
        const context = (this as unknown as ShadowRoot).host ?? this;
        // What a template holds is still.
        const parsed = this.localName === "template" ? undefined : parse(context, value);
        if (parsed) native.replaceChildren(this, parsed);
        else set.call(this, value);
        put(value, this, parsed);
      },
    }));
    method(prototype, "setHTMLUnsafe", (set: (this: Element, value: string, options?: never) => void) => {
      return function (this: Element, value, options) {
        const parsed = parse((this as unknown as ShadowRoot)?.host ?? this, value);
        if (parsed) native.replaceChildren(this, parsed);
        else set.call(this, value, options);
        put(value, this, parsed);
      };
    });
  }
  const { prototype } = realm.Element;
  property<Element, string>(prototype, "outerHTML", ({ set }) => ({
    set(value) {
      const { parentElement } = this;
      const parsed = parentElement && parse(parentElement, value);
      if (parsed) native.replaceWith(this, parsed);
      else set.call(this, value);
      put(value, parentElement, parsed);
    },
  }));
  method(prototype, "insertAdjacentHTML", (insert: Element["insertAdjacentHTML"]) => {
    return function (this: Element, where: InsertPosition, value: string) {
      const at = String(where).toLowerCase();
      const inside = at === "afterbegin" || at === "beforeend";
      const context = inside ? this : this?.parentElement;
      const parsed = context && parse(context, value);
      if (!parsed) insert.call(this, where, value);
      else
        native.insertBefore(
          context,
          parsed,
          {
            afterbegin: this.firstChild,
            beforebegin: this,
            afterend: this.nextSibling,
          }[at] ?? null,
        );
      put(value, context, parsed);
    } as typeof insert;
  });
  method(realm.Range.prototype, "createContextualFragment", (create: Range["createContextualFragment"]) => {
    return function (this: Range, value: string) {
      const node = this?.startContainer;
      const context = node?.nodeType === 1 ? (node as Element) : node?.parentElement;
      const parsed = parse(context ?? native.body(document), value, true);
      const made = parsed ? native.adoptNode(realm.document, parsed) : create.call(this, value);
      put(value, made, parsed);
      return made;
    } as typeof create;
  });

  // In WebKit what a style sheet makes is fetched as it is made.
  const { XSLTProcessor: stylist = { prototype: {} } } = realm;
  type Transform = (this: unknown, source: Node, owner: Document) => DocumentFragment | null;
  method(stylist.prototype, "transformToFragment", (transform: Transform) => {
    return function (this: unknown, source, owner) {
      if (owner !== realm.document) return transform.call(this, source, owner);
      const fragment = transform.call(this, source, held.still());
      if (fragment) held.inspect(fragment);
      return fragment && native.adoptNode(owner, fragment);
    };
  });

  for (const [name, end] of [
    ["write", ""],
    ["writeln", "\n"],
  ] as const) {
    method(realm.Document.prototype, name, (write: Document["write"]) => {
      return function (this: Document, ...texts: string[]) {
        const script = this?.nodeType === 9 ? native.currentScript(this) : null;
        const text = texts.length === 1 ? texts[0] : texts.map(String).join("");
        if (script && held.isLate(script)) {
          held.write(script, text + end);
          return;
        }
        const parsed = parse(script?.parentElement ?? native.body(document), text, true);
        if (parsed) {
          // An empty document has no place yet.
          if (!script && !this.body) write.call(this, `${DOCTYPE.exec(text as string) ?? ""}<body>`);
          native.insertBefore(script?.parentElement ?? this.body, parsed, script?.nextSibling ?? null);
        } else write.apply(this, texts);
        put(text, this.documentElement, parsed);
      };
    });
  }
}
