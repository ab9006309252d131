// Traps on what brings nodes into a document: insertion, copying, and strings of markup.

import type { Holder } from "../held.ts";
import type { Natives } from "../natives.ts";
import { method, property } from "../patch.ts";
import { FOUND } from "./addresses.ts";
import type { Realm } from "./realm.ts";

/** Markup that may name another host: an element of the table, and what an absolute address needs. */
const ELEMENTS = new RegExp(`<(?:${FOUND.split(",[")[0]?.replaceAll(",", "|")})\\b|background\\s*=`, "i");
const isSuspect = (text: string): boolean => /[:&\\]|\/\//.test(text) && ELEMENTS.test(text);

/** What makes an empty document one of today's. */
const DOCTYPE = /^\s*<!doctype[^>]*>/i;

const isNode = (value: unknown): value is Node => !!(value as Node | null)?.nodeType;

export function trapMarkup(realm: Realm, held: Holder, native: Natives): void {
  trapInsertion(realm, held);
  trapStrings(realm, held, native);
}

/** Elements that got their address by a way that no setter sees (a copy, a parsed fragment). */
function trapInsertion(realm: Realm, held: Holder): void {
  type Insert = (this: Node, ...nodes: (Node | string | null)[]) => unknown;
  const inspecting = (insert: Insert): Insert =>
    function (this: Node, first, second) {
      // biome-ignore lint/complexity/noArguments: what was passed, without an array of its own
      const all = arguments as unknown as Node[];
      // Most calls have one node, or a node and its neighbour.
      if (all.length === 1) {
        const mayFetch = isNode(first) && held.inspect(first);
        const result = insert.call(this, first as Node);
        if (mayFetch) held.enter(first as Node);
        return result;
      }
      const fetching = Array.from(all).filter((node) => isNode(node) && held.inspect(node));
      const result =
        all.length === 2 ? insert.call(this, first as Node, second as Node) : insert.apply(this, all);
      for (const node of fetching) held.enter(node);
      return result;
    };
  const each = (owner: object, names: string) => {
    for (const name of names.split(" ")) method(owner, name, inspecting as never);
  };
  each(realm.Node.prototype, "appendChild insertBefore replaceChild");
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

function trapStrings(realm: Realm, held: Holder, native: Natives): void {
  /** A document in which nothing is fetched. */
  let still: Document | undefined;

  /** The parsed nodes, where something among them has to be held; else nothing: the browser may parse. */
  const parse = (context: Element | null, value: unknown, runs = false): DocumentFragment | undefined => {
    if (!isSuspect(String(value))) return undefined;
    still ??= native.createHTMLDocument(native.implementation(document), "");
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
    property<Element, string>(prototype as Element, "innerHTML", ({ get, set }) => ({
      get() {
        return get.call(this);
      },
      set(value) {
        const context = (this as unknown as ShadowRoot).host ?? this;
        // What a template holds is still.
        const parsed = this.localName === "template" ? undefined : parse(context, value);
        if (parsed) native.replaceChildren(this, parsed);
        else set.call(this, value);
        if (this.firstElementChild) held.enter(this);
      },
    }));
    method(prototype, "setHTMLUnsafe", (set: (this: Element, value: string, options?: never) => void) => {
      return function (this: Element, value, options) {
        const parsed = parse((this as unknown as ShadowRoot)?.host ?? this, value);
        if (parsed) native.replaceChildren(this, parsed);
        else set.call(this, value, options);
      };
    });
  }
  const { prototype } = realm.Element;
  property<Element, string>(prototype, "outerHTML", ({ get, set }) => ({
    get() {
      return get.call(this);
    },
    set(value) {
      const { parentElement } = this;
      const parsed = parentElement && parse(parentElement, value);
      if (parsed) native.replaceWith(this, parsed);
      else set.call(this, value);
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
    } as typeof insert;
  });
  method(realm.Range.prototype, "createContextualFragment", (create: Range["createContextualFragment"]) => {
    return function (this: Range, value: string) {
      const node = this?.startContainer;
      const context = node?.nodeType === 1 ? (node as Element) : node?.parentElement;
      const parsed = parse(context ?? native.body(document), value, true);
      return parsed ? native.adoptNode(realm.document, parsed) : create.call(this, value);
    } as typeof create;
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
      };
    });
  }
}
