// Every state of the interface, in every look, in every engine: nothing that axe finds, every target large enough,
// nothing running over its box.

import assert from "node:assert/strict";
import { test } from "node:test";
import { findings } from "./axe.mjs";
import { click, gone, prefer, shown } from "./harness.mjs";
import { config, html, ORIGIN, SIGNAL, VENDORS } from "./site.mjs";
import { asVisitor, inEachBrowser } from "./suite.mjs";

const LOOKS = {
  light: { interface: { scheme: "light" } },
  dark: { interface: { scheme: "dark" } },
  "right to left": { interface: { language: "ar" }, lang: "ar" },
  "320 px": { viewport: { width: 320, height: 640 } },
  "320 × 256": { viewport: { width: 320, height: 256 } },
  "forced colours": { media: { "forced-colors": "active" } },
};

const SETTINGS = '[data-action="settings"]';
const CONFIRM = '[data-action="confirm"]';

const META = VENDORS.find(({ use }) => use === "meta-pixel");

/** Vendors, the first with a legitimate interest, and one whose frame stands in the page. */
const ALL = [
  { ...META, bases: ["consent", "legitimate-interest"] },
  ...VENDORS.filter((vendor) => vendor !== META),
  {
    id: "video",
    name: "Video",
    company: "Video Ltd",
    category: "functional",
    hosts: ["video.example"],
    retention: "P13M",
  },
];

const BODY = `<h2>Film</h2><iframe title="A film" data-vendor="video" data-kind="video" data-src="https://video.example/film" width="280" height="240"></iframe>
  <portcullis-declaration></portcullis-declaration><footer><portcullis-settings></portcullis-settings></footer>`;

/** What states there are, in an order in which one leads to the next. */
const STATES = [
  ["banner", (page) => shown(page, '[data-action="accept"]')],
  [
    "placeholder, declaration and settings of the page",
    (page) =>
      page.waitForFunction(
        () =>
          document.querySelector("iframe").contentDocument?.querySelector("strong") &&
          document.querySelector("portcullis-declaration").shadowRoot?.querySelector("table") &&
          document.querySelector("portcullis-settings").shadowRoot?.querySelector("button"),
        { timeout: 30_000, polling: 50 },
      ),
  ],
  [
    "preference centre",
    async (page) => {
      await click(page, SETTINGS);
      await shown(page, CONFIRM);
    },
  ],
  [
    "a category open, one switched on",
    async (page) => {
      await click(page, '[data-action="open"][data-id="targeting"]');
      await click(page, '[data-category="performance"]');
    },
  ],
  [
    "vendor list",
    async (page) => {
      await click(page, '[data-action="vendors"][data-id=""]');
      await shown(page, ".row");
    },
  ],
  [
    "a vendor open, one switched on",
    async (page) => {
      await click(page, '[data-action="details"][data-id="meta-pixel"]');
      await click(page, '[data-vendor="meta-pixel"]');
    },
  ],
  ["filter open", (page) => click(page, '[data-action="filter"]')],
  [
    "nothing found",
    async (page) => {
      await page.evaluate(() => {
        const field = document.querySelector("portcullis-ui").shadowRoot.querySelector("[data-search]");
        field.value = "nobody";
        field.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
      });
    },
  ],
  [
    "report of a withdrawal, and the way back",
    async (page) => {
      await click(page, '[data-action="back"]');
      await click(page, '[data-action="accept"]');
      await gone(page, CONFIRM);
      await shown(page, "button", "portcullis-way-back");
      await click(page, "button", "portcullis-way-back");
      await shown(page, CONFIRM);
      await click(page, '[data-action="reject"]');
      await shown(page, ".report");
    },
  ],
];

/** Banners of other kinds. */
const BANNERS = {
  "opt-out, the browser's signal on": { regime: "opt-out", gpc: true },
  notice: { regime: "notice" },
  "closed by a button, in a corner": { interface: { close: true, banner: "corner" } },
  "in the middle": { interface: { banner: "dialog" } },
  "on top": { interface: { banner: "top" } },
};

/** Controls of ours smaller than 24 by 24 CSS pixels that are no links in running text (WCAG 2.2, 2.5.8), and what runs over. */
const misfits = (page) =>
  page.evaluate(() => {
    const root = document.querySelector("portcullis-ui").shadowRoot;
    const found = [];
    for (const one of root.querySelectorAll("button, input, .links a, .fine a")) {
      if (!one.getClientRects().length) continue;
      const { width, height } = one.getBoundingClientRect();
      // What a label holds is pressed with its label.
      const target = one.closest("label")?.getBoundingClientRect() ?? { width, height };
      if (target.width < 24 || target.height < 24)
        found.push(`${one.outerHTML.slice(0, 90)} ${width} × ${height}`);
    }
    const banner = root.querySelector(".banner:not(.report)")?.getBoundingClientRect().height ?? 0;
    if (innerWidth > 900 && banner > innerHeight / 2) found.push(`the banner is ${banner} high`);
    for (const one of root.querySelectorAll(".banner, dialog, .body")) {
      if (one.scrollWidth > one.clientWidth + 1) found.push(`${one.className} runs over`);
    }
    return found;
  });

inEachBrowser("axe", (at, engine) => {
  for (const [look, { viewport, lang, media, ...more }] of Object.entries(LOOKS)) {
    // WebKitGTK has no forced colours, and Firefox takes them from the system alone.
    if (media && engine !== "chromium") continue;
    test(`nothing to find in any state: ${look}`, () =>
      asVisitor(at(), async (visitor) => {
        const { farm } = at();
        const url = `${ORIGIN}/axe-${look.replace(/\W+/g, "-")}`;
        farm.page(url, html({ config: await config(ALL, more), body: BODY, lang }));
        const page = await visitor.page(media ? "about:blank" : url, viewport && { viewport });
        if (media) {
          await prefer(page, media);
          await page.goto(url);
        }
        for (const [state, reach] of STATES) {
          await reach(page);
          assert.deepEqual(await findings(page), [], state);
          assert.deepEqual(await misfits(page), [], state);
        }
        assert.deepEqual(page.problems, []);
      }));
  }

  test("nothing to find in any banner", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      for (const [kind, { gpc, ...more }] of Object.entries(BANNERS)) {
        const head = gpc ? SIGNAL : "";
        const url = `${ORIGIN}/banner-${kind.replace(/\W+/g, "-")}`;
        const text = html({ config: await config(VENDORS, more) });
        farm.page(url, text.replace("<head>", `<head>${head}`));
        const page = await visitor.page(url);
        await shown(page, '[data-action="accept"]');
        assert.deepEqual(await findings(page), [], kind);
        assert.deepEqual(await misfits(page), [], kind);
        await page.close();
      }
    }));
});
