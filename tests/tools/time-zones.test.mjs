// The table of time zones against what this runtime's own data (CLDR) knows: nobody who has to be asked first is taken for
// somewhere laxer.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

/** Countries whose law asks first: the EEA, the United Kingdom with the islands, Switzerland, and the EU's outermost regions. */
const ASK_FIRST =
  "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO GB GI IM JE GG CH " +
  "GP MQ GF RE YT MF SM VA";

const rows = async (name) =>
  (await readFile(new URL(`../../regimes/${name}.tsv`, import.meta.url), "utf8"))
    .split("\n")
    .filter((line) => line && !line.startsWith("#"))
    .map((line) => line.split("\t"));

const models = new Map();
for (const [regions, model] of await rows("jurisdictions")) {
  for (const region of regions.split(" ")) models.set(region, model);
}
const zones = (await rows("time-zones")).flatMap(([country, names]) =>
  names.split(" ").map((name) => [name, country]),
);

/** The model of a zone, as the table has it; what it does not have is asked first. */
function modelOf(zone) {
  const [, country] =
    zones.find(([name]) => name === zone || (name.endsWith("/*") && zone.startsWith(name.slice(0, -1)))) ??
    [];
  return models.get(country) ?? models.get(`${country}-*`) ?? models.get("*");
}

test("the table is read as it is meant: somewhere is laxer", () => {
  assert.notEqual(modelOf("America/Los_Angeles"), "opt-in");
  assert.equal(modelOf("Etc/UTC"), "opt-in");
});

for (const country of ASK_FIRST.split(" ")) {
  test(`${country}: no zone of its own is taken for a laxer place`, () => {
    const locale = new Intl.Locale(`und-${country}`);
    const own = locale.getTimeZones?.() ?? locale.timeZones;
    assert.ok(own.length, "the runtime knows its zones");
    for (const zone of own) assert.equal(modelOf(zone), "opt-in", zone);
  });
}
