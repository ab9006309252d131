// The demonstration keeps its promise: a real site in two languages, whose third parties hear nothing
// before a choice, and whose panel says what their server has received.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { enginesOf } from "../engines.mjs";
import { startDemo } from "../farm/demo.mjs";
import { findings } from "./axe.mjs";
import { click, gone, shown } from "./harness.mjs";
import { withoutFarm } from "./pool.mjs";
import { arrived, asVisitor } from "./suite.mjs";

const PANEL = "havelock-panel";
const WIDE = { width: 1280, height: 860 };
const NARROW = { width: 320, height: 640 };

const LANGUAGES = {
  en: {
    base: "/",
    unasked: "You have not chosen yet.",
    refused: "You have not allowed it.",
    off: "switched off",
    ready: "You can now continue with Facebook.",
    signedIn: "You are signed in with Facebook.",
    onTheList: "you are on the list",
  },
  de: {
    base: "/de/",
    unasked: "Sie haben noch nicht gewählt.",
    refused: "Sie haben es nicht erlaubt.",
    off: "abgeschaltet",
    ready: "Sie können jetzt mit Facebook weitermachen.",
    signedIn: "Sie sind mit Facebook angemeldet.",
    onTheList: "Sie stehen auf der Liste",
  },
};
const PAGES = ["", "product.html", "signup.html", "privacy.html"];
/** Each vendor's name at the farm; the login script waits for its button. */
const ON_GRANT = [
  "google-tag-manager",
  "google",
  "linkedin-insight",
  "marketo-munchkin",
  "meta-pixel",
  "x-ads",
];

/** The texts of the panel's elements. */
const panelTexts = (page, selector) =>
  page.evaluate(
    (tag, inside) =>
      [...document.querySelector(tag).shadowRoot.querySelectorAll(inside)].map(({ innerText }) => innerText),
    PANEL,
    selector,
  );

/** Waits until an element of the panel holds this text. */
const panelSays = (page, selector, text) =>
  page.waitForFunction(
    (tag, inside, wanted) =>
      [...document.querySelector(tag).shadowRoot.querySelectorAll(inside)].some(({ innerText }) =>
        innerText.includes(wanted),
      ),
    { timeout: 30_000, polling: 50 },
    PANEL,
    selector,
    text,
  );

const says = (page, selector, text) =>
  page.waitForFunction(
    (wanted, part) => document.querySelector(wanted).textContent.includes(part),
    { timeout: 30_000, polling: 50 },
    selector,
    text,
  );

/** The sources of one directive of a policy. */
const sources = (policy, directive) =>
  policy
    .split("; ")
    .find((part) => part.startsWith(`${directive} `))
    ?.split(" ")
    .slice(1);

for (const name of enginesOf("demonstration")) {
  describe(`demonstration (${name})`, () => {
    let demo;
    let browser;
    let site;
    const farm = () => demo.farm;
    before(async () => {
      demo = await startDemo({ port: 0 });
      site = `http://havelock.localhost:${demo.farm.port}`;
      browser = await withoutFarm(name);
    });
    beforeEach(() => farm().reset());
    after(() => demo?.stop());

    /** A page that has asked, with what it requested and what its console said. */
    async function open(visitor, path, viewport = WIDE) {
      const page = await visitor.page(null, { viewport });
      page.asked = [];
      page.on("request", (request) => page.asked.push(request.url()));
      await page.goto(site + path, { waitUntil: "load" });
      await shown(page, '[data-action="accept"]');
      return page;
    }

    /** Nothing went wrong, and nobody but this machine was asked. */
    async function fine(page) {
      // Firefox notes each cookie that it turns down, and vendors try one domain after the other.
      const problems = page.problems.filter((text) => !/^Cookie “.+” has been rejected /.test(text));
      assert.deepEqual(problems, []);
      // Nothing tells what WebKit requests: there the page does, of what its last document asked for.
      const asked =
        name === "webkit"
          ? await page.evaluate(() => performance.getEntriesByType("resource").map((entry) => entry.name))
          : page.asked;
      assert.ok(asked.length > 0);
      const elsewhere = asked.filter((url) => !/^(data|blob):|^http:\/\/[^/]+\.localhost:/.test(url));
      assert.deepEqual(elsewhere, [], "only this machine is contacted");
      const texts = await page.evaluate(() => {
        const hosts = [...document.querySelectorAll("*")].filter(({ shadowRoot }) => shadowRoot);
        const roots = [document.body, ...hosts.flatMap(({ shadowRoot }) => [...shadowRoot.children])];
        return roots.map(({ innerText }) => innerText ?? "");
      });
      assert.doesNotMatch(texts.join("\n"), /undefined|NaN|\[object/, "no stray text");
    }

    for (const [language, words] of Object.entries(LANGUAGES)) {
      for (const file of PAGES) {
        const path = words.base + file;
        test(`${path}: nothing before a choice, everything after it, and the panel says so`, () =>
          asVisitor({ browser }, async (visitor) => {
            const page = await open(visitor, path);
            assert.equal(await page.evaluate(() => document.documentElement.lang), language);
            assert.equal(await page.evaluate(() => document.querySelector("portcullis-ui").lang), language);
            const policy = await page.evaluate(async () =>
              (await fetch(location.href)).headers.get("content-security-policy"),
            );
            const third = `http://*.localhost:${farm().port}`;
            assert.deepEqual(sources(policy, "default-src"), ["'self'"]);
            assert.deepEqual(sources(policy, "connect-src"), ["'self'", third]);
            assert.deepEqual(sources(policy, "frame-src"), [third]);
            assert.deepEqual(sources(policy, "img-src"), ["'self'", "data:", third]);

            await click(page, ".tab", PANEL);
            await panelSays(page, ".list p", words.unasked);
            await farm().sentinel(page);
            assert.deepEqual(arrived(farm()), []);
            assert.deepEqual(await panelTexts(page, ".number"), ["0"]);
            const reasons = await panelTexts(page, '[aria-labelledby="decided"] p');
            assert.deepEqual(reasons, Array(9).fill(words.unasked), "each vendor has a row");

            await click(page, '[data-action="accept"]');
            await Promise.all(ON_GRANT.map((vendor) => farm().waitFor((entry) => entry.vendor === vendor)));
            await farm().sentinel(page);
            assert.equal(farm().requests({ vendor: "facebook-login" }).length, 0, "it waits for its button");
            // More may come while one looks: the panel counts as the farm does, whenever that is.
            let counted = [];
            for (const until = Date.now() + 30_000; Date.now() < until; ) {
              counted = [(await panelTexts(page, ".number"))[0], String(farm().log.length)];
              if (counted[0] === counted[1]) break;
              await new Promise((resolve) => setTimeout(resolve, 50));
            }
            assert.equal(...counted);
            await panelSays(page, '[aria-labelledby="received"] code', farm().log.at(-1).host);
            await fine(page);
          }));

        test(`${path}: axe finds nothing, panel closed and open`, () =>
          asVisitor({ browser }, async (visitor) => {
            const page = await open(visitor, path);
            // The German pages are the same with longer words, which narrow screens feel.
            for (const viewport of language === "en" ? [WIDE, NARROW] : [NARROW]) {
              await page.setViewport(viewport);
              await shown(page, ".tab", PANEL);
              assert.deepEqual(await findings(page), [], `${viewport.width} px, closed`);
              assert.ok(
                await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
                `${viewport.width} px: no sideways scrolling`,
              );
              // The banner may have grown: the tab keeps clear of it.
              await page.waitForFunction(
                (tag) => {
                  const tab = document.querySelector(tag).shadowRoot.querySelector(".tab");
                  const { left, right, top, bottom } = tab.getBoundingClientRect();
                  return document.elementFromPoint((left + right) / 2, (top + bottom) / 2)?.localName === tag;
                },
                { timeout: 30_000, polling: 50 },
                PANEL,
              );
              await click(page, ".tab", PANEL);
              await shown(page, ".panel", PANEL);
              assert.deepEqual(await findings(page), [], `${viewport.width} px, open`);
              await page.keyboard.press("Escape");
              await gone(page, ".panel", PANEL);
            }
          }));
      }

      test(`${language}: refused, chosen by the footer's link, withdrawn, from page to page`, () =>
        asVisitor({ browser }, async (visitor) => {
          const page = await open(visitor, words.base);
          await click(page, ".tab", PANEL);
          await click(page, '[data-action="reject"]');
          await panelSays(page, ".list p", words.refused);
          await Promise.all([page.waitForNavigation(), page.click('.menu a[href$="product.html"]')]);
          await panelSays(page, ".list p", words.refused);
          await page.click("#quote");
          await farm().sentinel(page);
          assert.deepEqual(arrived(farm()), []);

          await page.click('footer [data-portcullis="settings"]');
          await click(page, 'input[data-category="performance"]');
          await click(page, '[data-action="confirm"]');
          await farm().waitFor(({ host }) => host === "region1.google-analytics.com");
          await panelSays(page, '[aria-labelledby="decided"] code', "www.facebook.com/tr/");
          await farm().sentinel(page);
          assert.deepEqual(
            [...new Set(farm().log.map(({ host }) => host))].sort(),
            ["region1.google-analytics.com", "www.googletagmanager.com"],
            "analytics and its container, nothing of what that brings",
          );

          const lead = ({ query }) => query.en === "generate_lead";
          await page.click("#quote");
          await farm().waitFor(lead);
          await page.click('footer [data-portcullis="settings"]');
          await click(page, 'dialog [data-action="reject"]');
          await panelSays(page, ".what", words.off);
          await shown(page, ".report");
          const before = farm().log.length;
          await page.click("#quote");
          await farm().sentinel(page);
          assert.deepEqual(arrived(farm()).slice(before), []);
          await fine(page);
        }));

      test(`${language}: the login button explains, offers a way, and then logs in`, () =>
        asVisitor({ browser }, async (visitor) => {
          const page = await open(visitor, `${words.base}signup.html`);
          await page.focus("#facebook");
          await page.keyboard.press("Enter");
          await page.waitForFunction(() => document.activeElement?.id === "refused");
          await farm().sentinel(page);
          assert.deepEqual(arrived(farm()), []);

          await page.focus('#refused [data-portcullis="settings"]');
          await page.keyboard.press("Enter");
          await click(page, 'input[data-category="functional"]');
          await click(page, '[data-action="confirm"]');
          await says(page, "#signed", words.ready);
          assert.equal(await page.evaluate(() => document.activeElement.id), "facebook");
          await farm().sentinel(page);
          assert.deepEqual(arrived(farm()), [], "still not before the button is pressed");

          await page.keyboard.press("Enter");
          await says(page, "#signed", words.signedIn);
          assert.deepEqual([...new Set(farm().log.map(({ vendor }) => vendor))], ["facebook-login"]);

          await page.type("#name", "A. Visitor");
          await page.type("#email", "visitor@example.org");
          await page.click("#agree");
          await page.keyboard.press("Enter");
          await page.click("#signup .button:not(.facebook)");
          await says(page, "#signed", words.onTheList);
          await fine(page);
        }));
    }
  });
}
