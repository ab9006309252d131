// What every host of ours needs before anything can be drawn: styles, and a body to stand beside.

import type { Config } from "../types.ts";

/** A style sheet whose first rule, that of the host, has the site's theme as custom properties. */
export function sheet(css: string, config: Config): CSSStyleSheet {
  const own = new CSSStyleSheet();
  own.replaceSync(css);
  for (const [name, value] of Object.entries(config.interface?.theme ?? {})) {
    (own.cssRules[0] as CSSStyleRule).style.setProperty(`--portcullis-${name}`, value);
  }
  return own;
}

/** A document that is being parsed has no body yet. */
export function bodyReady(): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!document.body) return;
      watch.disconnect();
      resolve();
    };
    const watch = new MutationObserver(look);
    watch.observe(document.documentElement, { childList: true });
    look();
  });
}
