// The rows of a long list, drawn a block at a time where the visitor looks. What has been drawn stays, so that
// nothing that is focused is taken away and the keyboard reaches every row.

/** How far outside of what is seen rows are drawn, in pixels: the next stop of the keyboard is always there. */
const AHEAD = 600;

/** The height of a row before one is drawn, in pixels: `.row` in `style/preferences.css`. */
const ROW = 61;

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
  let height = ROW;
  let all: Element[] = [];
  const seen = new Set<Element>();
  const stale = new Set<Element>();
  let idle = 0;
  const fill = (block: Element): void => {
    stale.delete(block);
    const own = block as HTMLElement;
    draw(block, all.indexOf(block));
    own.style.blockSize = "";
    height = block.firstElementChild?.getBoundingClientRect().height || height;
  };
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) seen.add(target);
        else seen.delete(target);
        if (isIntersecting && (stale.has(target) || !target.firstChild)) fill(target);
      }
    },
    { root: scroller(list), rootMargin: `${AHEAD}px` },
  );
  /** What nobody sees is brought up to date when there is time. */
  const later = (): void => {
    clearTimeout(idle);
    const [next] = stale;
    if (!next) return;
    idle = window.setTimeout(() => {
      if (stale.has(next)) fill(next);
      later();
    }, 30);
  };
  return {
    renew(isOtherList) {
      all = [...list.children];
      if (isOtherList) {
        observer.disconnect();
        seen.clear();
        stale.clear();
        for (const [at, block] of all.entries()) {
          block.replaceChildren();
          const rows = Number(block.getAttribute("data-rows"));
          // The first is seen at once, without waiting for the observer.
          if (at === 0) fill(block);
          else (block as HTMLElement).style.blockSize = `${rows * height}px`;
          observer.observe(block);
        }
        return;
      }
      for (const block of all) {
        if (seen.has(block)) fill(block);
        else if (block.firstChild) stale.add(block);
      }
      later();
    },
    stop() {
      observer.disconnect();
      clearTimeout(idle);
    },
  };
}
