// docs/leaks.md says what the tests run.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { table } from "../browser/leaks-table.mjs";

test("docs/leaks.md is made from the leak matrix: node tests/browser/leaks-table.mjs > docs/leaks.md", async () => {
  assert.equal(await readFile(new URL("../../docs/leaks.md", import.meta.url), "utf8"), table());
});
