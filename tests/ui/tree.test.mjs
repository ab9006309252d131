// What a screen reader is told: the accessibility tree of each state as Chromium has it, kept as files, and what is
// announced. `UPDATE_GOLDEN=1 node --test tests/ui/tree.test.mjs` writes them anew.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { click, gone, shown } from "../browser/harness.mjs";
import { inEachBrowser } from "./page.mjs";

const FOLDER = path.join(path.dirname(fileURLToPath(import.meta.url)), "golden");
const SETTINGS = '[data-action="settings"]';
const CONFIRM = '[data-action="confirm"]';

/** A tree as lines: role, name, and what else is said. */
function lines({ role, name, children = [], ...more }, depth = 0) {
  const states = ["checked", "expanded", "disabled", "modal", "level", "description"]
    .filter((key) => more[key] !== undefined)
    .map((key) => ` ${key}=${more[key]}`)
    .join("");
  const own = `${"  ".repeat(depth)}${role}${name ? ` "${name}"` : ""}${states}`;
  return [own, ...children.flatMap((child) => lines(child, depth + 1))];
}

async function matches(page, name) {
  const tree = await page.accessibility.snapshot({ interestingOnly: true });
  // The page's own is not ours to keep.
  const ours = tree.children.filter(({ role }) => role !== "main");
  const text = `${ours.flatMap((child) => lines(child)).join("\n")}\n`;
  const file = path.join(FOLDER, `${name}.txt`);
  if (process.env.UPDATE_GOLDEN) await writeFile(file, text);
  assert.equal(text, await readFile(file, "utf8").catch(() => ""), name);
}

inEachBrowser("tree", (open, browser) => {
  test("it is said that a banner has come, and after a choice that it is saved", async () => {
    const page = await open();
    await shown(page, '[data-action="accept"]');
    const place = await page.evaluate(() => window.saidAtFirst);
    assert.deepEqual(place, ["status", ""], "the place is there before, or nobody hears it");
    const says = (text) =>
      page.waitForFunction(
        (wanted) =>
          document.querySelector("portcullis-ui").shadowRoot.querySelector("[data-slot=status]")
            .textContent === wanted,
        { timeout: 30_000, polling: 50 },
        text,
      );
    await says("You decide what we may store");
    await click(page, '[data-action="accept"]');
    await gone(page, '[data-action="accept"]');
    await says("Your choice is saved.");
  });

  if (browser !== "chromium") return;

  test("roles, names and states of everything that is shown", async () => {
    const page = await open({ wayBack: true });
    await shown(page, '[data-action="accept"]');
    await matches(page, "banner");
    await click(page, SETTINGS);
    await shown(page, CONFIRM);
    await click(page, '[data-action="open"][data-id="performance"]');
    await click(page, '[data-category="performance"]');
    await matches(page, "preferences");
    await click(page, '[data-action="vendors"][data-id=""]');
    await shown(page, '[data-action="details"][data-id="box"]');
    await click(page, '[data-action="details"][data-id="stats"]');
    await click(page, '[data-vendor="heat"]');
    await click(page, '[data-action="filter"]');
    await matches(page, "vendors");
    await click(page, '[data-action="back"]');
    await matches(page, "preferences-mixed");
    await page.keyboard.press("Escape");
    for (const [name, consent] of [
      ["banner-opt-out", { regime: "opt-out", gpc: true, link: "sell" }],
      ["banner-notice", { regime: "notice" }],
      ["banner-new", { pending: { why: "new", vendors: ["chat", "ads"] } }],
      ["banner-close", { config: { interface: { close: true } } }],
    ]) {
      const other = await open({ consent });
      await shown(other, '[data-action="accept"]');
      await matches(other, name);
      await other.close();
    }
  });

  test("the report of a withdrawal", async () => {
    const left = [{ name: "ads", why: "third-party" }];
    const report = {
      vendors: [{ id: "ads", wasRunning: true, erased: ["_ads"], left, resumes: "next-page" }],
    };
    const page = await open({ consent: { report, granted: ["ads"] }, wayBack: true });
    await click(page, SETTINGS);
    await shown(page, CONFIRM);
    await click(page, '[data-action="reject"]');
    await shown(page, ".report");
    await matches(page, "report");
  });
});
