// The interface by itself, on a page with a mock consent object and a strict policy: what it asks the
// public object to do, where the focus goes, what it is called, and what axe finds.

import assert from "node:assert/strict";
import { test } from "node:test";
import { findings } from "../browser/axe.mjs";
import { click, gone, shown } from "../browser/harness.mjs";
import { inEachBrowser, inside, texts } from "./page.mjs";

const ACCEPT = '[data-action="accept"]';
const REJECT = '[data-action="reject"]';
const SETTINGS = '[data-action="settings"]';
const CONFIRM = '[data-action="confirm"]';
const OPEN = (id) => `[data-action="open"][data-id="${id}"]`;
const VENDORS = (id) => `[data-action="vendors"][data-id="${id}"]`;
const DETAILS = (id) => `[data-action="details"][data-id="${id}"]`;
const BACK = '[data-action="back"]';

/** The focused element in a word, through shadow roots. */
const focused = (page) =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    const { action, category, vendor } = element?.dataset ?? {};
    return category ?? vendor ?? action ?? (element?.id || element?.localName);
  });

const calls = (page) => page.evaluate(() => window.consent.calls);

/** A mark is what a person sees of a switch. */
const marks = (page) =>
  inside(page, (root) =>
    Object.fromEntries(
      [...root.querySelectorAll("input")].map(({ dataset, checked, indeterminate }) => [
        dataset.category ?? dataset.vendor,
        indeterminate ? "mixed" : checked,
      ]),
    ),
  );

/** What runs over its box in the dialog. */
const wide = (page) =>
  inside(page, (root) => {
    const box = root.querySelector("dialog");
    return [...root.querySelectorAll("dialog *:not(input)")]
      .filter(
        (one) => one.getClientRects().length && one.scrollWidth > one.clientWidth + 1 && one.clientWidth,
      )
      .map((one) => `${one.localName}.${one.className} ${one.scrollWidth} > ${one.clientWidth}`)
      .concat(box.scrollWidth > box.clientWidth ? ["dialog"] : []);
  });

const STATES = {
  light: {},
  "320 px": { viewport: { width: 320, height: 640 } },
  German: { lang: "de" },
};

inEachBrowser("interface", (open, browser) => {
  for (const [state, options] of Object.entries(STATES)) {
    test(`axe finds nothing, and nothing runs over: ${state}`, async () => {
      const page = await open({ ...options, wayBack: true });
      await shown(page, ACCEPT);
      assert.deepEqual(await findings(page), []);
      await click(page, SETTINGS);
      await click(page, OPEN("performance"));
      await click(page, OPEN("targeting"));
      assert.deepEqual(await findings(page), []);
      assert.deepEqual(await wide(page), []);
      await click(page, VENDORS(""));
      await click(page, DETAILS("stats"));
      await click(page, '[data-vendor="stats"]');
      await click(page, '[data-action="filter"]');
      assert.deepEqual(await findings(page), []);
      assert.deepEqual(await wide(page), []);
      assert.deepEqual(await page.evaluate(() => window.problems), []);
      assert.deepEqual(page.problems, []);
    });
  }

  test("the banner and the dialog are called what they are headed", async () => {
    const page = await open();
    await click(page, SETTINGS);
    await shown(page, CONFIRM);
    const named = () =>
      inside(page, (root) =>
        [...root.querySelectorAll("section, dialog")].map(
          (part) => root.getElementById(part.getAttribute("aria-labelledby")).textContent,
        ),
      );
    assert.deepEqual(await named(), ["Privacy Preference Center"]);
    if (browser === "chromium") {
      const tree = await page.accessibility.snapshot();
      const dialog = tree.children.find(({ role }) => role === "dialog");
      assert.equal(dialog.name, "Privacy Preference Center");
      assert.equal(dialog.modal, true);
      const all = (node) => [node, ...(node.children ?? []).flatMap(all)];
      const of = (role) => all(dialog).flatMap((node) => (node.role === role ? [node.name] : []));
      assert.deepEqual(of("checkbox"), ["Performance Cookies", "Functional Cookies", "Targeting Cookies"]);
    }
    await page.keyboard.press("Escape");
    await shown(page, ACCEPT);
    assert.deepEqual(await named(), ["You decide what we may store"]);
  });

  for (const [action, method, source] of [
    [ACCEPT, "acceptAll", "banner-accept"],
    [REJECT, "rejectAll", "banner-reject"],
  ]) {
    test(`${source}: the banner is gone before the choice is made, and the focus is where it was`, async () => {
      const page = await open();
      await shown(page, action);
      await page.focus("#field");
      await click(page, action);
      await gone(page, action);
      const [[called, from, , stillDrawn], ...more] = await calls(page);
      assert.deepEqual([called, stillDrawn, more], [method, false, []]);
      assert.equal(from.source, source);
      assert.equal(from.language, "en");
      assert.match(from.shown, /^[0-9a-f]{8}$/);
      assert.equal(await focused(page), "field");
    });
  }

  test("what was shown is told apart: another text, layout or theme is another digest", async () => {
    const digests = new Set();
    for (const look of [
      {},
      { banner: "top" },
      { theme: { accent: "#060" } },
      { texts: { en: { "banner.ok": "x" } } },
    ]) {
      const page = await open({ consent: { config: { interface: look } } });
      await click(page, ACCEPT);
      await gone(page, ACCEPT);
      digests.add((await calls(page))[0][1].shown);
    }
    assert.equal(digests.size, 4);
  });

  test("nothing is switched on beforehand, and what is confirmed is what was picked", async () => {
    const page = await open();
    await click(page, SETTINGS);
    await click(page, OPEN("performance"));
    assert.ok(Object.values(await marks(page)).every((mark) => mark === false));
    // A category sets its vendors; a vendor makes its category mixed.
    await click(page, '[data-category="performance"]');
    await click(page, VENDORS("performance"));
    await click(page, '[data-vendor="heat"]');
    const { stats, heat } = await marks(page);
    assert.deepEqual({ stats, heat }, { stats: true, heat: false });
    assert.equal(await focused(page), "heat", "drawing anew takes no focus");
    await click(page, BACK);
    const { performance, targeting } = await marks(page);
    assert.deepEqual({ performance, targeting }, { performance: "mixed", targeting: false });
    assert.equal(await focused(page), "vendors", "the focus is where the list was opened");
    await click(page, CONFIRM);
    await gone(page, CONFIRM);
    const choice = (await calls(page)).find(([method]) => method === "choose");
    assert.deepEqual(choice[2], {
      categories: { performance: true, functional: false, targeting: false },
      vendors: { stats: true, heat: false },
      objections: {},
    });
    assert.equal(choice[1].source, "preferences");
    assert.equal(choice[3], false, "the dialog was gone");
  });

  test("closing changes nothing, by button, Escape or backdrop: the banner and the focus are back", async () => {
    const page = await open();
    const ways = [
      () => click(page, '[data-action="close"]'),
      () => page.keyboard.press("Escape"),
      () => page.mouse.click(5, 5),
    ];
    for (const closes of ways) {
      await click(page, SETTINGS);
      await shown(page, CONFIRM);
      assert.equal(await focused(page), "dialog");
      assert.equal(await inside(page, (root) => root.querySelector(".banner")), null);
      await click(page, '[data-category="performance"]');
      await closes();
      await gone(page, CONFIRM);
      await shown(page, ACCEPT);
      assert.equal(await focused(page), "settings");
    }
    assert.deepEqual(await calls(page), [["closed"], ["closed"], ["closed"]]);
  });

  test("by keyboard alone: pick, confirm; the focus goes back into the page, not into nowhere", async () => {
    const page = await open();
    await shown(page, ACCEPT);
    await page.focus("#field");
    const tab = async (wanted, back) => {
      for (let n = 0; n < 40; n++) {
        if (back) await page.keyboard.down("Shift");
        await page.keyboard.press("Tab");
        if (back) await page.keyboard.up("Shift");
        if ((await focused(page)) === wanted) return;
      }
      assert.fail(`${wanted} is never reached`);
    };
    await tab("settings", true);
    await page.keyboard.press("Enter");
    await shown(page, CONFIRM);
    await tab("open");
    await page.keyboard.press("Enter");
    await tab("targeting");
    await page.keyboard.press(" ");
    await tab("confirm");
    await page.keyboard.press("Enter");
    await gone(page, CONFIRM);
    await gone(page, ACCEPT);
    assert.equal(await focused(page), "field");
    const [, , decision] = (await calls(page)).find(([method]) => method === "choose");
    assert.equal(decision.categories.targeting, true);
  });

  test("the dialog keeps the focus, and the page behind neither scrolls nor moves", async () => {
    const page = await open();
    await shown(page, ACCEPT);
    const width = () => page.evaluate(() => document.querySelector("main").getBoundingClientRect().width);
    const before = await width();
    await click(page, SETTINGS);
    await shown(page, CONFIRM);
    assert.equal(await width(), before);
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).overflowY), "hidden");
    for (let n = 0; n < 12; n++) {
      await page.keyboard.press("Tab");
      const inPage = await page.evaluate(() => document.activeElement.closest("main") !== null);
      assert.equal(inPage, false, "never behind the dialog");
    }
    await page.keyboard.press("Escape");
    await gone(page, CONFIRM);
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).overflowY), "visible");
  });

  test("something new: it is named, and the answer is about that alone", async () => {
    for (const [action, granted] of [
      [ACCEPT, true],
      [REJECT, false],
    ]) {
      const pending = { why: "new", vendors: ["chat", "ads"] };
      const page = await open({ consent: { pending, granted: ["stats", "heat"] } });
      await shown(page, action);
      assert.match((await texts(page, ".banner p"))[0], /Chat and Ads/);
      await click(page, action);
      await gone(page, action);
      const [[method, from, decision]] = await calls(page);
      assert.deepEqual([method, decision], ["choose", { vendors: { chat: granted, ads: granted } }]);
      assert.equal(from.source, granted ? "banner-accept" : "banner-reject");
    }
  });

  test("opt-out: not selling is a click away, and the browser's signal is said to be heard", async () => {
    const page = await open({ consent: { regime: "opt-out", gpc: true } });
    await shown(page, ACCEPT);
    assert.deepEqual(await texts(page, ".banner .actions button"), [
      "Do Not Sell or Share My Personal Information",
      "OK",
      "Your Privacy Choices",
    ]);
    assert.match((await texts(page, ".banner p"))[0], /Global Privacy Control/);
    await click(page, REJECT);
    await gone(page, REJECT);
    assert.equal((await calls(page))[0][0], "rejectAll");
  });

  test("always active: said with the site's reason, and without a switch", async () => {
    const categories = {
      analytics: { alwaysActive: "Counting visits is exempt." },
      club: { texts: { en: { name: "Club Cookies", description: "For members." } } },
      bare: {},
    };
    const page = await open({ consent: { config: { categories } } });
    await click(page, SETTINGS);
    await click(page, OPEN("analytics"));
    assert.ok(!("analytics" in (await marks(page))));
    assert.match((await texts(page, "#p-analytics"))[0], /Counting visits is exempt\./);
    const names = await texts(page, ".name");
    assert.ok(names.some((name) => name.includes("Club Cookies")));
    assert.ok(
      names.some((name) => name.trim() === "bare"),
      "a category that nobody named has its id",
    );
  });

  test("a vendor's facts in words, and only addresses of the web as links", async () => {
    const page = await open({ lang: "de" });
    await click(page, SETTINGS);
    await click(page, VENDORS(""));
    await click(page, DETAILS("stats"));
    await click(page, DETAILS("ads"));
    const [facts] = await texts(page, ".rows");
    for (const part of [
      "Stats Ltd, Irland · 2 Cookies",
      "_st",
      "2 Jahre",
      "30 Minuten",
      "Heat Inc, Vereinigte Staaten",
    ]) {
      assert.ok(facts.includes(part), part);
    }
    const links = await inside(page, (root) =>
      [...root.querySelectorAll("a")].map((a) => a.getAttribute("href")),
    );
    assert.deepEqual(links.sort(), ["/ads", "https://ads.example/out", "https://stats.example/privacy"]);
  });

  test("after a withdrawal: a report in plain words, spoken, and closed", async () => {
    const report = {
      vendors: [
        {
          id: "ads",
          wasRunning: true,
          erased: ["_ads"],
          left: [{ name: "ads", why: "third-party" }],
          resumes: "next-page",
        },
      ],
    };
    const record = { id: "0123456789abcdef", at: Date.UTC(2026, 10, 24, 12), source: "preferences" };
    const page = await open({ consent: { report, record, granted: ["ads"] }, wayBack: true });
    await click(page, SETTINGS);
    await shown(page, CONFIRM);
    assert.match((await texts(page, ".fine"))[0], /November 24, 2026 has the reference 0123456789abcdef/);
    const place = () => inside(page, (root) => root.querySelector("[data-slot=report]")?.textContent ?? null);
    assert.equal(await place(), "", "the place is there before, or nobody hears it");
    await click(page, REJECT);
    await shown(page, ".report");
    const said = await place();
    for (const part of ["Ads", "Stopped.", "Erased: _ads.", "Only your browser", "next page"]) {
      assert.ok(said.includes(part), part);
    }
    assert.deepEqual(await findings(page), []);
    await click(page, '.report [data-action="close"]');
    await gone(page, ".report");
    assert.notEqual(await focused(page), "body");
  });

  test("put back where it was when a framework takes it away", async () => {
    const page = await open();
    await shown(page, ACCEPT);
    await page.evaluate(() => {
      document.querySelector("portcullis-ui").remove();
      document.body.replaceWith(document.createElement("body"));
    });
    await shown(page, ACCEPT);
    assert.equal(await page.evaluate(() => document.body.previousElementSibling.localName), "portcullis-ui");
  });

  test("one language for all parts: the page's, else the first of the browser's that there is", async () => {
    const page = await open({ lang: "de-AT", wayBack: true });
    await shown(page, ACCEPT);
    const langs = await page.evaluate(() =>
      ["portcullis-ui", "portcullis-way-back"].map((tag) => document.querySelector(tag).lang),
    );
    assert.deepEqual(langs, ["de", "de"]);
    const label = await page.evaluate(() =>
      document.querySelector("portcullis-way-back").shadowRoot.querySelector("button").getAttribute("title"),
    );
    assert.equal(label, "Cookie-Einstellungen");
    const other = await open({ lang: "fr", wayBack: true });
    await shown(other, ACCEPT);
    const same = await other.evaluate(() =>
      ["portcullis-ui", "portcullis-way-back"].map((tag) => document.querySelector(tag).lang),
    );
    assert.equal(same[0], same[1]);
  });
});
