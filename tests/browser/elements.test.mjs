// Elements of ours that a page holds: the settings' button in the footer, and the declaration on the policy page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { findings } from "./axe.mjs";
import { click, shown } from "./harness.mjs";
import { config, html, ORIGIN, VENDORS } from "./site.mjs";
import { asVisitor, inEachBrowser } from "./suite.mjs";

const FOOTER = "<footer><portcullis-settings></portcullis-settings></footer>";
const TABLE = "<portcullis-declaration></portcullis-declaration>";

inEachBrowser("elements", (at, browser) => {
  const open = async (visitor, body, more = {}, lang = "en") => {
    const { farm } = at();
    farm.page(`${ORIGIN}/elements`, html({ config: await config(VENDORS, more), body, lang }));
    return visitor.page(`${ORIGIN}/elements`);
  };
  const text = (page, tag) =>
    page.evaluate((of) => document.querySelector(of).shadowRoot?.textContent ?? "", tag);
  const comes = (page, tag, part) =>
    page.waitForFunction(
      (of, wanted) => document.querySelector(of).shadowRoot?.textContent.includes(wanted),
      { timeout: 30_000, polling: 50 },
      tag,
      part,
    );

  test("the settings' button opens the preference centre, and is called as the law has it", () =>
    asVisitor(at(), async (visitor) => {
      const page = await open(visitor, FOOTER);
      await comes(page, "portcullis-settings", "Cookies Settings");
      await click(page, '[data-action="settings"]', "portcullis-settings");
      await shown(page, '[data-action="confirm"]');
      const other = await open(visitor, FOOTER, { regime: "opt-out" });
      await comes(other, "portcullis-settings", "Your Privacy Choices");
    }));

  test("one that is added later, and one with the site's own words", () =>
    asVisitor(at(), async (visitor) => {
      const page = await open(visitor, FOOTER.replace("></p", ">Privacy</p"));
      await comes(page, "portcullis-settings", "Cookies Settings");
      const seen = () =>
        page.evaluate(() => {
          const slot = document.querySelector("portcullis-settings").shadowRoot.querySelector("slot");
          return slot.assignedNodes().map((node) => node.textContent);
        });
      assert.deepEqual(await seen(), ["Privacy"]);
      const late = await open(visitor, "");
      await shown(late, '[data-action="accept"]');
      await late.evaluate(() => document.body.append(document.createElement("portcullis-settings")));
      await comes(late, "portcullis-settings", "Cookies Settings");
    }));

  test("the declaration: every cookie of the config, with the present choices, and a way to change them", () =>
    asVisitor(at(), async (visitor) => {
      const page = await open(visitor, TABLE);
      await comes(page, "portcullis-declaration", "_fbp");
      const said = await text(page, "portcullis-declaration");
      for (const part of [
        "_ga",
        "_gcl_au",
        "__Host-portcullis",
        "Targeting Cookies",
        "Always Active",
        "180 days",
        "Not allowed",
      ]) {
        assert.ok(said.includes(part), part);
      }
      const names = await page.evaluate(() => {
        const declared = window.portcullis.vendors.flatMap(({ cookies = [], storage = [] }) => [
          ...cookies.map(({ name }) => name),
          ...storage.map(({ key }) => key),
        ]);
        const drawn = [
          ...document.querySelector("portcullis-declaration").shadowRoot.querySelectorAll("code"),
        ];
        return [declared.length + 1, drawn.length];
      });
      assert.equal(names[0] + 1, names[1], "each cookie and each other storage once, and our own two");
      await click(page, '[data-action="accept"]');
      await comes(page, "portcullis-declaration", "· Allowed");
      assert.ok(!(await text(page, "portcullis-declaration")).includes("Not allowed"));
      await click(page, '[data-action="settings"]', "portcullis-declaration");
      await shown(page, '[data-action="confirm"]');
      if (browser !== "webkit") {
        await page.keyboard.press("Escape");
        assert.deepEqual(await findings(page), []);
      }
    }));

  test("the declaration speaks the page's language", () =>
    asVisitor(at(), async (visitor) => {
      const page = await open(visitor, TABLE, {}, "fr");
      await comes(page, "portcullis-declaration", "2 ans");
    }));

  test("on pages that the config names nothing is asked, and nothing runs", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const more = { interface: { silent: ["/legal*", "/elements"] } };
      const page = await open(visitor, FOOTER, more);
      await comes(page, "portcullis-settings", "Cookies Settings");
      await farm.sentinel(page);
      assert.equal(await page.evaluate(() => document.querySelector("portcullis-ui")), null);
      assert.equal(await page.evaluate(() => window.portcullis.pending.why), "first");
      assert.deepEqual(farm.log, []);
      // The visitor can still choose there.
      await click(page, '[data-action="settings"]', "portcullis-settings");
      await click(page, '[data-action="reject"]');
      await page.waitForFunction(() => window.portcullis.pending === null, { timeout: 30_000 });
    }));
});
