// A tree of the view (`src/view/tree.rs`) as elements. What stands already is changed in place, so that
// focus and switches survive.

/** Draws `tree` into `root`. */
export function render(root: ParentNode & Node, tree: string): void {
  let parent: Node = root;
  let at = 0;
  const stack: number[] = [];
  const unset = new Map<Node, Set<string>>();
  for (const token of tree.split("\x1e")) {
    const text = token.slice(1);
    const present = parent.childNodes[at];
    switch (token[0]) {
      case "<": {
        const same = present instanceof HTMLElement && present.localName === text;
        const element = same ? present : document.createElement(text);
        if (!same) place(parent, element, present);
        // Attributes that are not named again go; `open` belongs to the dialog itself.
        unset.set(
          element,
          new Set(same ? element.getAttributeNames().filter((name) => name !== "open") : []),
        );
        if (element instanceof HTMLInputElement) element.checked = element.indeterminate = false;
        stack.push(at + 1);
        parent = element;
        at = 0;
        break;
      }
      case "@": {
        const end = text.indexOf("=");
        const name = text.slice(0, end);
        (parent as Element).setAttribute(name, text.slice(end + 1));
        unset.get(parent)?.delete(name);
        break;
      }
      case ".":
        if (text === "hidden") unset.get(parent)?.delete(text);
        (parent as unknown as Record<string, boolean>)[text] = true;
        break;
      case '"':
        if (present instanceof Text) present.data = text;
        else place(parent, document.createTextNode(text), present);
        at++;
        break;
      case ">": {
        cut(parent, at);
        for (const name of unset.get(parent) ?? []) (parent as Element).removeAttribute(name);
        parent = parent.parentNode as Node;
        at = stack.pop() ?? 0;
      }
    }
  }
  cut(root, at);
}

function place(parent: Node, node: Node, present: Node | undefined): void {
  if (present) parent.replaceChild(node, present);
  else parent.appendChild(node);
}

/** Takes away what the tree has not. */
function cut(parent: Node, from: number): void {
  while (parent.childNodes.length > from) parent.lastChild?.remove();
}
