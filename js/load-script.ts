// A vendor's script, put into the page.

import type { Trust } from "./held.ts";
import type { Natives } from "./natives.ts";
import type { VendorScript } from "./types.ts";

/**
 * Loads it; rejects where it does not come. `own` is given the element before it is in the page. `address`: as given with a vendor that was registered at run time, which gets
 * neither our nonce nor our policy's word, since `register` is the page's.
 */
export const loadScript = (
  native: Natives,
  trust: Trust,
  nonce: string,
  { src, crossOrigin, integrity, elementId }: VendorScript,
  own: (element: Element) => void,
  address?: unknown,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const element = native.createElement(document, "script");
    Object.assign(
      element,
      { async: true, crossOrigin: crossOrigin ?? null, integrity: integrity ?? "" },
      !address && { nonce },
      elementId && { id: elementId },
    );
    // Cloudflare's Rocket Loader leaves alone what carries this.
    native.setAttribute(element, "data-cfasync", "false");
    own(element);
    element.addEventListener("load", () => resolve());
    element.addEventListener("error", reject);
    // This throws, and so rejects, where Trusted Types are enforced without our policy.
    native.setAttribute(element, "src", (address as string) ?? trust.url(src));
    native.appendChild(native.head(document) ?? native.documentElement(document), element);
  });
