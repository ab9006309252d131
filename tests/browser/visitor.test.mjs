// What a visitor's own ways and settings ask for: who reads on has not answered, who presses and thinks again has
// not pressed, and motion, contrast, direction, language and place are as the browser says.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { click, cookies, gone, prefer, shown } from "./harness.mjs";
import { config, html, ORIGIN, SENDS_SIGNAL, VENDORS } from "./site.mjs";
import { marked } from "./snippets.mjs";
import { arrived, asVisitor, inEachBrowser } from "./suite.mjs";
import { SCRIPT_TIMEOUT } from "./webkit.mjs";

const ACCEPT = '[data-action="accept"]';
const REJECT = '[data-action="reject"]';
const CONFIRM = '[data-action="confirm"]';
const FOOTER = "<footer><portcullis-settings></portcullis-settings></footer>";
const TABLE = "<portcullis-declaration></portcullis-declaration>";
const TALL = '<div style="height: 5000px">A long text</div>';

/**
 * A clock that runs a thousand times as fast: what waits for a quarter of an hour happens within a second. WebKit's
 * driver ends a script by a timer of the page's, which is left alone.
 */
const FAST = `for (const name of ["setTimeout", "setInterval"]) {
  const real = window[name];
  window[name] = (act, delay = 0, ...more) =>
    real(act, delay === ${SCRIPT_TIMEOUT} ? delay : delay / 1000, ...more);
}`;
const FAST_MS = 1_200;
/** A browser that says something else of its time zone, or nothing. */
const zone = (says) => `{
  const { prototype } = Intl.DateTimeFormat;
  const real = prototype.resolvedOptions;
  prototype.resolvedOptions = function () { ${says} };
}`;
const speaks = (tags) =>
  `Object.defineProperty(navigator, "languages", { value: ${JSON.stringify(tags)}, configurable: true });`;

/** The page's language, the browser's, and the one that the interface speaks. */
const LANGUAGES = [
  ["fr", ["de"], "fr"],
  ["xx", ["de-CH", "en"], "de"],
  ["xx", ["xx-YY", "pt-AO", "en"], "pt"],
  ["", ["nn-NO"], "nb"],
  ["xx", ["xx"], "en"],
  ["es-MX", ["de"], "es-419"],
  ["es-ES", ["de"], "es"],
  ["en-AU", ["de"], "en-GB"],
  ["en-US", ["de"], "en"],
  ["zh-Hant", ["de"], "zh-TW"],
  ["zh-Hant-HK", ["de"], "zh-HK"],
  ["zh-CN", ["de"], "zh"],
  ["no", ["de"], "nb"],
  ["pt-AO", ["de"], "pt"],
  ["pt-BR", ["de"], "pt-BR"],
  ["fr-BE", ["de"], "fr"],
];

inEachBrowser("visitor", (at, browser) => {
  let count = 0;
  /** A page's address. `before`: a script that runs before ours. */
  const serve = async ({ body = "", before = "", head = "", lang = "en", vendors = VENDORS, ...more }) => {
    const url = `${ORIGIN}/visitor-${++count}`;
    const text = html({ config: await config(vendors, more), body, head, lang });
    at().farm.page(url, text.replace("<head>", before ? `<head><script>${before}</script>` : "<head>"));
    return url;
  };
  const open = async (visitor, given = {}) => visitor.page(await serve(given));
  /** Waits for an element that the page holds. */
  const comes = (page, host, selector) => shown(page, selector, host);
  const pending = (page) => page.evaluate(() => window.portcullis.pending?.why);
  /** The box of one element of ours. */
  const box = (page, selector, host = "portcullis-ui") =>
    page.evaluate(
      (tag, inside) => {
        const target = document.querySelector(tag).shadowRoot.querySelector(inside);
        const { left, top, width, height } = target.getBoundingClientRect();
        return { left, x: left + width / 2, y: top + height / 2 };
      },
      host,
      selector,
    );
  /** Computed values of one property, in the interface. */
  const styles = (page, property, selectors) =>
    page.evaluate(
      (name, parts) => {
        const root = document.querySelector("portcullis-ui").shadowRoot;
        return parts.map((part) => getComputedStyle(root.querySelector(part)).getPropertyValue(name));
      },
      property,
      selectors,
    );

  test("scrolling, waiting and closing are no answer: nothing is sent, nothing is stored, the question stands", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const page = await open(visitor, { body: TALL, before: FAST });
      await shown(page, ACCEPT);
      await page.evaluate(() => {
        scrollTo(0, 3000);
      });
      if (browser !== "webkit") {
        await page.mouse.move(300, 200);
        await page.mouse.wheel({ deltaY: 800 });
      }
      await page.mouse.click(300, 200);
      await click(page, '[data-action="settings"]');
      await shown(page, CONFIRM);
      await page.keyboard.press("Escape");
      await gone(page, CONFIRM);
      await pause(FAST_MS);
      await farm.sentinel(page);
      assert.ok(await page.evaluate(() => scrollY > 1000));
      assert.deepEqual(arrived(farm), []);
      assert.deepEqual(await cookies(page), {});
      assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
      assert.equal(await pending(page), "first");
      await shown(page, ACCEPT);
    }));

  test("nothing of ours goes away by itself: neither the banner nor the report of a withdrawal", () =>
    asVisitor(at(), async (visitor) => {
      const page = await open(visitor, { before: FAST });
      const stays = async (selector) => {
        await shown(page, selector);
        await pause(FAST_MS);
        const boxes = await page.evaluate((inside) => {
          const found = document.querySelector("portcullis-ui").shadowRoot.querySelector(inside);
          return found?.getClientRects().length;
        }, selector);
        assert.equal(boxes, 1, selector);
      };
      await stays(".banner");
      await click(page, ACCEPT);
      await gone(page, ACCEPT);
      await click(page, "button", "portcullis-way-back");
      await click(page, `dialog ${REJECT}`);
      await stays(".report");
    }));

  test("the floating way back is there, and is not where the site does without", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const ways = (page) => page.evaluate(() => document.querySelectorAll("portcullis-way-back").length);
      const other = await open(visitor, { interface: { wayBack: false } });
      await click(other, REJECT);
      await gone(other, REJECT);
      await other.waitForFunction(() => window.portcullis.record, { timeout: 30_000, polling: 50 });
      await farm.sentinel(other);
      assert.equal(await ways(other), 0);
      await other.reload();
      await farm.sentinel(other);
      assert.equal(await ways(other), 0, "nor on the next page");
      const page = await open(visitor);
      await shown(page, "button", "portcullis-way-back");
      assert.equal(await ways(page), 1);
    }));

  test("what the keyboard stands on has a ring: buttons, links, switches and the page's own elements of ours", () =>
    asVisitor(at(), async (visitor) => {
      const page = await open(visitor, { body: FOOTER });
      await shown(page, ACCEPT);
      await comes(page, "portcullis-settings", "button");
      const stops = async (presses) => {
        const seen = [];
        for (let n = 0; n < presses; n++) {
          await page.keyboard.press("Tab");
          const stop = await page.evaluate(() => {
            let one = document.activeElement;
            const host = one?.localName ?? "";
            while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
            const { outlineStyle, outlineWidth } = getComputedStyle(one);
            return { host, what: one.localName, outlineStyle, width: Number.parseFloat(outlineWidth) };
          });
          if (stop.host.startsWith("portcullis-")) seen.push(stop);
        }
        const bare = seen.filter(({ outlineStyle, width }) => outlineStyle !== "solid" || width < 2);
        assert.deepEqual(bare, []);
        return new Set(seen.map(({ host, what }) => `${host} ${what}`));
      };
      const outside = await stops(8);
      for (const stop of ["portcullis-ui a", "portcullis-ui button", "portcullis-settings button"])
        assert.ok(outside.has(stop), `${stop}: ${[...outside]}`);
      await click(page, '[data-action="settings"]');
      await shown(page, CONFIRM);
      const inside = await stops(12);
      for (const stop of ["a", "button", "input"])
        assert.ok(inside.has(`portcullis-ui ${stop}`), `${stop}: ${[...inside]}`);
    }));

  if (browser !== "webkit") {
    test("a press counts when it is let go, and not if the pointer has left by then", () =>
      asVisitor(at(), async (visitor) => {
        const { farm } = at();
        const page = await open(visitor);
        await shown(page, ACCEPT);
        const pressed = async (selector) => {
          const { x, y } = await box(page, selector);
          await page.mouse.move(x, y);
          await page.mouse.down();
        };
        const awayAndUp = async () => {
          await page.mouse.move(300, 200, { steps: 3 });
          await page.mouse.up();
        };
        await pressed(ACCEPT);
        assert.equal(await pending(page), "first", "while it is held down");
        await awayAndUp();
        await farm.sentinel(page);
        await shown(page, ACCEPT);
        assert.equal(await pending(page), "first");
        assert.deepEqual(arrived(farm), []);

        await click(page, '[data-action="settings"]');
        await shown(page, CONFIRM);
        const isOn = () =>
          page.evaluate(
            () =>
              document.querySelector("portcullis-ui").shadowRoot.querySelector("[data-category=performance]")
                .checked,
          );
        await pressed("[data-category=performance]");
        assert.equal(await isOn(), false);
        await awayAndUp();
        assert.equal(await isOn(), false);
        await pressed("[data-category=performance]");
        await page.mouse.up();
        assert.equal(await isOn(), true);
      }));
  }

  test("from right to left: the direction is said, and all that has a side changes it", async () => {
    const sides = (lang) =>
      asVisitor(at(), async (visitor) => {
        const page = await open(visitor, { lang });
        await shown(page, ACCEPT);
        const isLeft = async (one, other) => (await box(page, one)).left < (await box(page, other)).left;
        const banner = await isLeft(REJECT, ACCEPT);
        await click(page, '[data-action="settings"]');
        await shown(page, CONFIRM);
        const row = await isLeft(".name", ".switch");
        await click(page, `dialog ${REJECT}`);
        await shown(page, "button", "portcullis-way-back");
        const button = (await box(page, "button", "portcullis-way-back")).x < 640;
        const hosts = await page.evaluate(() =>
          ["portcullis-ui", "portcullis-way-back"].map((host) => {
            const { dir, lang: tag } = document.querySelector(host);
            return [tag, dir];
          }),
        );
        return { banner, row, button, hosts };
      });
    const all = (value) => ({ banner: value, row: value, button: value });
    const hosts = (tag, dir) => ({ hosts: [tag, tag].map(() => [tag, dir]) });
    assert.deepEqual(await sides("en"), { ...all(true), ...hosts("en", "ltr") });
    assert.deepEqual(await sides("ar"), { ...all(false), ...hosts("ar", "rtl") });
    assert.deepEqual(await sides("he"), { ...all(false), ...hosts("he", "rtl") });
  });

  test("the page's language or the nearest to it, else the browser's in their order, else English", () =>
    asVisitor(at(), async (visitor) => {
      const page = await visitor.page();
      const spoken = [];
      for (const [lang, tags] of LANGUAGES) {
        await page.goto(await serve({ lang, before: speaks(tags) }));
        await shown(page, ACCEPT);
        const tag = await page.evaluate(() => document.querySelector("portcullis-ui").lang);
        spoken.push([lang, tags, tag]);
        const file = new URL(`../../locales/${tag}.json`, import.meta.url);
        const texts = JSON.parse(await readFile(file, "utf8"));
        const said = await page.evaluate(
          (accept) => document.querySelector("portcullis-ui").shadowRoot.querySelector(accept).textContent,
          ACCEPT,
        );
        assert.equal(said, texts["banner.accept"], tag);
      }
      assert.deepEqual(spoken, LANGUAGES);
    }));

  test("the declaration leads to the browsers' controls and to the industry's opt-out, and names our own entries", () =>
    asVisitor(at(), async (visitor) => {
      const BROWSERS = "https://allaboutcookies.org/how-to-manage-cookies";
      for (const [given, links, own] of [
        [{ regime: "opt-in" }, [BROWSERS, "https://www.youronlinechoices.eu/"], ["portcullis.ahead"]],
        [
          { regime: "auto", region: "US-CA" },
          [BROWSERS, "https://optout.aboutads.info/"],
          ["portcullis.ahead", "portcullis.region"],
        ],
        [{ regime: "notice" }, [BROWSERS], ["portcullis.ahead"]],
      ]) {
        const page = await open(visitor, { body: TABLE, ...given });
        await page.waitForFunction(() => window.portcullis.jurisdiction, { timeout: 30_000, polling: 50 });
        await comes(page, "portcullis-declaration", "table");
        const drawn = () =>
          page.evaluate(() => {
            const root = document.querySelector("portcullis-declaration").shadowRoot;
            const names = [...root.querySelectorAll("code")].map(({ textContent }) => textContent);
            return [
              [...root.querySelectorAll(".links a")].map(({ href }) => href),
              names.filter((name) => name.startsWith("portcullis.")),
            ];
          });
        assert.deepEqual(await drawn(), [links, own], JSON.stringify(given));
      }
    }));

  test("California's icon stands beside the settings' button where one opts out, and nowhere else", () =>
    asVisitor(at(), async (visitor) => {
      const icon = async (regime) => {
        const page = await open(visitor, { body: FOOTER, regime });
        await comes(page, "portcullis-settings", "button");
        return page.evaluate(() => {
          const drawn = document.querySelector("portcullis-settings").shadowRoot.querySelector("svg");
          if (!drawn) return null;
          const { width, height } = drawn.getBoundingClientRect();
          const beside = drawn.previousElementSibling.textContent;
          return [beside, drawn.getAttribute("aria-hidden"), width > height && height >= 12];
        });
      };
      assert.deepEqual(await icon("opt-out"), ["Your Privacy Choices", "true", true]);
      assert.equal(await icon("opt-in"), null);
      assert.equal(await icon("notice"), null);
    }));

  test("the browser's signal is read once a page: what changes meanwhile shows on the next one", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const stands = (page) =>
        page.evaluate(() => {
          const { globalPrivacyControl, isSignalHonored, choices } = window.portcullis;
          return [globalPrivacyControl, isSignalHonored, choices.categories.targeting];
        });
      const page = await open(visitor, { regime: "opt-out" });
      await farm.waitFor((entry) => entry.path === "/tr/");
      await page.evaluate(SENDS_SIGNAL);
      assert.equal(await page.evaluate(() => navigator.globalPrivacyControl), true);
      assert.deepEqual(await stands(page), [false, false, true]);
      await page.goto(await serve({ regime: "opt-out", before: SENDS_SIGNAL }));
      await shown(page, ACCEPT);
      assert.deepEqual(await stands(page), [true, true, false]);
    }));

  test("the browser's time zone is sent to nobody", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const says = 'return { ...real.call(this), timeZone: "America/Los_Angeles" };';
      const page = await open(visitor, { regime: "auto", before: zone(says) });
      await shown(page, ACCEPT);
      assert.equal(await page.evaluate(() => window.portcullis.jurisdiction.region), "US");
      await farm.waitFor((entry) => entry.path === "/tr/");
      await click(page, ACCEPT);
      await gone(page, ACCEPT);
      await page.reload();
      await farm.sentinel(page);
      const sent = [...farm.log, ...farm.siteLog].map(({ path, query, headers, body }) =>
        JSON.stringify([path, query, headers, String(body)]),
      );
      assert.ok(sent.length > 10);
      assert.deepEqual(
        sent.filter((text) => /Los.{0,3}Angeles/i.test(text)),
        [],
      );
    }));

  test("a browser that breaks when it is asked for its time zone is under the strictest model", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const page = await open(visitor, { regime: "auto", before: zone('throw new Error("no zone");') });
      await shown(page, ACCEPT);
      const { region, regime } = await page.evaluate(() => window.portcullis.jurisdiction);
      assert.deepEqual([region, regime], ["", "opt-in"]);
      await farm.sentinel(page);
      assert.deepEqual(arrived(farm), []);
      assert.deepEqual(page.problems, []);
    }));

  if (browser !== "chromium") return;

  test("who wants less motion sees none", () =>
    asVisitor(at(), async (visitor) => {
      const moving = async (value) => {
        const page = await visitor.page();
        await page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value }]);
        await page.goto(await serve({ body: FOOTER + TABLE, regime: "opt-in" }));
        await shown(page, ACCEPT);
        await comes(page, "portcullis-declaration", "table");
        const found = () =>
          page.evaluate(() => {
            const hosts = ["portcullis-ui", "portcullis-settings", "portcullis-declaration"];
            const all = hosts.flatMap((host) => [
              ...document.querySelector(host).shadowRoot.querySelectorAll("*"),
            ]);
            const moves = (one) =>
              [undefined, "::before", "::after", "::backdrop"].some((part) => {
                const { transitionDuration, animationName } = getComputedStyle(one, part);
                return /[1-9]/.test(transitionDuration) || animationName !== "none";
              });
            return [...new Set(all.filter(moves).map(({ className }) => className))];
          });
        const banner = await found();
        await click(page, '[data-action="settings"]');
        await shown(page, CONFIRM);
        return [...banner, ...(await found())];
      };
      assert.deepEqual(await moving("reduce"), []);
      // Else they are what there is to switch off.
      assert.ok((await moving("no-preference")).includes("switch"));
    }));

  test("who wants more contrast gets text and lines in the stronger colours", () =>
    asVisitor(at(), async (visitor) => {
      const colours = async (value) => {
        const page = await visitor.page();
        await prefer(page, { "prefers-contrast": value });
        await page.goto(await serve({}));
        await shown(page, ACCEPT);
        const [heading, text] = await styles(page, "color", [".banner h2", ".banner p"]);
        await click(page, '[data-action="settings"]');
        await shown(page, CONFIRM);
        const [line, strong] = await styles(page, "border-top-color", [".cats", ".switch"]);
        return [text === heading, line === strong];
      };
      assert.deepEqual(await colours("more"), [true, true]);
      assert.deepEqual(await colours("no-preference"), [false, false]);
    }));

  test("with scripts switched off there is no interface, and no tag that waits for one runs", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const PIXEL = "plain.example";
      const page = await visitor.page();
      await page.setJavaScriptEnabled(false);
      const body = `<img src="https://${PIXEL}/p.gif" alt="">${FOOTER}`;
      await page.goto(await serve({ head: marked(), body }));
      // What asks for no script arrives: the page and its network work.
      await farm.waitFor(({ host }) => host === PIXEL);
      await pause(500);
      assert.deepEqual(arrived(farm), [`GET ${PIXEL}/p.gif`]);
      const text = await page.content();
      assert.ok(text.includes("<h1>Acme</h1>"));
      assert.ok(!text.includes("portcullis-ui"));
      assert.deepEqual(await page.cookies(), []);
    }));
});
