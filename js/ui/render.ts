// A tree of the view (`src/view/tree.rs`) as elements. What stands already is changed in place, so that
// focus and switches survive.

import { page } from "./page.ts";

/** Draws `tree` into `root`. `count`: the words for a number of vendors. */
export function render(root: Node, tree: string, count?: (number: number) => string): void {
  let parent = root;
  let at = 0;
  const stack: number[] = [];
  const place = (node: Node) => {
    parent.insertBefore(node, parent.childNodes[at] ?? null);
    return node;
  };
  /** Takes away what the tree has not. */
  const cut = () => {
    while (parent.childNodes[at]) parent.lastChild?.remove();
  };
  for (const token of tree.split("\x1e")) {
    const text = token[0] === "#" ? (count?.(Number(token.slice(1))) ?? "") : token.slice(1);
    const present = parent.childNodes[at];
    switch (token[0]) {
      case "<":
        parent =
          present instanceof HTMLElement && present.localName === text
            ? present
            : place(page.createElement(text));
        // A property that is not named again is not true any more.
        Object.assign(parent, { checked: false, indeterminate: false, hidden: false });
        stack.push(at + 1);
        at = 0;
        break;
      case "@": {
        const [name = ""] = text.split("=", 1);
        (parent as Element).setAttribute(name, text.slice(name.length + 1));
        break;
      }
      case ".":
        Object.assign(parent, { [text]: true });
        break;
      case "=":
        at = parent.childNodes.length;
        break;
      case "#":
      case '"':
        if (present instanceof Text) present.data = text;
        else place(page.createTextNode(text));
        at++;
        break;
      case ">":
        cut();
        parent = parent.parentNode as Node;
        at = stack.pop() ?? 0;
    }
  }
  cut();
}
