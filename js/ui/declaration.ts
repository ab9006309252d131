// The declaration: fetched on the page that holds it.

import { banner, more } from "#glue/keys.js";
import { module } from "#glue/ui-declaration/module.js";
import { ask, instantiate, render } from "#pkg/ui.js";
import type { Consent } from "../types.ts";
import type { Exports } from "../wasm.ts";
import type { Assets } from "./assets.ts";
import { declared, formats } from "./facts.ts";
import { texts } from "./language.ts";

interface View extends Exports {
  declaration(): number;
}

let view: View | undefined;

/** Draws the declaration into a root. */
export async function declaration(consent: Consent, assets: Assets, root: ShadowRoot): Promise<void> {
  const words = await texts(consent, assets, [
    ["", banner],
    [".more", more],
  ]);
  view ??= instantiate<View>(module, "declaration");
  render(root, ask(view, view.declaration, declared(consent, words, formats(words), true)));
  const [box] = root.children;
  box?.setAttribute("lang", words.tag);
  box?.setAttribute("dir", words.dir);
  const button = root.querySelector<HTMLElement>("[data-action]");
  if (button) button.onclick = () => consent.openPreferences();
}
