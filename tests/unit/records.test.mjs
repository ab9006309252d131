// Texts with their placeholders filled, their plurals, and the records of the view's input.

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const { direction, named, record, records, settingsKey, worded } = await load("js/ui/records.ts");

test("a placeholder is filled by its name; one that nothing is given for stays as it is", () => {
  const { get } = worded("en", "ltr", { hello: "{who} and {who}: {count}, {other}" });
  assert.equal(get("hello", { who: "Acme", count: 3 }), "Acme and Acme: 3, {other}");
  assert.equal(get("hello", { who: "{count}", count: 3 }), "{count} and {count}: 3, {other}", "filled once");
});

test("a text that is not there is its key", () => {
  assert.equal(worded("en", "ltr", {}).get("banner.title"), "banner.title");
});

test("plurals: the form of the language's grammar, `other` where it is not there", () => {
  const forms = (tag, all) => {
    const { plural } = worded(tag, "ltr", all);
    return [0, 1, 2, 5, 22].map((count) => plural("n", count));
  };
  const three = {
    "n.one": "one {count}",
    "n.few": "few {count}",
    "n.many": "many {count}",
    "n.other": "other",
  };
  assert.deepEqual(forms("pl", three), ["many 0", "one 1", "few 2", "many 5", "few 22"]);
  assert.deepEqual(forms("en", { "n.one": "one {count}", "n.other": "{count}" }), [
    "0",
    "one 1",
    "2",
    "5",
    "22",
  ]);
  assert.deepEqual(forms("en", { "n.other": "{count}" }), ["0", "1", "2", "5", "22"]);
});

test("numbers are written as the language writes them, also below a thousand where it has digits of its own", () => {
  const written = (tag, count) => worded(tag, "ltr", { "n.other": "{count}" }).plural("n", count);
  assert.equal(written("en", 999), "999");
  assert.equal(written("en", 1501), "1,501");
  assert.equal(written("de", 1501), "1.501");
  assert.equal(written("fa", 12), "۱۲");
  assert.equal(written("ar-EG", 12), "١٢");
  assert.equal(written("ar", 12), "12");
});

test("a part's texts by their keys; each plural form has a key of its own", () => {
  assert.deepEqual(named(["a", "n"], ["A", { one: "1", other: "more" }]), {
    a: "A",
    "n.one": "1",
    "n.other": "more",
  });
});

test("which way a language is written", () => {
  for (const tag of ["ar", "he", "fa-IR", "ur"]) assert.equal(direction(tag), "rtl", tag);
  for (const tag of ["en", "arn", "de", "hi"]) assert.equal(direction(tag), "ltr", tag);
});

test("the way to the settings has the law's name where one opts out", () => {
  assert.equal(settingsKey("opt-out"), "banner.choices");
  for (const regime of ["opt-in", "notice"]) assert.equal(settingsKey(regime), "banner.settings", regime);
});

test("a record ends where it ends: no value can bring a separator of its own", () => {
  assert.equal(record("t", "a", 3), "t\x1fa\x1f3\x1e");
  assert.equal(record("t", "a\x1fb\x1ec\x1f\x1e"), "t\x1fabc\x1e");
});

test("records: the facts first, then the texts that are asked for, filled from them", () => {
  const words = worded("en", "ltr", { "banner.title": "{site} asks", "banner.body": "{count}", other: "no" });
  assert.equal(
    records(words, /^banner\./, { site: "Acme", count: 2 }),
    "t\x1fsite\x1fAcme\x1et\x1fcount\x1f2\x1et\x1fbanner.title\x1fAcme asks\x1et\x1fbanner.body\x1f2\x1e",
  );
});
