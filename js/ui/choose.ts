// What a choice takes: who made it, and the record that holds from then on (`src/consent/choose.rs`). It
// comes with the banner, since there is no choosing without something to choose.

import { SOURCES } from "../sources.ts";
import type { Decision, Provenance, Regime, Vendor } from "../types.ts";
import { ask } from "../wasm.ts";
import { bannerModule } from "./module.ts";

/** How things stand when a choice is made. */
export interface Standing {
  readonly categories: readonly string[];
  /** A letter for each category: see `state` in `wasm/gate/src/write.rs`. */
  readonly stands: string;
  readonly vendors: readonly Vendor[];
  /** The record that holds; empty without one. */
  readonly text: string;
  /** All that is stored under our name. */
  readonly stored: readonly string[];
  readonly revision: number;
  readonly regime: Regime;
  readonly gpc: boolean;
}

/** Whether a person clicked, where that was before anything here could see it. */
export const heard = new WeakMap<Provenance, boolean>();

/** Everything, or nothing, or one by one. */
export type Choice = "+" | "-" | Decision;

/**
 * The record of a choice, as text. `byPerson`: somebody clicked; a click that no person made grants as the
 * page's own code does.
 * @throws RangeError for a category or vendor that the config does not have.
 */
export function choose(standing: Standing, choice: Choice, from: Provenance | undefined, byPerson: boolean) {
  const { categories, stands, vendors, text, stored, revision, regime, gpc } = standing;
  const isAboutAll = typeof choice === "string";
  const { categories: byCategory = {}, vendors: byVendor = {}, objections = {} } = isAboutAll ? {} : choice;
  for (const id of Object.keys({ ...byCategory, ...byVendor, ...objections })) {
    if (![...categories, ...vendors.map((vendor) => vendor.id)].includes(id))
      throw new RangeError(`the config has no category or vendor "${id}"`);
  }
  const said = (answers: { readonly [id: string]: boolean }, id: string) =>
    id in answers ? Number(answers[id]) : "";
  const ofCategory = (id: string) => (isAboutAll ? Number(choice === "+") : said(byCategory, id));
  // Who refuses everything objects to everything, and who accepts everything to nothing.
  const ofInterest = ({ id, bases }: Vendor) =>
    !bases?.includes("legitimate-interest") ? 0 : isAboutAll ? Number(choice === "-") : said(objections, id);

  const isByPerson = (from && heard.get(from)) ?? byPerson;
  const source = from && (isByPerson || from.source === "imported") ? from.source : "api";
  const letter = Object.keys(SOURCES).find((key) => SOURCES[key] === source);
  const read = [text, ...stored].map((record) => record.split("."));
  // The id is made after the first choice, and stays. The counter goes on from the highest that is stored:
  // a record planted beside the visitor's own may be the one that is believed, and count less.
  const [[, known, , , , , , , , , , kept, objected] = []] = read;
  const counter = Math.max(...read.map(([, , counted]) => Number(counted) | 0)) + 1;
  const [random] = crypto.getRandomValues(new BigUint64Array(1));
  const id = known ?? random?.toString(16).padStart(16, "0");
  const now = Math.floor(Date.now() / 1000);
  // The regime's letter: i, o, n.
  const law = regime.replace("opt-", "")[0];
  const head = [id, counter, now, revision, law, Number(gpc), letter, from?.language, from?.shown];
  const ballot = [
    head.join("\t"),
    isAboutAll ? "" : `${kept ?? ""}\t${objected ?? ""}`,
    ...categories.map((of, at) => `c\t${of}\t${ofCategory(of)}\t${stands[at]}`),
    ...vendors.map((of) =>
      ["v", of.id, said(byVendor, of.id), ofCategory(of.category), ofInterest(of)].join("\t"),
    ),
  ];
  const view = bannerModule();
  return ask(view, view.choose, ballot.join("\n"));
}
