// TypeScript as the tests of it take it: `const { compile } = await load("js/compile.ts")`.
//
// Each call gives a module that nobody has used yet. It sees the browser's names that it is given, and no others:
// `await load("js/steps.ts", { window: {} })`.

import path from "node:path";
import { fileURLToPath } from "node:url";
import { compileFunction } from "node:vm";
import { build } from "esbuild";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
/** What a browser has and node may have, too: a module finds it only where the test has given it. */
const BROWSERS =
  "window document location navigator localStorage sessionStorage history addEventListener dispatchEvent".split(
    " ",
  );

const bundles = new Map();

/** A file with all that it imports, as the body of a function. What is fetched later stays an `import()`. */
function bundle(file) {
  if (!bundles.has(file)) {
    const made = build({
      absWorkingDir: ROOT,
      entryPoints: [file],
      bundle: true,
      write: false,
      format: "iife",
      globalName: "loaded",
      target: "node20",
      charset: "utf8",
      loader: { ".css": "text" },
      external: ["#pkg/*"],
      logLevel: "silent",
    });
    bundles.set(
      file,
      made.then(({ outputFiles }) => outputFiles[0].text),
    );
  }
  return bundles.get(file);
}

/** The exports of a file from the root, with these names of the browser's. */
export async function load(file, globals = {}) {
  const given = { ...Object.fromEntries(BROWSERS.map((name) => [name, undefined])), ...globals };
  const code = `${await bundle(file)}\nreturn loaded;`;
  return compileFunction(code, Object.keys(given), { filename: path.join(ROOT, file) })(
    ...Object.values(given),
  );
}
