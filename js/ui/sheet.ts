// What every host of ours needs before anything can be drawn: styles, and a body to stand beside.

import type { InterfaceConfig } from "../types.ts";
import { page } from "./page.ts";

/** Custom properties by name, without what they all start with. */
type Theme = InterfaceConfig["theme"];

/** A style sheet; the site's theme goes into its first rule, that of the host, as custom properties. */
export function sheet(css: string, theme: Theme = {}, make = CSSStyleSheet): CSSStyleSheet {
  const own = new make();
  own.replaceSync(css);
  for (const [name, value] of Object.entries(theme)) {
    (own.cssRules[0] as CSSStyleRule).style.setProperty(`--portcullis-${name}`, value);
  }
  return own;
}

/** The same for another document: a sheet belongs to the one that made it. */
export const themed = ({ defaultView }: Document, css: string, theme: Theme): CSSStyleSheet =>
  sheet(css, theme, (defaultView as unknown as { CSSStyleSheet: typeof CSSStyleSheet }).CSSStyleSheet);

/** A document that is being parsed has no body yet. */
export function bodyReady(): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!page.body) return;
      watch.disconnect();
      resolve();
    };
    const watch = new MutationObserver(look);
    watch.observe(page.documentElement, { childList: true });
    look();
  });
}
