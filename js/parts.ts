// Where script-tag builds fetch their parts: as classic scripts from a folder beside them. To load a module before the
// page's parser is done would make engines with one import map throw the page's own map away.

import { languages } from "#glue/languages.js";
import type { EarlyPhase } from "./early/phase.ts";
import type { Loaders } from "./interface.ts";
import type { Natives } from "./natives.ts";

/** Under this name a part finds who waits for it. */
const PART = Symbol.for("portcullis.part");

/** A part as its file hands it over: what it exports is put into `module`; `take` gives another part that is there. */
type Make = (take: (name: string) => unknown, module: { exports: unknown }) => void;

/** The parts of one page. */
export interface Parts {
  /**
   * Fetches a part, once: its name is that of its file, below the folder, without `.js`. Gives what it exports. `needs`:
   * parts that it takes.
   */
  load(name: string, ...needs: string[]): Promise<unknown>;
}

/** The parts in a folder, whose address ends with a slash. */
export function makeParts(native: Natives, load: EarlyPhase["load"], folder: string): Parts {
  const asked = new Map<string, Promise<void>>();
  const made = new Map<string, Make>();
  const there = new Map<string, unknown>();
  const take = (name: string): unknown => {
    const known = name.replace(/^#pkg\/|\.js$/g, "");
    const make = made.get(known);
    made.delete(known);
    const module = { exports: {} };
    make?.(take, module);
    if (make) there.set(known, module.exports);
    return there.get(known);
  };
  const fetched = (name: string): Promise<void> => {
    const known = asked.get(name);
    if (known) return known;
    const part = load({ src: `${folder}${name}.js` });
    asked.set(name, part);
    // What did not come may be asked for again.
    part.catch(() => asked.delete(name));
    return part;
  };
  (window as { [PART]?: (make: Make) => void })[PART] = (make) => {
    // A part is what comes from the folder, and nothing else that calls this by its name.
    const { src = "" } = native.currentScript(document) ?? {};
    if (src.startsWith(folder)) made.set(src.slice(folder.length, -3), make);
  };
  return {
    load: (name, ...needs) => Promise.all([name, ...needs].map(fetched)).then(() => take(name)),
  };
}

/** Loaders over the parts of a page. */
export function beside(parts: Parts): Loaders {
  const part = (name: string, ...needs: string[]) => parts.load(name, ...needs) as Promise<never>;
  return {
    languages,
    locale: (name) => part(`locales/${name}`),
    banner: () => part("ui"),
    // These draw with the banner's means.
    preferences: () => part("preferences", "ui"),
    declaration: () => part("declaration", "ui"),
    js: () => part("js"),
    wayBack: () => part("way-back"),
    embeds: () => part("embeds"),
    elements: () => part("elements"),
    withdraw: () => part("withdraw"),
    tools: () => part("tools"),
  };
}
