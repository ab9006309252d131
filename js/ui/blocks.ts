// The rows of a long list, drawn a block at a time where the visitor looks. What has been drawn stays, so that
// nothing that is focused is taken away and the keyboard reaches every row.

/** How far outside of what is seen rows are drawn, in pixels: the next stop of the keyboard is always there. */
const AHEAD = 600;

/** How long blocks are drawn in one frame, in milliseconds: one at least. */
const FRAME_MAX = 4;

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

/** Watches the blocks in `list`; `draw` fills one. */
export function blocks(list: Element, draw: (block: Element, at: number) => void): Blocks {
  let all: Element[] = [];
  /** Near what is seen. */
  const near = new Set<Element>();
  /** To be drawn, or drawn anew. */
  const stale = new Set<Element>();
  let isDue = false;
  const fill = (block: Element): void => {
    stale.delete(block);
    draw(block, all.indexOf(block));
  };
  /** In each frame what is near, as far as there is time; then what was drawn and nobody sees. */
  const work = (): void => {
    if (isDue || !stale.size) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      const began = performance.now();
      const order = [...stale].filter((block) => near.has(block));
      for (const block of order.length ? order : [...stale].filter((one) => one.firstChild)) {
        fill(block);
        if (performance.now() - began > FRAME_MAX) break;
      }
      if ([...stale].some((block) => near.has(block) || block.firstChild)) work();
    });
  };
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting, boundingClientRect } of entries) {
        if (isIntersecting) near.add(target);
        else near.delete(target);
        const rows = target.childElementCount;
        // What is not drawn yet is as high as what is: a row is higher in a narrow window.
        if (rows) (list as HTMLElement).style.setProperty("--row", `${boundingClientRect.height / rows}px`);
      }
      work();
    },
    { root: scroller(list), rootMargin: `${AHEAD}px` },
  );
  return {
    renew(isOtherList) {
      all = [...list.children];
      for (const block of all) stale.add(block);
      if (isOtherList) {
        observer.disconnect();
        near.clear();
        for (const [at, block] of all.entries()) {
          if (block.firstChild) block.replaceChildren();
          // The first is seen at once, without waiting for the observer.
          if (at === 0) fill(block);
          observer.observe(block);
        }
        return;
      }
      // What is seen answers at once.
      for (const block of near) fill(block);
      work();
    },
    stop() {
      observer.disconnect();
      stale.clear();
    },
  };
}
