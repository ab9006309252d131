// What `xtask test` hears of a run: a line for people on the standard output as each test ends, and one of JSON in the
// file named by PORTCULLIS_RESULTS: `{ file, name, ms, ok }`, and `{ file, ms }` for a whole file.

import { appendFileSync } from "node:fs";
import { inspect } from "node:util";

const results = process.env.PORTCULLIS_RESULTS;

/** What `run.mjs` was given. */
const files = process.argv.slice(2);

const keep = (entry) => {
  if (results) appendFileSync(results, `${JSON.stringify(entry)}\n`);
};

/** What went wrong, indented, without the runner's own wrapping. */
const told = ({ error }) =>
  inspect(error?.cause ?? error, { depth: 6 })
    .split("\n")
    .map((line) => `    ${line}`)
    .join("\n");

export default async function* report(source) {
  const names = [];
  for await (const { type, data } of source) {
    if (type === "test:start") {
      names.length = data.nesting;
      names.push(data.name);
    } else if (type === "test:diagnostic" && /^Warning/i.test(data.message)) {
      yield `# ${data.message}\n`;
    } else if (type === "test:pass" || type === "test:fail") {
      const { details, nesting, skip, todo } = data;
      const [file, ...path] = [...names.slice(0, nesting), data.name];
      const name = path.join(" › ");
      const ms = Math.round(details.duration_ms);
      const isSuite = details.type === "suite";
      if (nesting === 0 && files.includes(file)) keep({ file, ms });
      // A suite has failed by itself where its hooks or its file did, and not only what is in it.
      // What stands beside the files is not known to end before everything is shut.
      const isBroken =
        !files.includes(file) ||
        (type === "test:fail" && (!isSuite || details.error?.failureType !== "subtestsFailed"));
      if (isSuite && !isBroken) continue;
      // What is skipped has not been tested.
      const ok = !isBroken && skip === undefined && todo === undefined;
      keep({ file, name: name || file, ms, ok });
      yield `${ok ? "ok" : "FAILED"} ${(ms / 1000).toFixed(1)} s  ${file} › ${name}\n`;
      if (isBroken) yield `${told(details)}\n`;
      else if (!ok) yield "    skipped, or still to be done\n";
    }
  }
}
