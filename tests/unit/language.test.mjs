// Which of the languages there are is the page's, and whose words are used.

import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { test } from "node:test";
import { load } from "./load.mjs";

/** As the package has them: a region variant before its language. */
const LANGUAGES = (await readdir(new URL("../../locales", import.meta.url)))
  .map((file) => file.replace(/\.json$/, ""))
  .sort()
  .reverse();

/** The module on a page in `lang`, in a browser that prefers `languages`. */
function on(lang, languages = []) {
  class Document {
    get documentElement() {
      return { lang };
    }
  }
  return load("js/ui/language.ts", { Document, document: new Document(), navigator: { languages } });
}

const chosen = async (lang, languages, look) => {
  const { language } = await on(lang, languages);
  return language({ interface: look }, { languages: LANGUAGES });
};

for (const [asked, wanted] of Object.entries({
  de: "de",
  "de-AT": "de",
  "DE-at": "de",
  en: "en",
  "en-US": "en",
  "en-PH": "en",
  "en-AU": "en-GB",
  "es-ES": "es",
  "es-MX": "es-419",
  "fr-CA": "fr-CA",
  "fr-BE": "fr",
  no: "nb",
  "nn-NO": "nb",
  pt: "pt",
  "pt-PT": "pt",
  "pt-BR": "pt-BR",
  zh: "zh",
  "zh-CN": "zh",
  "zh-TW": "zh-TW",
  "zh-Hant": "zh-TW",
  "zh-Hant-HK": "zh-HK",
  "zh-MO": "zh-HK",
})) {
  test(`a page in ${asked} speaks ${wanted}`, async () => {
    assert.equal(await chosen(asked), wanted);
  });
}

test("a language that is not there is not taken for one that begins alike", async () => {
  assert.equal(await chosen("fil", ["de"]), "de");
  assert.equal(await chosen("eno"), "en");
});

test("the page's language comes before the browser's, those in their order, English at last", async () => {
  assert.equal(await chosen("fr", ["de"]), "fr");
  assert.equal(await chosen("", ["xx", "it-CH", "de"]), "it");
  assert.equal(await chosen("xx", ["yy"]), "en");
});

test("the site's own choice comes before the page's, and is not looked for elsewhere", async () => {
  assert.equal(await chosen("fr", ["de"], { language: "nl" }), "nl");
  assert.equal(await chosen("fr", ["de"], { language: "auto" }), "fr");
  assert.equal(await chosen("fr", ["de"], { language: "xx" }), "en");
});

test("a language that the site itself has texts in is one that there is", async () => {
  assert.equal(await chosen("eo", [], { texts: { eo: { "banner.title": "Saluton" } } }), "eo");
});

/** Assets that write down what is fetched of them. */
function assets(parts) {
  const fetched = [];
  return {
    fetched,
    languages: LANGUAGES,
    locale: async (name) => {
      fetched.push(name);
      return { default: parts[name] ?? [] };
    },
  };
}

test("texts: the parts that are wanted, each by its keys, and the site's words over them", async () => {
  const { texts } = await on("de-CH");
  const from = assets({
    de: ["Titel", "Ja"],
    "de.more": [{ one: "{count} Anbieter", other: "{count} Anbieter alle" }],
  });
  const config = {
    interface: { texts: { de: { "banner.accept": "Her damit" }, fr: { "banner.title": "Non" } } },
  };
  const words = await texts({ config }, from, [
    ["", ["banner.title", "banner.accept"]],
    [".more", ["vendors"]],
  ]);
  assert.deepEqual(from.fetched, ["de", "de.more"]);
  assert.deepEqual([words.tag, words.dir], ["de", "ltr"]);
  assert.equal(words.get("banner.title"), "Titel");
  assert.equal(words.get("banner.accept"), "Her damit");
  assert.equal(words.plural("vendors", 1), "1 Anbieter");
});

test("texts: in a language of the site's own what it does not say is English", async () => {
  const { texts } = await on("eo");
  const from = assets({ en: ["Title", "Yes"] });
  const config = { interface: { texts: { eo: { "banner.title": "Saluton" } } } };
  const words = await texts({ config }, from, [["", ["banner.title", "banner.accept"]]]);
  assert.deepEqual(from.fetched, ["en"]);
  assert.deepEqual([words.get("banner.title"), words.get("banner.accept")], ["Saluton", "Yes"]);
});

test("the way to the settings is called as the law has it, unless the site calls it otherwise", async () => {
  const { settingsName } = await on("en");
  const { banner } = await load("target/glue/keys.js");
  const from = assets({ en: banner });
  assert.equal(await settingsName({ config: {}, regime: "opt-in" }, from, "en"), "banner.settings");
  assert.equal(await settingsName({ config: {}, regime: "opt-out" }, from, "en"), "banner.choices");
  const config = { interface: { texts: { en: { "banner.settings": "Cookies" } } } };
  assert.equal(await settingsName({ config, regime: "notice" }, from, "en"), "Cookies");
});
