// What the banner is drawn from, as records of the view's input (`src/view/banner.rs`). Knows no page: `build` draws
// it, too.

import type { Config, Jurisdiction, Pending, Regime } from "../types.ts";
import { records, type Texts, type Values } from "./records.ts";

/** The facts that every part of the interface is drawn with. */
export const facts = (
  { site, interface: look = {} }: Config,
  hostname: string,
  regime: Regime,
  link: Jurisdiction["link"],
  isSignalHonored: boolean,
): Values => ({
  site: site?.name ?? hostname,
  notice: site?.cookieNotice ?? site?.privacyPolicy ?? "",
  regime,
  link,
  gpc: Number(isSignalHonored),
  // For the digest of what was shown.
  look: JSON.stringify(look),
});

/** The question to a visitor about `vendors` vendors; `names` of those that are new. */
export const question = (
  words: Texts,
  known: Values,
  look: Config["interface"] = {},
  why: Pending["why"],
  vendors: number,
  names: string,
): string =>
  records(words, /^banner\./, {
    ...known,
    why,
    layout: look.banner ?? "bottom",
    close: Number(look.close ?? false),
    reject: Number(look.reject ?? true),
    // Marked, since it leads to the list.
    partners: `\x1d${words.plural("partners", vendors)}\x1d`,
    names,
  });
