// Runs many test files in one process, one after the other, so that they share what is slow to start:
// `node --test-reporter=./tests/reporter.mjs tests/run.mjs FILE…`. `cargo run -p xtask -- test` starts two of these.

import { AsyncResource } from "node:async_hooks";
import { describe } from "node:test";
import { pathToFileURL } from "node:url";

const files = process.argv.slice(2);
// What all browser tests share is ended after the last of them, and so belongs to no file.
if (files.some((file) => !file.startsWith("tests/unit/"))) await import("./browser/pool.mjs");

// One after the other: a file that waits for another's import would be read within that one's describe.
let last = Promise.resolve();
for (const file of files) {
  // What a file sets up and ends by itself is the describe's.
  describe(file, async () => {
    const read = AsyncResource.bind((address) => import(address));
    const before = last;
    let isRead;
    last = new Promise((resolve) => {
      isRead = resolve;
    });
    await before;
    await read(pathToFileURL(file).href).finally(isRead);
  });
}
