// The playground of the demonstration: what is picked is seen at once, and what is taken home is valid and
// looks the same on a site of one's own.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { enginesOf } from "../engines.mjs";
import { startDemo } from "../farm/demo.mjs";
import { findings } from "./axe.mjs";
import { isPuppeteers, shown } from "./harness.mjs";
import { behindFarm, cleanSite, withoutFarm } from "./pool.mjs";
import { html, ORIGIN, config as resolved } from "./site.mjs";
import { asVisitor } from "./suite.mjs";
import { loadTools } from "./tools.mjs";

const WIDE = { width: 1280, height: 860 };
const NARROW = { width: 320, height: 640 };
const SLOW = { timeout: 30_000, polling: 50 };

/** The banner that a document shows: its words, buttons, place and colours. */
const banner = (frame) =>
  frame.evaluate(() => {
    const root = document.querySelector("portcullis-ui").shadowRoot;
    const section = root.querySelector(".banner");
    const accept = section.querySelector('[data-action="accept"]');
    const look = (element) => {
      const { backgroundColor, color, borderRadius, fontFamily } = getComputedStyle(element);
      return { backgroundColor, color, borderRadius, fontFamily };
    };
    return {
      language: root.host.lang,
      layout: section.dataset.layout,
      words: [...section.querySelectorAll("h2, p, a")].map(({ textContent }) => textContent),
      notice: section.querySelector("a")?.getAttribute("href") ?? null,
      buttons: [...section.querySelectorAll("button")].map((button) => [
        button.dataset.action,
        button.textContent || button.getAttribute("aria-label"),
      ]),
      accept: look(accept),
      surface: look(section),
    };
  });

const preview = (page) => page.frames().find((frame) => frame.url().includes("/playground-preview.html"));

/** The banner in the preview, once it is as `wanted`; each change loads the preview anew. */
async function previewed(page, wanted) {
  let last;
  for (const until = Date.now() + 30_000; Date.now() < until; ) {
    try {
      last = await banner(preview(page));
      if (wanted(last)) return last;
    } catch {
      // Between two documents, or not drawn yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the preview shows ${JSON.stringify(last)}`);
}

const labels = (drawn, action) => drawn.buttons.filter(([of]) => of === action).map(([, label]) => label);
const says = (page, words) =>
  previewed(page, (drawn) => drawn.words.concat(drawn.buttons.flat()).some((text) => text.includes(words)));

/** Sets a control as a person does: what listens hears it. */
const set = (page, id, value) =>
  page.evaluate(
    (of, to) => {
      const control = document.getElementById(of);
      if (typeof to === "boolean") {
        if (control.checked !== to) control.click();
        return;
      }
      control.value = to;
      control.dispatchEvent(new Event("input", { bubbles: true }));
    },
    id,
    value,
  );

const output = (page, id) => page.evaluate((of) => document.getElementById(of).value, id);

/** The config that is offered, once it holds these words. */
async function offered(page, words) {
  await page.waitForFunction(
    (wanted) => document.getElementById("config").value.includes(wanted),
    SLOW,
    words,
  );
  return output(page, "config");
}

/** Everything that a person can pick, filled in so that nothing is left to do. */
const PICKED = {
  "site.name": "Brass & <Copper>",
  "site.cookieNotice": "/notice#cookies",
  "vendors.google-analytics.measurementId": "G-ABC1234567",
  "vendors.meta-pixel.pixelId": "123456789012345",
  "vendors.google-tag-manager.use": true,
  "vendors.google-tag-manager.containerId": "GTM-ABC123",
  "vendors.google-tag-manager.carries": true,
  unclassified: "hold",
  "interface.banner": "corner",
  "interface.close": true,
  "interface.wayBack": false,
  "interface.language": "de",
  "interface.scheme": "light",
  "interface.theme.accent": "#7a1f5c",
  "interface.theme.accent-ink": "#fff4fb",
  "interface.theme.surface": "#fffaf0",
  "interface.theme.dark-accent": "#ffb3e2",
  "interface.theme.radius": "3px",
  "banner.title": "Darf es ein Keks sein?",
  "banner.accept": "Her damit",
};

async function pickAll(page, picks = PICKED) {
  for (const [id, value] of Object.entries(picks)) await set(page, id, value);
  return offered(page, "Her damit");
}

for (const name of enginesOf("playground").filter(isPuppeteers)) {
  describe(`playground (${name})`, () => {
    let demo;
    let farm;
    let browser;
    let elsewhere;
    before(async () => {
      demo = await startDemo({ port: 0 });
      browser = await withoutFarm(name);
      farm = await cleanSite();
      elsewhere = await behindFarm(name);
    });
    after(() => demo?.stop());

    async function open(visitor, viewport = WIDE) {
      const page = await visitor.page(null, { viewport });
      page.asked = [];
      page.on("request", (request) => page.asked.push(request.url()));
      await page.goto(`http://havelock.localhost:${demo.farm.port}/playground.html`, { waitUntil: "load" });
      await says(page, "Acme and 2 partners");
      return page;
    }
    const visiting = (steps, viewport) =>
      asVisitor({ browser }, async (visitor) => {
        const page = await open(visitor, viewport);
        await steps(page, visitor);
        // On this host the preview's own Portcullis says in the console what the playground lists.
        const problems = page.problems.filter(
          (text) => !text.startsWith("portcullis: the config has problems"),
        );
        assert.deepEqual(problems, []);
        const others = page.asked.filter((url) => !/^(data|blob):|^http:\/\/havelock\.localhost:/.test(url));
        assert.deepEqual(others, [], "nobody else is contacted");
      });

    test("what is picked changes the banner in the preview", () =>
      visiting(async (page) => {
        await set(page, "vendors.x-ads.use", true);
        await says(page, "3 partners");
        await set(page, "vendors.x-ads.use", false);
        await says(page, "2 partners");
        await set(page, "site.name", "Brass");
        await says(page, "Brass and 2 partners");
        await set(page, "banner.accept", "Go ahead");
        assert.deepEqual(labels(await says(page, "Go ahead"), "accept"), ["Go ahead"]);
        for (const layout of ["top", "corner", "dialog", "bottom"]) {
          await set(page, "interface.banner", layout);
          await previewed(page, (drawn) => drawn.layout === layout);
        }
        await set(page, "interface.scheme", "light");
        await set(page, "interface.theme.accent", "#7a1f5c");
        await previewed(page, ({ accept }) => accept.backgroundColor === "rgb(122, 31, 92)");
        await set(page, "interface.scheme", "dark");
        await set(page, "interface.theme.dark-surface", "#101820");
        await previewed(page, ({ surface }) => surface.backgroundColor === "rgb(16, 24, 32)");
        await set(page, "interface.close", true);
        await says(page, "Close and Reject All");
        await set(page, "interface.language", "fr");
        await previewed(page, (drawn) => drawn.language === "fr");
        await set(page, "interface.language", "auto");
        await says(page, "Go ahead");
      }));

    test("each legal model shows its own banner, and a region that of its law", () =>
      visiting(async (page) => {
        await set(page, "regime", "opt-out");
        await says(page, "Do Not Sell or Share");
        await set(page, "regime", "notice");
        await says(page, "How this site uses cookies");
        await set(page, "regime", "auto");
        await set(page, "region", "DE");
        await says(page, "Accept All Cookies");
        await set(page, "region", "US-CA");
        await says(page, "Do Not Sell or Share");
        const config = JSON.parse(await offered(page, "auto"));
        assert.equal(config.regime, "auto");
        assert.equal(config.region, undefined, "where one visitor is belongs into no file");
      }));

    test("the colours that the form begins with are those of the library", () =>
      visiting(async (page) => {
        for (const scheme of ["light", "dark"]) {
          await set(page, "interface.scheme", scheme);
          await page.waitForFunction(
            (wanted) =>
              document.getElementById("preview").contentDocument.querySelector("portcullis-ui")?.dataset
                .scheme === wanted,
            SLOW,
            scheme,
          );
          const drawn = await previewed(page, () => true);
          const prefix = scheme === "dark" ? "interface.theme.dark-" : "interface.theme.";
          const begins = await page.evaluate((of) => {
            const probe = document.body.appendChild(document.createElement("i"));
            const colour = (property) => {
              probe.style.color = document.getElementById(of + property).defaultValue;
              return getComputedStyle(probe).color;
            };
            return ["accent", "accent-ink", "surface", "ink"].map(colour);
          }, prefix);
          const { accept, surface } = drawn;
          assert.deepEqual(
            [accept.backgroundColor, accept.color, surface.backgroundColor, surface.color],
            begins,
            scheme,
          );
        }
      }));

    test("the buttons show the banner, the preference centre and the vendor list, and leave the focus", () =>
      visiting(async (page) => {
        await page.click('[data-view="preferences"]');
        await shown(preview(page), "dialog [data-action=confirm]");
        await page.click('[data-view="vendors"]');
        await shown(preview(page), "dialog [data-search]");

        // Whoever types here goes on typing, though a dialog opens in the preview.
        await page.evaluate(() => {
          window.drawn = 0;
          addEventListener("message", () => {
            window.drawn++;
          });
        });
        await page.focus("[id='site.name']");
        await set(page, "site.name", "Acme One");
        await page.waitForFunction(() => window.drawn > 0, SLOW);
        await shown(preview(page), "dialog [data-search]");
        await page.keyboard.type(" Two");
        assert.equal(await output(page, "site.name"), "Acme One Two");

        await page.click('[data-view="banner"]');
        await says(page, "2 partners");
        await shown(preview(page), "[data-action=accept]");
      }));

    test("an answer in the preview is forgotten, and the site's own is left alone", () =>
      visiting(async (page) => {
        // With their ids, both would start on a site of one's own.
        await set(page, "vendors.google-analytics.measurementId", "G-ABC1234567");
        await set(page, "vendors.meta-pixel.pixelId", "123456789012345");
        await set(page, "site.name", "Brass");
        await says(page, "Brass and 2 partners");
        const before = await page.evaluate(() => {
          // biome-ignore lint/suspicious/noDocumentCookie: as the site's own banner writes it
          document.cookie = "portcullis=kept; Path=/";
          return document.cookie;
        });
        await preview(page).evaluate(() =>
          document.querySelector("portcullis-ui").shadowRoot.querySelector('[data-action="accept"]').click(),
        );
        await preview(page).waitForFunction(() => !!document.querySelector("portcullis-way-back"), SLOW);
        assert.equal(await page.evaluate(() => document.cookie), before);
        await page.click('[data-view="banner"]');
        await shown(preview(page), "[data-action=accept]");
        assert.deepEqual(demo.farm.log, [], "no vendor has started");
      }));

    test("the config leaves out what is default, and passes validate without an issue", () =>
      visiting(async (page) => {
        const { validate } = await loadTools();
        assert.deepEqual(JSON.parse(await offered(page, "meta-pixel")), {
          $schema: "./node_modules/portcullis/schema.json",
          site: { name: "Acme" },
          vendors: [{ use: "google-analytics" }, { use: "meta-pixel" }],
        });
        const file = await pickAll(page);
        assert.deepEqual(validate(file), []);
        assert.deepEqual(JSON.parse(file), {
          $schema: "./node_modules/portcullis/schema.json",
          site: { name: "Brass & <Copper>", cookieNotice: "/notice#cookies" },
          unclassified: "hold",
          interface: {
            banner: "corner",
            language: "de",
            scheme: "light",
            close: true,
            wayBack: false,
            theme: {
              radius: "3px",
              accent: "#7a1f5c",
              "accent-ink": "#fff4fb",
              surface: "#fffaf0",
              "dark-accent": "#ffb3e2",
            },
            texts: { de: { "banner.title": "Darf es ein Keks sein?", "banner.accept": "Her damit" } },
          },
          vendors: [
            { use: "google-analytics", measurementId: "G-ABC1234567" },
            { use: "google-tag-manager", containerId: "GTM-ABC123", carries: ["performance"] },
            { use: "meta-pixel", pixelId: "123456789012345" },
          ],
        });
        assert.match(await page.evaluate(() => document.getElementById("verdict").textContent), /complete/);
        const downloaded = await page.evaluate(async () =>
          decodeURIComponent(document.getElementById("download").href.split(",")[1]),
        );
        assert.equal(downloaded, file);
      }));

    test("problems are those of validate, each with a way to its field", () =>
      visiting(async (page) => {
        const problems = () =>
          page.evaluate(() =>
            [...document.querySelectorAll("#problems li")].map(({ textContent }) => textContent),
          );
        const { validate } = await loadTools();
        const found = async () => {
          const issues = validate(await output(page, "config"));
          const listed = await problems();
          assert.equal(listed.length, issues.length);
          for (const [at, { path, problem }] of issues.entries())
            assert.ok(listed[at].startsWith(`${path}: ${problem}`), listed[at]);
          return issues.map(({ path }) => path);
        };
        assert.deepEqual(await found(), ["vendors[0].measurementId", "vendors[1].pixelId"]);
        await page.click("#problems li:last-child a");
        const active = await page.evaluate(() => [
          document.activeElement.id,
          document.activeElement.getAttribute("aria-invalid"),
        ]);
        assert.deepEqual(active, ["vendors.meta-pixel.pixelId", "true"]);
        await page.keyboard.type("123456789012345");
        await offered(page, "123456789012345");
        assert.deepEqual(await found(), ["vendors[0].measurementId"]);
        await set(page, "interface.theme.dark-accent", "#171a22");
        await offered(page, "#171a22");
        assert.ok((await found()).includes("interface.theme.dark-accent"));
        await page.click('#problems a[href="#interface.theme.dark-accent"]');
        assert.equal(await page.evaluate(() => document.activeElement.id), "interface.theme.dark-accent");
      }));

    test("it behaves the same when installed: by the file, and by the snippet", () =>
      visiting(async (page) => {
        const file = await pickAll(page);
        const expected = await says(page, "Her damit");
        assert.equal(expected.layout, "corner");
        const snippet = await output(page, "snippet");
        assert.doesNotMatch(snippet.split("</script>")[0], /<Copper>/, "nothing ends the JSON early");

        const { $schema, vendors, ...rest } = JSON.parse(file);
        const byFile = html({ config: await resolved(vendors, rest) });
        const lines = snippet.replace("/portcullis/portcullis.js", "/pkg/portcullis.js");
        const bySnippet = `<!doctype html><html lang="en"><head><meta charset="utf-8">${lines}</head><body></body></html>`;
        for (const [way, body] of Object.entries({ byFile, bySnippet })) {
          farm.page(`${ORIGIN}/${way}`, body);
          await asVisitor({ browser: elsewhere }, async (visitor) => {
            const installed = await visitor.page(`${ORIGIN}/${way}`);
            await shown(installed, '[data-action="accept"]');
            assert.deepEqual(await banner(installed), expected, way);
          });
        }
      }));

    test("copying says what became of it", () =>
      visiting(async (page) => {
        for (const id of ["config", "snippet"]) {
          await page.click(`[data-copy="${id}"]`);
          await page.waitForFunction((of) => document.getElementById(`${of}-copied`).textContent, SLOW, id);
        }
        // Where the browser keeps the clipboard to itself, the text is selected.
        await page.evaluate(() => {
          Object.defineProperty(navigator, "clipboard", { value: undefined });
        });
        await page.click('[data-copy="config"]');
        await page.waitForFunction(
          () => document.getElementById("config-copied").textContent.startsWith("Selected"),
          SLOW,
        );
        const [start, end, all] = await page.evaluate(() => {
          const { selectionStart, selectionEnd, value } = document.getElementById("config");
          return [selectionStart, selectionEnd, value.length];
        });
        assert.deepEqual([start, end], [0, all]);
      }));

    for (const viewport of [WIDE, NARROW])
      test(`axe finds nothing, and nothing scrolls sideways, at ${viewport.width} px`, () =>
        visiting(async (page) => {
          await page.evaluate(() => {
            for (const folded of document.querySelectorAll("details")) folded.open = true;
          });
          await set(page, "vendors.google-tag-manager.use", true);
          await set(page, "regime", "auto");
          await offered(page, "google-tag-manager");
          assert.deepEqual(await findings(page), []);
          assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
        }, viewport));

    test("axe finds nothing on the preview's page", () =>
      visiting(async (page) => {
        await page.goto(page.url().replace("playground", "playground-preview"), { waitUntil: "load" });
        await shown(page, "[data-action=accept]");
        assert.deepEqual(await findings(page), []);
      }));
  });
}
