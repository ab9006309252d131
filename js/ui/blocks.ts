// The rows of a long list, drawn a block at a time where the visitor looks. What has been drawn stays, so that
// nothing that is focused is taken away and the keyboard reaches every row.

import { page } from "./page.ts";

/** How far outside of what is seen rows are drawn, in pixels. */
const AHEAD = 600;

export interface Blocks {
  /** Rows have changed: in place, or because others are listed now. */
  renew(isOtherList: boolean): void;
  stop(): void;
}

/** What scrolls the list: where there is little room, all of the dialog does. */
function scroller(list: Element): Element | null {
  const body = list.closest(".body");
  return body && getComputedStyle(body).overflowY !== "visible" ? body : list.closest("dialog");
}

/** Fills `list`, within `dialog`, with blocks, as many as it says; `draw` draws the rows of one. */
export function blocks(
  dialog: HTMLElement,
  list: HTMLElement,
  draw: (block: Element, at: number) => void,
): Blocks {
  /** Near what is seen. */
  const near = new Set<Element>();
  /** To be drawn, or drawn anew. */
  const stale = new Set<Element>();
  let observer: IntersectionObserver | undefined;
  let isDue = false;
  const fill = (block: Element | null | undefined): void => {
    if (block && stale.delete(block)) draw(block, [...list.children].indexOf(block));
  };
  /** So many blocks, and as much room as all of them take. */
  const hold = (count: number, room = 0): void => {
    list.style.setProperty("--blocks", `${room}`);
    for (const block of [...list.children].slice(count)) {
      stale.delete(block);
      block.remove();
    }
    while (list.childElementCount < count) {
      const block = page.createElement("div");
      block.className = "block";
      block.setAttribute("role", "presentation");
      list.append(block);
      stale.add(block);
      observer?.observe(block);
    }
  };
  const holdAll = (): void => hold(Number(list.dataset.blocks));
  /** Draws a block: what is near first, then what was drawn and nobody sees. */
  const drawNext = (): void => {
    isDue = false;
    if (!list.isConnected) return;
    holdAll();
    // Made late: to find out what scrolls, the page must have been laid out.
    if (!observer) {
      observer = new IntersectionObserver(
        (entries) => {
          // What comes last is drawn first: the topmost of what has come into sight.
          for (const { target, isIntersecting, boundingClientRect } of entries.reverse()) {
            near.delete(target);
            if (isIntersecting) near.add(target);
            const rows = target.childElementCount;
            // What is not drawn yet is as high as what is: a row is higher in a narrow window.
            if (isIntersecting && rows)
              list.style.setProperty("--row", `${boundingClientRect.height / rows}px`);
          }
          work();
        },
        { root: scroller(list), rootMargin: `${AHEAD}px` },
      );
      for (const block of list.children) observer.observe(block);
    }
    const next =
      [...near].reverse().find((block) => stale.has(block)) ?? [...stale].find((block) => block.firstChild);
    if (!next) return;
    fill(next);
    work();
  };
  /** One after each frame, in a task of its own: the frame and what the visitor does wait for no more. */
  const work = (): void => {
    if (!isDue) requestAnimationFrame(() => setTimeout(drawNext));
    isDue = true;
  };
  /** The keyboard's next stop is there, however fast one goes: where the focus is, and before it from below. */
  const follow = ({ target }: Event): void => {
    const block = (target as Element).closest(".block");
    const isBelow = list.compareDocumentPosition(target as Node) & Node.DOCUMENT_POSITION_FOLLOWING;
    if (block || isBelow) holdAll();
    if (isBelow) fill(list.lastElementChild);
    fill(block?.previousElementSibling);
    fill(block?.nextElementSibling);
  };
  dialog.addEventListener("focusin", follow);
  return {
    renew(isOtherList) {
      const count = Number(list.dataset.blocks);
      // The first is seen at once; the others follow when it is painted.
      if (isOtherList) hold(Math.min(count, 1), count);
      for (const block of list.children) stale.add(block);
      fill(list.firstElementChild);
      for (const block of near) fill(block);
      work();
    },
    stop() {
      observer?.disconnect();
      dialog.removeEventListener("focusin", follow);
    },
  };
}
