// The vendors as code has them: one function each, and no other vendor's data in a bundle.

import assert from "node:assert/strict";
import path from "node:path";
import { before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build as bundle } from "esbuild";

const pkg = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../pkg");
const load = (name) => import(pathToFileURL(path.join(pkg, name)).href);

describe("vendors in code", () => {
  let tools;
  let vendors;
  before(async () => {
    tools = await load("tools.js");
    vendors = await load("vendors/index.js");
  });

  test("a function gives what `build` makes of the same words", () => {
    const given = { measurementId: "G-ABC1234567", since: 1, category: "functional" };
    const { config } = tools.resolve(JSON.stringify({ vendors: [{ use: "google-analytics", ...given }] }));
    assert.deepEqual(vendors.googleAnalytics(given), config.vendors[0]);
  });

  test("defaults stand, values given win, and inherited names are no parameters", () => {
    const { values } = vendors.facebookLogin({ appId: "1234567890", locale: "de_DE" });
    assert.deepEqual(values, { version: "v21.0", locale: "de_DE", appId: "1234567890" });
    assert.equal(vendors.xAds({ pixelId: "o1abc", toString: 1 }).toString, 1);
  });

  test("calls do not share what they return", () => {
    const [one, other] = ["o1abc", "o2abc"].map((pixelId) => vendors.xAds({ pixelId }));
    assert.notEqual(one.values, other.values);
    assert.equal(one.values.pixelId, "o1abc");
  });

  test("what it makes is valid for a page; what is wrong is said there", () => {
    const problems = (vendor) => tools.validateResolved(JSON.stringify({ vendors: [vendor] }));
    assert.deepEqual(problems(vendors.metaPixel({ pixelId: "123456789012345" })), []);
    const [issue, ...others] = problems(vendors.metaPixel({ pixelId: "none" }));
    assert.deepEqual(others, []);
    assert.equal(issue.path, "vendors[0].values.pixelId");
  });

  test("a bundle carries no other vendor's data", async () => {
    const { outputFiles } = await bundle({
      stdin: { contents: 'export { xAds } from "./vendors/index.js"', resolveDir: pkg },
      bundle: true,
      format: "esm",
      minify: true,
      write: false,
    });
    const [{ text }] = outputFiles;
    assert.ok(text.includes("ads-twitter.com"));
    assert.doesNotMatch(text, /munchkin|fbevents|googletagmanager/);
  });

  test("the schema is one text, in the package and from the tools", async () => {
    const { readFile } = await import("node:fs/promises");
    assert.equal(await readFile(path.join(pkg, "schema.json"), "utf8"), tools.schema());
  });
});
