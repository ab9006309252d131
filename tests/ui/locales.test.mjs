// Every language says the same things: the same texts, with the same placeholders, and every plural form
// that its grammar has.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const PLURAL = /\.(zero|one|two|few|many|other)$/;

/** A language's limit, compressed, all its parts together: what the banner says of it is a quarter. */
const BYTES_MAX = 2000;

/** What is one word in many languages. */
const SAME = new Set([
  "banner.ok",
  "preferences.cookies",
  "declaration.cookie",
  "vendors.filter",
  "partners.one",
  "partners.other",
  "cookies.one",
  "cookies.other",
]);

/** Languages that sites of this kind are served in: every official one of the EU, and these. */
const WANTED =
  "bg hr cs da nl en et fi fr de el hu ga it lv lt mt pl pt ro sk sl es sv " +
  "en-GB fr-CA es-419 pt-BR ja ko zh zh-TW zh-HK ru nb is tr uk ar he hi id ms th vi";

const names = (await readdir(path.join(ROOT, "locales"))).filter((name) => name.endsWith(".json"));
const locales = new Map();
for (const name of names) {
  locales.set(name.slice(0, -5), JSON.parse(await readFile(path.join(ROOT, "locales", name), "utf8")));
}
const english = locales.get("en");
const plurals = [...new Set(Object.keys(english).filter((key) => PLURAL.test(key)))].map((key) =>
  key.replace(PLURAL, ""),
);
const placeholders = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

test("every language that is wanted is there", () => {
  assert.deepEqual([...locales.keys()].sort(), WANTED.split(" ").sort());
});

for (const [tag, texts] of locales) {
  test(`${tag}: the same texts as English, none empty`, () => {
    const plain = (of) =>
      Object.keys(of)
        .filter((key) => !PLURAL.test(key))
        .sort();
    assert.deepEqual(plain(texts), plain(english));
    for (const [key, text] of Object.entries(texts)) {
      assert.ok(typeof text === "string" && text.trim() === text && text, key);
    }
  });

  test(`${tag}: the same placeholders`, () => {
    for (const key of Object.keys(english).filter((one) => !PLURAL.test(one))) {
      assert.deepEqual(placeholders(texts[key]), placeholders(english[key]), key);
    }
  });

  test(`${tag}: every plural form of its grammar, and no other`, () => {
    const forms = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
    for (const key of new Set(plurals)) {
      const present = Object.keys(texts).filter((one) => PLURAL.test(one) && one.replace(PLURAL, "") === key);
      assert.deepEqual(present.sort(), forms.map((form) => `${key}.${form}`).sort());
      assert.deepEqual(placeholders(texts[`${key}.other`]), ["count"]);
    }
  });

  test(`${tag}: numbers below a thousand are written as they are, without a formatter`, () => {
    const format = new Intl.NumberFormat(tag);
    for (let count = 0; count < 1000; count++) assert.equal(format.format(count), `${count}`);
  });

  test(`${tag}: at most ${BYTES_MAX} bytes`, async () => {
    const parts = ["", ".embed", ".more"].map((part) =>
      readFile(path.join(ROOT, `pkg/locales/${tag}${part}.js`)),
    );
    const { length: size } = brotliCompressSync(Buffer.concat(await Promise.all(parts)));
    assert.ok(size <= BYTES_MAX, `${size} bytes`);
  });

  if (!tag.startsWith("en")) {
    test(`${tag}: no text is left in English`, () => {
      const left = Object.keys(texts).filter((key) => texts[key] === english[key] && !SAME.has(key));
      assert.deepEqual(left, []);
    });
  }
}

/** What urges, shames or promises in a request for consent; in English, which every translation is made from. */
const URGING =
  /!|\b(best|enhance|improv\w+|enjoy|great|love|please|sorry|unfortunately|miss|lose|worse|must|should|sure|really|recommend\w*|value|care about|don[’']t|cannot refuse|without worries)\b/i;

test("no text urges, shames or confuses", () => {
  for (const [tag, texts] of locales) {
    for (const [key, text] of Object.entries(texts)) assert.doesNotMatch(text, /[!¡！]/, `${tag} ${key}`);
  }
  for (const [key, text] of Object.entries(english)) {
    assert.doesNotMatch(text, URGING, key);
    for (const sentence of text.split(/[.:;]/)) {
      const negatives = sentence.match(/\b(no|not|never|none|un(?:less|able))\b/gi) ?? [];
      assert.ok(negatives.length < 2, `${key}: two negatives: ${sentence}`);
    }
  }
});

test("every text that the interface asks for is there, and every text there is asked for", async () => {
  const sources = [
    "src/view/banner.rs",
    "src/view/preferences.rs",
    "src/view/report.rs",
    "src/view/vendors.rs",
    "src/view/declaration.rs",
  ];
  for (const file of await readdir(path.join(ROOT, "js/ui"))) {
    if (file.endsWith(".ts")) sources.push(`js/ui/${file}`);
  }
  let source = "";
  for (const file of sources) source += await readFile(path.join(ROOT, file), "utf8");
  // What a test names is not shown to anyone.
  const asked = new Set(
    [
      ...source.matchAll(
        /["$]((?:banner|preferences|vendors?|report|lifetime|purpose|party|embed|declaration)(?:\.\w[\w-]*)+)[";]/g,
      ),
    ].map(([, key]) => key),
  );
  for (const key of asked) assert.ok(key in english, `${key} is in no locale`);
  for (const purpose of (await readFile(path.join(ROOT, "js/types.ts"), "utf8"))
    .split("export type CookiePurpose =")[1]
    .split(";")[0]
    .matchAll(/"([\w-]+)"/g)) {
    assert.ok(`purpose.${purpose[1]}` in english, `purpose.${purpose[1]}`);
  }
  const made =
    /^(category|purpose|party|embed|(partners|vendors|cookies)\.(zero|one|two|few|many|other)$)\.?/;
  const idle = Object.keys(english).filter((key) => !asked.has(key) && !made.test(key));
  assert.deepEqual(idle, []);
});
