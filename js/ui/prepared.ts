// The banner as `build` has drawn it. On a first visit it stands as soon as there is a body, and not when the gate, the
// module that draws, and the texts have come. It decides nothing: what is clicked is kept for `ui.js`, which goes on
// with what stands there, and takes an answer only if it would have asked the same, word for word.

import css from "#glue/style/banner.css";
import type { Prepared } from "../handover.ts";
import type { Config } from "../types.ts";
import { actionAt, host, LEADS_ON, onTop, putAway, shared, slot } from "./host.ts";
import { render } from "./render.ts";
import { bodyReady } from "./sheet.ts";

const [tag, dir, tree, look] = "__PORTCULLIS_PREPARED__" as unknown as [
  tag: string,
  dir: "ltr" | "rtl",
  tree: string,
  look: Config["interface"],
];

bodyReady().then(() => {
  // It is drawn already; or the gate has nothing to ask, or did not come.
  if (shared.element || shared.isLate) return;
  const root = host(css, { tag, dir }, look);
  const place = slot(root, "banner");
  render(place, tree);
  onTop(place.firstElementChild as HTMLElement);
  const hear = ({ target }: Event): void => {
    const action = actionAt(target);
    if (!action) return;
    prepared.answer = action;
    prepared.byPerson = navigator.userActivation?.isActive ?? true;
    if (!LEADS_ON.test(action)) prepared.close();
  };
  const prepared: Prepared = {
    tree,
    stop: () => place.removeEventListener("click", hear),
    close: () => putAway(root, place),
  };
  place.addEventListener("click", hear);
  shared.prepared = prepared;
});
