// Pictures of the interface in every state that is checked by eye, in dist/screenshots, and the two of the
// README, in docs/images: `npm run screenshots`.

import { mkdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { click, launch, shown } from "../browser/harness.mjs";
import { config, html, ORIGIN, startSite } from "../browser/site.mjs";
import { startDemo } from "../farm/demo.mjs";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const OUT = path.join(ROOT, "dist/screenshots");

const STATES = {
  desktop: {},
  dark: { interface: { scheme: "dark" } },
  narrow: { viewport: { width: 320, height: 640 } },
  small: { viewport: { width: 320, height: 256 } },
  rtl: { interface: { language: "ar" } },
  german: { interface: { language: "de" } },
  "opt-out": { regime: "opt-out" },
};

/** Chevrons and switches have come to rest. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 400));

const farm = await startSite();
await mkdir(OUT, { recursive: true });
for (const name of ["chromium", "firefox"]) {
  const browser = await launch(name, farm);
  for (const [state, { viewport, ...more }] of Object.entries(STATES)) {
    const visitor = await browser.newVisitor({ viewport: viewport ?? { width: 1280, height: 860 } });
    const lang = more.interface?.language ?? "en";
    farm.page(`${ORIGIN}/${state}`, html({ config: await config(undefined, more), lang }));
    const page = await visitor.page(`${ORIGIN}/${state}`);
    await shown(page, ".banner");
    await page.screenshot({ path: path.join(OUT, `banner-${state}-${name}.png`) });
    await click(page, '[data-action="settings"]');
    await shown(page, '[data-action="confirm"]');
    await page.screenshot({ path: path.join(OUT, `preferences-${state}-${name}.png`) });
    await click(page, '[data-action="open"][data-id="performance"]');
    await click(page, '[data-category="performance"]');
    await click(page, '[data-action="open"][data-id="targeting"]');
    await click(page, '[data-action="vendors"][data-id="targeting"]');
    await click(page, '[data-vendor="meta-pixel"]');
    await click(page, '[data-action="details"][data-id="meta-pixel"]');
    await settled();
    await page.screenshot({ path: path.join(OUT, `preferences-open-${state}-${name}.png`) });
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
