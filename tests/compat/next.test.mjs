// A Next.js application, built for production: app router, a nonce from its middleware, streamed parts,
// client navigation, a server action. It does the same with Portcullis and without.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { click, gone, shown } from "../browser/harness.mjs";
import { asVisitor, inEachBrowser } from "../browser/suite.mjs";
import { atVendor, serveVendor } from "./compat.mjs";
import { startNext } from "./next-app.mjs";

let next;
before(async () => {
  next = await startNext();
});
after(() => next?.stop());

const text = (page, selector) =>
  page.evaluate((wanted) => document.querySelector(wanted).textContent.replace(/\s+/g, " ").trim(), selector);

/** Waits until an element says this. */
const says = (page, selector, wanted) =>
  page.waitForFunction(
    (where, what) => document.querySelector(where)?.textContent.replace(/\s+/g, " ").trim() === what,
    { timeout: 30_000, polling: 50 },
    selector,
    wanted,
  );

const title = (page) => page.evaluate(() => document.title);
const address = (page) => page.evaluate(() => location.href);

const press = (page, selector) => page.evaluate((wanted) => document.querySelector(wanted).click(), selector);

/** Goes through the application; every line is something that a visitor or a script could tell. */
async function walk(page, lines) {
  const tell = (...parts) => lines.push(parts.map((part) => JSON.stringify(part)).join(" "));
  const pixel = () =>
    page.evaluate(() => {
      const image = document.getElementById("pixel");
      return [image.src, image.getAttribute("src"), image.hasAttribute("src")];
    });
  for (const name of ["outside", "inside"]) {
    await says(page, `#${name}`, `${name} 0`);
    // Until the page is hydrated a press does nothing.
    await page.waitForFunction(
      (id) => {
        const button = document.getElementById(id);
        if (button.textContent.endsWith(" 0")) button.click();
        return button.textContent.endsWith(" 1");
      },
      { timeout: 30_000, polling: 100 },
      name,
    );
  }
  await page.waitForFunction(() => !!document.querySelector("#pixel"));
  tell(
    "home",
    await text(page, "main"),
    await title(page),
    await page.evaluate(() => document.querySelectorAll("body > strong").length),
  );
  tell("pixel", await pixel());
  await press(page, "#again");
  await page.waitForFunction(() => document.getElementById("pixel").src.endsWith("next-2.gif"));
  tell("pixel", await pixel());

  await page.evaluate(() => {
    window.mark = "the same document";
  });
  await press(page, 'a[href="/two"]');
  await says(page, "#streamed", "streamed nothing");
  await page.waitForFunction(() => document.title === "Two | Next");
  tell("two", await text(page, "main"), await title(page), new URL(await address(page)).pathname);
  await press(page, "#other");
  await says(page, "#other", "other 1");
  await press(page, "#send");
  await says(page, "#streamed", "streamed ü");
  tell("sent", await text(page, "main"), new URL(await address(page)).search);
  await page.evaluate(() => history.back());
  await says(page, "#streamed", "streamed nothing");
  await page.evaluate(() => history.back());
  await says(page, "#inside", "inside 0");
  tell("back", await text(page, "main"), await title(page), await page.evaluate(() => window.mark));
}

async function visit(visitor, host, farm) {
  const page = await visitor.page(`https://${host}/`);
  const lines = [JSON.stringify(await page.evaluate(() => window.appeared))];
  await walk(page, lines);
  if (host.startsWith("with.")) {
    await shown(page, '[data-action="accept"]');
    await farm.sentinel(page);
    assert.deepEqual(atVendor(farm), []);
    await click(page, '[data-action="accept"]');
    await gone(page, '[data-action="accept"]');
    // The vendor's own loader, which we insert under the page's policy.
    await page.waitForFunction(() => window.ran?.includes("/loader.js"));
  }
  await page.waitForFunction(() => window.ran?.includes("/next.js"));
  await page.waitForFunction(() => document.getElementById("pixel").naturalWidth === 1);
  await walk(page, lines);
  await page.reload();
  await walk(page, lines);
  await page.waitForFunction(() => window.ran?.includes("/next.js"));
  if (process.env.PORTCULLIS_TRACE) console.log(host, lines, page.problems);
  return { lines, problems: page.problems };
}

inEachBrowser("Next.js", (at) => {
  test("streams, hydrates and navigates, all the same", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      serveVendor(farm);
      for (const host of ["with.acme.example", "without.acme.example"]) farm.site(host, next.serve);
      const bare = await visit(visitor, "without.acme.example", farm);
      farm.siteLog.length = 0;
      const gated = await visit(visitor, "with.acme.example", farm);
      assert.deepEqual(gated.lines, bare.lines);
      assert.deepEqual(gated.problems, bare.problems);
      assert.deepEqual(bare.problems, []);
      assert.equal(bare.lines[0], '["waiting","streamed"]');
    }));
});
