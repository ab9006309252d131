// What is promised of the package in each of the ways in which it is shipped (`SHIPPED` in site.mjs). The promises are
// data, so that the table in docs/leaks.md says what the tests run; `ways.test.mjs` runs them.

import { SHIPPED } from "./site.mjs";

/** Why a promise does not hold for a bundled app: its script runs once the page has been parsed. */
const LATE = "not promised: the app's script runs when the page has been parsed";

/** A promise → what of it does not hold, by way. What is not named here holds. */
export const PROMISES = {
  "nothing of a vendor is asked for, run or stored before a choice": {},
  "what a script adds is held from the first moment, and let go when granted": { npm: LATE },
  "what the HTML has, unmarked, does not run before a grant": { npm: LATE },
  "the same, where the page comes in pieces": { npm: LATE },
  "under a nonce, tags that carry it are let go whenever they were parsed, and others never": { npm: LATE },
  "no violation of ours under a strict policy with Trusted Types": {
    javascript: "the browser reports that WebAssembly is refused; not with `--wasm off`",
  },
  "a page's first calls to its vendors never throw, and are delivered once granted": { npm: LATE },
  "Consent Mode's default stands before the page's own entries": { npm: LATE },
  "a returning visitor's update stands right behind it": { npm: LATE },
  "a page's own snippet of a registered vendor does not count twice": { npm: LATE },
  "third parties that nobody claims are held before the gate, where the site holds them": { npm: LATE },
  "a gate that is blocked costs the optional tags, and not those that are always active": {
    file: "the gate is in the file",
    npm: "the gate is in the bundle",
  },
  "the page's own import map counts": { npm: "the app is a module itself" },
  "an optimiser that reorders scripts leaves ours first": { npm: "the app is the site's own script" },
  "ordered tags run in their order, each once": {},
};

/** Whether a promise is made in a way. */
export const isMade = (promise, way) => !(way in PROMISES[promise]);

/** The promises as a table of docs/leaks.md. */
export function promises(cell) {
  const notes = [...new Set(Object.values(PROMISES).flatMap((ways) => Object.values(ways)))];
  const mark = (promise, way) =>
    isMade(promise, way) ? "yes" : `${notes.indexOf(PROMISES[promise][way]) + 1})`;
  const rows = Object.keys(PROMISES).map(
    (promise) => `| ${cell(promise)} | ${SHIPPED.map((way) => mark(promise, way)).join(" | ")} |`,
  );
  return `| promise | ${SHIPPED.join(" | ")} |
|---|${SHIPPED.map(() => "---|").join("")}
${rows.join("\n")}

${notes.map((note, at) => `${at + 1}) ${note}.`).join("\n")}`;
}
