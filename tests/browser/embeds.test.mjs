// Embeds that wait: what stands in their place, what each way to load them sends, and back again. What arrived at
// the provider's server is the witness.

import assert from "node:assert/strict";
import { test } from "node:test";
import { findings } from "./axe.mjs";
import { click, shown } from "./harness.mjs";
import { config, html, ORIGIN } from "./site.mjs";
import { asVisitor, inEachBrowser } from "./suite.mjs";

const HOST = "video.example";
const VENDORS = [
  {
    id: "video",
    name: "Video",
    company: "Video Ltd",
    category: "functional",
    hosts: [HOST],
  },
  { id: "feed", name: "Feed", category: "social", hosts: ["feed.example"] },
];
const FRAME = `https://${HOST}/embed`;

const MARKED = `<iframe id="embed" title="A film" data-vendor="video" data-kind="video" data-src="${FRAME}" width="640" height="360"></iframe>`;
const FOUND = `<script>
  const frame = document.createElement("iframe");
  Object.assign(frame, { id: "embed", title: "A film", src: "${FRAME}", width: 640, height: 360 });
  frame.dataset.kind = "video";
  document.querySelector("main").append(frame);
</script>`;

inEachBrowser("embeds", (at, browser) => {
  const open = async (visitor, body, { more = {}, head = "" } = {}) => {
    const { farm } = at();
    farm.site(HOST, () => ({ headers: { "content-type": "text/html" }, body: "<title>film</title>film" }));
    farm.page(`${ORIGIN}/embeds`, html({ config: await config(VENDORS, more), head, body: body + AFTER }));
    const page = await visitor.page(`${ORIGIN}/embeds`);
    await shown(page, '[data-action="accept"]');
    return page;
  };
  const AFTER = '<p id="after">After</p>';
  /** What is in the frame: the words of the placeholder, or nothing that the page may see. */
  const inside = (page) =>
    page.evaluate(() => {
      const frame = document.querySelector("#embed");
      return frame.contentDocument ? frame.contentDocument.body.textContent : "another's";
    });
  const waits = (page) =>
    page.waitForFunction(
      () =>
        document
          .querySelector("#embed")
          .contentDocument?.querySelector('[data-action="always"], [data-action="allow"]'),
      { timeout: 30_000, polling: 50 },
    );
  const box = (page) =>
    page.evaluate(() =>
      ["#embed", "#after"].flatMap((selector) => {
        const { left, top, width, height } = document.querySelector(selector).getBoundingClientRect();
        return [left, top, width, height];
      }),
    );
  const asked = (farm) => farm.siteLog.filter(({ host }) => host === HOST).map(({ path }) => path);
  const arrives = async (farm, count) => {
    for (let n = 0; n < 100 && asked(farm).length < count; n++)
      await new Promise((wait) => setTimeout(wait, 100));
    assert.equal(asked(farm).length, count, asked(farm).join());
  };
  /** Presses a button in the frame, as a person does. */
  const press = async (page, action) => {
    const point = await page.evaluate((wanted) => {
      const frame = document.querySelector("#embed");
      frame.scrollIntoView({ block: "start" });
      const outer = frame.getBoundingClientRect();
      const inner = frame.contentDocument.querySelector(`[data-action="${wanted}"]`).getBoundingClientRect();
      return { x: outer.left + inner.left + inner.width / 2, y: outer.top + inner.top + inner.height / 2 };
    }, action);
    await page.mouse.click(point.x, point.y);
  };

  for (const [came, body] of [
    ["marked in the HTML", MARKED],
    ["made by a script", FOUND],
  ]) {
    test(`${came}: it says whose it is and what loading means; nothing is asked of the provider`, () =>
      asVisitor(at(), async (visitor) => {
        const { farm } = at();
        const page = await open(visitor, body);
        await waits(page);
        const text = await inside(page);
        for (const part of [
          "Video from Video",
          "Video Ltd receives your internet address",
          "Load Once",
          "Always Allow Video",
          "Cookies Settings",
        ]) {
          assert.ok(text.includes(part), part);
        }
        await farm.sentinel(page);
        assert.deepEqual(asked(farm), []);
        assert.deepEqual(page.problems, []);
      }));

    test(`${came}: loaded once, it is asked for once, in the same box; the next page waits again`, () =>
      asVisitor(at(), async (visitor) => {
        const { farm } = at();
        const page = await open(visitor, body);
        await waits(page);
        await click(page, '[data-action="reject"]');
        const before = await box(page);
        await press(page, "once");
        await arrives(farm, 1);
        assert.deepEqual(await box(page), before);
        assert.equal(
          await page.evaluate(() => window.portcullis.choices.vendors.video),
          false,
          "nothing is granted",
        );
        await page.goto(`${ORIGIN}/embeds`);
        await waits(page);
        await farm.sentinel(page);
        await arrives(farm, 1);
      }));

    test(`${came}: always allowed, it comes, also on the next page; withdrawn, the placeholder is back`, () =>
      asVisitor(at(), async (visitor) => {
        const { farm } = at();
        const page = await open(visitor, body);
        await waits(page);
        const before = await box(page);
        await press(page, "allow");
        await arrives(farm, 1);
        await page.goto(`${ORIGIN}/embeds`);
        await arrives(farm, 2);
        assert.equal(await page.evaluate(() => window.portcullis.choices.vendors.video), true);
        await page.waitForFunction(() => !document.querySelector("#embed").contentDocument, {
          timeout: 30_000,
        });
        await page.evaluate(() => window.portcullis.withdraw());
        await waits(page);
        assert.deepEqual(await box(page), before);
        assert.match(await inside(page), /Video from Video/);
        await farm.sentinel(page);
        assert.equal(asked(farm).length, 2);
      }));
  }

  test("a frame that is put elsewhere says it there, too; one too small to read says nothing", () =>
    asVisitor(at(), async (visitor) => {
      const page = await open(
        visitor,
        MARKED.replace('id="embed"', 'id="small"').replace("640", "1").replace("360", "1") + MARKED,
      );
      await waits(page);
      const texts = () =>
        page.evaluate(() =>
          [...document.querySelectorAll("iframe")].map(
            (one) => one.contentDocument.body.textContent.length > 0,
          ),
        );
      assert.deepEqual(await texts(), [false, true]);
      await page.evaluate(() => document.querySelector("main").prepend(document.querySelector("#embed")));
      await waits(page);
    }));

  test("a block of the page's own shows the placeholder, and what is in it once it may", () =>
    asVisitor(at(), async (visitor) => {
      const body = `<div id="block" data-portcullis-embed="feed" data-kind="feed"><p id="own">Posts</p></div>`;
      const page = await open(visitor, body);
      await page.waitForFunction(() => document.querySelector("#block").shadowRoot?.querySelector("strong"), {
        timeout: 30_000,
      });
      const visible = () => page.evaluate(() => document.querySelector("#own").getClientRects().length > 0);
      assert.equal(
        await page.evaluate(
          () => document.querySelector("#block").shadowRoot.querySelector("strong").textContent,
        ),
        "Posts from Feed",
      );
      assert.equal(await visible(), false);
      await page.evaluate(() =>
        document.querySelector("#block").shadowRoot.querySelector('[data-action="allow"]').click(),
      );
      await page.waitForFunction(() => document.querySelector("#own").getClientRects().length > 0, {
        timeout: 30_000,
      });
      await page.evaluate(() => window.portcullis.withdraw());
      await page.waitForFunction(() => document.querySelector("#own").getClientRects().length === 0, {
        timeout: 30_000,
      });
    }));

  if (browser !== "webkit") {
    test("axe finds nothing in a placeholder, and the keyboard reaches its buttons", () =>
      asVisitor(at(), async (visitor) => {
        const page = await open(visitor, MARKED);
        await waits(page);
        assert.deepEqual(await findings(page), []);
        await click(page, '[data-action="reject"]');
        await page.focus("#footer");
        const seen = [];
        for (let n = 0; n < 6; n++) {
          await page.keyboard.press("Tab");
          seen.push(
            await page.evaluate(() => document.activeElement?.contentDocument?.activeElement?.dataset.action),
          );
        }
        assert.deepEqual(seen.filter(Boolean), ["once", "allow", "settings"]);
      }));
  }
});
