// A vendor that the leak matrix is about: it serves what its addresses end in, and what runs says so.

import { script } from "./script.mjs";

export function leaky(entry) {
  if (entry.path.endsWith(".js")) return { script: script(leak, { path: entry.path }) };
  return entry.path.endsWith(".html") ? { html: "<!doctype html><title>Leaky</title>" } : {};
}

function leak({ path }, { ran }) {
  ran(`leaky ${path}`);
}
