// What an import finds on a server: a façade. Nothing is granted where there is no visitor.

import { facade } from "./facade.ts";
import type { Config } from "./types.ts";

export type * from "./types.ts";

/** Gives an object that allows nothing; the browser's `start` takes over there. */
export function start(_config: Config) {
  return facade(new Promise<never>(() => {}));
}
