// Pictures of the interface in every state that is checked by eye, in dist/screenshots, and the two of the
// README, in docs/images: `npm run screenshots`.

import { mkdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { click, gone, launch, shown } from "../browser/harness.mjs";
import { config, html, ORIGIN, startSite, VENDORS } from "../browser/site.mjs";
import { startDemo } from "../farm/demo.mjs";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const OUT = path.join(ROOT, "dist/screenshots");

const STATES = {
  desktop: {},
  dark: { interface: { scheme: "dark" } },
  narrow: { viewport: { width: 320, height: 640 } },
  small: { viewport: { width: 320, height: 256 } },
  landscape: { viewport: { width: 844, height: 390 } },
  top: { interface: { banner: "top" } },
  corner: { interface: { banner: "corner", close: true } },
  dialog: { interface: { banner: "dialog" } },
  "opt-out": { regime: "opt-out" },
  notice: { regime: "notice" },
  // Five scripts: Latin, Cyrillic, CJK, Arabic (right to left), Thai.
  de: { interface: { language: "de" } },
  ru: { interface: { language: "ru" } },
  ja: { interface: { language: "ja" } },
  ar: { interface: { language: "ar" } },
  th: { interface: { language: "th" } },
};

/** What stands in the page itself. */
const BODY = `<iframe title="A film" data-vendor="video" data-kind="video" data-src="https://video.example/film" width="640" height="360"></iframe>
<portcullis-declaration></portcullis-declaration><footer><portcullis-settings></portcullis-settings></footer>`;
const ALL = [
  ...VENDORS.map((vendor) =>
    vendor.use === "meta-pixel" ? { ...vendor, bases: ["consent", "legitimate-interest"] } : vendor,
  ),
  {
    id: "video",
    name: "Video",
    company: "Video Ltd",
    country: "IE",
    category: "functional",
    hosts: ["video.example"],
  },
];

/** Chevrons and switches have come to rest. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 400));

const farm = await startSite();
await mkdir(OUT, { recursive: true });
for (const name of ["chromium", "firefox"]) {
  const browser = await launch(name, farm);
  for (const [state, { viewport, ...more }] of Object.entries(STATES)) {
    const visitor = await browser.newVisitor({ viewport: viewport ?? { width: 1280, height: 860 } });
    const lang = more.interface?.language ?? "en";
    const body = state === "desktop" || state === "ar" ? BODY : "";
    farm.page(`${ORIGIN}/${state}`, html({ config: await config(ALL, more), lang, body }));
    const page = await visitor.page(`${ORIGIN}/${state}`);
    const shot = async (part, more = {}) => {
      await settled();
      await page.screenshot({ path: path.join(OUT, `${part}-${state}-${name}.png`), ...more });
    };
    await shown(page, ".banner");
    await shot("banner");
    await click(page, '[data-action="settings"]');
    await shown(page, '[data-action="confirm"]');
    await shot("preferences");
    await click(page, '[data-action="open"][data-id="performance"]');
    await click(page, '[data-category="performance"]');
    await click(page, '[data-action="open"][data-id="targeting"]');
    await shot("preferences-open");
    await click(page, '[data-action="vendors"][data-id=""]');
    await shown(page, ".row");
    await shot("vendors");
    await click(page, '[data-vendor="google-analytics"]');
    await click(page, '[data-action="details"][data-id="google-analytics"]');
    await shot("vendors-open");
    await click(page, '[data-action="filter"]');
    await shot("vendors-filter");
    await click(page, '[data-action="back"]');
    await click(page, '[data-action="accept"]');
    await gone(page, '[data-action="confirm"]');
    await page.evaluate(() => window.portcullis.openPreferences());
    await click(page, '[data-action="reject"]');
    await shown(page, ".report");
    await shot("report");
    if (body) {
      await click(page, '.report [data-action="close"]');
      await shot("page", { fullPage: true });
    }
    await visitor.close();
  }
  await browser.close();
}
await farm.stop();

// The README shows the demonstration, as a person sees it.
const demo = await startDemo();
const browser = await launch("chromium", null);
const visitor = await browser.newVisitor({ viewport: { width: 1200, height: 760 } });
const page = await visitor.page(demo.address);
await shown(page, ".banner");
await page.screenshot({ path: path.join(ROOT, "docs/images/banner.png") });
await click(page, '[data-action="settings"]');
await click(page, '[data-action="open"][data-id="performance"]');
await page.mouse.move(0, 0);
await settled();
await page.screenshot({ path: path.join(ROOT, "docs/images/preferences.png") });
await browser.close();
await demo.stop();
console.log(`pictures in ${path.relative(process.cwd(), OUT)}`);
