// docs/compliance.md keeps its word: every row has a test or a reason, and every test that it names is there.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);
const read = (file) => readFile(new URL(file, root), "utf8").catch(() => null);

const HEAD = "number | what is required | source | how Portcullis meets it | test, or reason";
/** Why there is no test. "No test yet" alone says enough where the product does it. */
const REASON = /^(?:(?:The site's|Not yet|No test yet|Out of scope): \S.*|(?:The site's|No test yet))\.$/;
const REFERENCE = /^`([^`]+)` › `([^`]+)`$/;

/** Cells of each line of a table. */
const rows = (await read("docs/compliance.md"))
  .split("\n")
  .filter((line) => line.startsWith("| ") && line !== `| ${HEAD} |`)
  .map((line) => line.slice(2, -2).split(" | "))
  .filter(([number]) => /^[A-Z]\S*$/.test(number));

/** `file › name` of each row that names tests. */
const references = rows
  .filter(([, , , , last]) => last?.startsWith("`"))
  .flatMap(([number, , , , last]) =>
    last.split("<br>").map((reference) => {
      const [, file, name] = REFERENCE.exec(reference) ?? [];
      return { number, reference, file, name };
    }),
  );

test("every row has five cells, none empty", () => {
  assert.ok(rows.length > 100, `${rows.length} rows`);
  const odd = rows.filter((cells) => cells.length !== 5 || cells.some((cell) => !cell.trim()));
  assert.deepEqual(odd, []);
});

test("every row has a test or a reason", () => {
  const bare = rows.filter(([, , , , last]) =>
    last?.startsWith("`")
      ? last.split("<br>").some((reference) => !REFERENCE.test(reference))
      : !REASON.test(last),
  );
  assert.deepEqual(
    bare.map(([number, , , , last]) => `${number}: ${last}`),
    [],
  );
});

test("numbers count up from 1 for each letter, without a gap or a repetition", () => {
  const last = {};
  const odd = rows
    .map(([number]) => number)
    .filter((number) => {
      const [, letter, count] = /^([A-Z])-([1-9]\d*)$/.exec(number) ?? [];
      const next = (last[letter] ?? 0) + 1;
      last[letter] = Number(count);
      return Number(count) !== next;
    });
  assert.deepEqual(odd, []);
  assert.deepEqual(Object.keys(last).sort(), ["A", "G", "L", "R", "V"]);
});

test("a row that leads to another leads to one that is there", () => {
  const numbers = new Set(rows.map(([number]) => number));
  const lost = rows
    .flatMap(
      (cells) =>
        cells
          .slice(1)
          .join(" ")
          .match(/\b[ALRGV]-\d+\b/g) ?? [],
    )
    .filter((number) => !numbers.has(number));
  assert.deepEqual(lost, []);
});

test("every file that is named is there, and has a test of that name", async () => {
  const sources = new Map();
  for (const { file } of references) if (!sources.has(file)) sources.set(file, await read(file));
  const has = (source, file, name) =>
    file.endsWith(".rs")
      ? new RegExp(`#\\[test\\]\\s+fn ${name}\\(`).test(source)
      : ['"', "`", "'"].some((quote) => source.includes(`${quote}${name}${quote}`));
  const lost = references
    .filter(({ file, name }) => !sources.get(file) || !has(sources.get(file), file, name))
    .map(({ number, reference }) => `${number}: ${reference}`);
  assert.deepEqual(lost, []);
});
