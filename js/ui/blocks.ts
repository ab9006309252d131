// The rows of a long list, drawn a block at a time where the visitor looks, and taken away where nobody does: each row
// that stands takes some of every frame's time. What the keyboard may come to next always stands.

import { page } from "./page.ts";

/** How far outside of what is seen rows are drawn, in pixels. */
const AHEAD = 600;

/** How high a block is taken to be before one is laid out, in pixels. */
const HEIGHT = 183;

export interface Blocks {
  /** Rows have changed: in place, or because others are listed now. */
  renew(isOtherList: boolean): void;
  stop(): void;
}

/** Fills `list`, within `dialog`, with blocks, as many as it says; `draw` draws the rows of one. */
export function blocks(
  dialog: HTMLElement,
  list: HTMLElement,
  draw: (block: Element, at: number) => void,
): Blocks {
  /** What stands, each at its place. */
  const standing: HTMLElement[] = [];
  /** How high each was when it last stood, in pixels of the list. */
  const heights: number[] = [];
  /** How high those are of which no height is known. */
  let height = 0;
  let count = 0;
  /** How wide the list was when heights were taken. */
  let width = 0;
  /** Which was in the middle of what is seen. */
  let middle = 0;
  let isDue = false;

  /** Where the keyboard may come next: from before the list, from behind it, and from where the focus is. */
  const stops = (): number[] => {
    // Not `:focus-within`: in a window that is not active nothing matches it.
    const { activeElement } = list.getRootNode() as ShadowRoot;
    const focused = standing.findIndex((block) => block?.contains(activeElement));
    return [0, count - 1, focused - 1, focused, focused + 1].filter((at) => at >= 0 && at < count);
  };
  /** A page may be zoomed by its style sheet: how many pixels of the window one of the list's is. */
  const scale = (): number => list.getBoundingClientRect().width / list.offsetWidth || 1;
  const measure = (): void => {
    const by = scale();
    let least = Number.POSITIVE_INFINITY;
    standing.forEach((block, at) => {
      heights[at] = block.getBoundingClientRect().height / by;
      // The last may have fewer rows; an opened row is higher.
      if (at < count - 1 || !at) least = Math.min(least, heights[at]);
    });
    height ||= least;
    width ||= list.offsetWidth;
  };
  const fill = (at: number): void => {
    const block = standing[at] ?? page.createElement("div");
    draw(block, at);
    if (standing[at]) return;
    block.className = "block";
    block.setAttribute("role", "presentation");
    list.insertBefore(block, standing.find((next, place) => next && place > at) ?? null);
    standing[at] = block;
  };
  const keep = (isKept: (at: number) => boolean): void =>
    standing.forEach((block, at) => {
      if (isKept(at)) return;
      block.remove();
      delete standing[at];
    });
  /** Draws those of some places where nothing stands, and gives the others their room. */
  const add = (places: Iterable<number>): void => {
    for (const at of places) if (!standing[at]) fill(at);
    // What does not stand has its room behind what does: a margin before what is seen would keep browsers from holding
    // that still while what is above it turns out higher.
    let before: HTMLElement | undefined;
    let room = 0;
    for (let at = 0; at <= count; at++) {
      const block = standing[at];
      if (block || at === count) {
        before?.style.setProperty("margin-bottom", `${room}px`);
        before = block;
        room = 0;
      } else room += heights[at] ?? (height || HEIGHT);
    }
  };
  /** Takes away what is far, and draws a block that is near. */
  const look = (): void => {
    isDue = false;
    if (!list.isConnected) return;
    measure();
    const near = new Set<number>();
    const by = scale();
    const { top } = list.getBoundingClientRect();
    const seen = dialog.getBoundingClientRect();
    // What is seen first.
    for (const ahead of [0, AHEAD]) {
      const from = (seen.top - top) / by - ahead;
      const to = (seen.bottom - top) / by + ahead;
      let bottom = 0;
      for (let at = 0; at < count && bottom < to; at++) {
        bottom += heights[at] ?? height;
        if (bottom > from) near.add(at);
      }
      if (ahead) break;
      middle = [...near][near.size >> 1] ?? 0;
      for (const at of stops()) near.add(at);
    }
    keep((at) => near.has(at));
    const next = [...near].filter((at) => !standing[at]).slice(0, 1);
    add(next);
    if (next.length) work();
  };
  /** Once after each frame, in a task of its own: the frame and what the visitor does wait for no more. */
  const work = (): void => {
    if (!isDue) requestAnimationFrame(() => setTimeout(look));
    isDue = true;
  };

  const ended = new AbortController();
  const { signal } = ended;
  // Where there is little room, all of the dialog scrolls.
  dialog.addEventListener("scroll", work, { capture: true, passive: true, signal });
  // However fast one goes by keyboard. What comes before the list has its first block next to it, which stands.
  const follow = ({ target }: Event): void => {
    if (list.compareDocumentPosition(target as Node) & Node.DOCUMENT_POSITION_FOLLOWING) add(stops());
  };
  dialog.addEventListener("focusin", follow, { signal });
  // Heights hang on the width: in another the room of what does not stand is another. What is in the middle stays there.
  const resized = () => {
    if (width !== list.offsetWidth) {
      heights.length = height = width = 0;
      measure();
      add([]);
      standing[middle]?.scrollIntoView({ block: "center" });
    }
    work();
  };
  addEventListener("resize", resized, { signal });
  return {
    renew(isOtherList) {
      count = Number(list.dataset.blocks);
      if (isOtherList) heights.length = height = 0;
      // The first is seen at once; the others follow when it is painted.
      keep((at) => at < count && !(isOtherList && at));
      standing.forEach((_, at) => {
        fill(at);
      });
      if (count) add([0]);
      work();
    },
    stop: () => ended.abort(),
  };
}
