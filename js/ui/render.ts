// A tree of the view (`src/view/tree.rs`) as elements. What stands already is changed in place, so that
// focus and switches survive; what has not changed is left alone.

import { page } from "./page.ts";

/** Properties of which a tree names those that are true. */
const PROPERTIES = ["checked", "indeterminate", "hidden"] as const;

/** Draws `tree` into `root`. `count`: the words for a number of vendors. */
export function render(root: Node, tree: string, count?: (number: number) => string): void {
  let parent = root;
  let at = 0;
  const stack: [parent: Node, at: number][] = [];
  /** The properties of the element that has begun. */
  let named: string[] | undefined;
  const place = (node: Node) => parent.insertBefore(node, parent.childNodes[at] ?? null);
  /** Takes away what the tree has not. */
  const cut = () => {
    while (parent.childNodes[at]) parent.lastChild?.remove();
  };
  for (const token of tree.split("\x1e")) {
    const kind = token[0] as string;
    const text = kind === "#" ? (count?.(Number(token.slice(1))) ?? "") : token.slice(1);
    if (named && kind !== "@" && kind !== ".") {
      const own = parent as HTMLInputElement;
      for (const name of PROPERTIES) {
        const value = named.includes(name);
        if ((own[name] ?? false) !== value) own[name] = value;
      }
      named = undefined;
    }
    const present = parent.childNodes[at];
    switch (kind) {
      case "<":
        stack.push([parent, at]);
        parent =
          present instanceof HTMLElement && present.localName === text ? present : page.createElement(text);
        named = [];
        at = 0;
        break;
      case "@": {
        const [name = ""] = text.split("=", 1);
        const value = text.slice(name.length + 1);
        const own = parent as Element;
        if (own.getAttribute(name) !== value) own.setAttribute(name, value);
        break;
      }
      case ".":
        named?.push(text);
        break;
      case "=":
        at = parent.childNodes.length;
        break;
      case "#":
      case '"':
        if (!(present instanceof Text)) place(page.createTextNode(text));
        else if (present.data !== text) present.data = text;
        at++;
        break;
      case ">": {
        cut();
        const made = parent;
        [parent, at] = stack.pop() ?? [root, 0];
        // With all that is in it, at once.
        if (made.parentNode !== parent) place(made);
        at++;
      }
    }
  }
  cut();
}
