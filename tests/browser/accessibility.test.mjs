// The interface for everyone: by keyboard alone, both answers alike, in reach in the smallest window.

import assert from "node:assert/strict";
import { test } from "node:test";
import { click, gone, shown } from "./harness.mjs";
import { config, html, ORIGIN, VENDORS } from "./site.mjs";
import { asVisitor, beacons, inEachBrowser } from "./suite.mjs";

/** The focused element, through shadow roots, in a few words. */
const focused = (page) =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    const { action, category, vendor, interest, pick, all, search } = element?.dataset ?? {};
    return (
      [action, category, vendor, interest, pick, all, search !== undefined && "search"].find(Boolean) ??
      (element?.id || element?.localName)
    );
  });

/** Presses Tab until something is focused. */
async function tabTo(page, wanted, { back = false } = {}) {
  for (let n = 0; n < 40; n++) {
    if (back) await page.keyboard.down("Shift");
    await page.keyboard.press("Tab");
    if (back) await page.keyboard.up("Shift");
    if ((await focused(page)) === wanted) return;
  }
  assert.fail(`Tab never reaches ${wanted}; it is at ${await focused(page)}`);
}

inEachBrowser("accessibility", (at) => {
  test("keyboard alone: settings, one category, confirm, reopen, withdraw; focus goes in and comes back", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      farm.page(`${ORIGIN}/keys`, html({ config: await config() }));
      const page = await visitor.page(`${ORIGIN}/keys`);
      await shown(page, '[data-action="accept"]');
      // The banner takes no focus, and is the first stop.
      assert.equal(await focused(page), "body");
      await tabTo(page, "settings");
      await page.keyboard.press("Enter");
      await shown(page, '[data-action="confirm"]');
      assert.equal(await focused(page), "dialog");
      // Escape: nothing is saved, the banner and the focus are back.
      await page.keyboard.press("Escape");
      await gone(page, '[data-action="confirm"]');
      assert.equal(await focused(page), "settings");
      assert.equal(await page.evaluate(() => window.portcullis.pending.why), "first");

      await page.keyboard.press("Enter");
      await shown(page, '[data-action="confirm"]');
      await tabTo(page, "performance");
      await page.keyboard.press(" ");
      assert.equal(await focused(page), "performance", "the focus stays on the switch");
      await tabTo(page, "confirm");
      await page.keyboard.press("Enter");
      await gone(page, '[data-action="confirm"]');
      await beacons(farm, ["google-analytics"]);
      assert.deepEqual(await page.evaluate(() => window.portcullis.choices.categories), {
        necessary: true,
        performance: true,
        functional: false,
        targeting: false,
      });
      // Reopen by the page's own control; the focus comes back to it.
      await page.evaluate(() => document.querySelector("#footer").focus());
      await page.keyboard.press("Enter");
      await shown(page, '[data-action="confirm"]');
      await tabTo(page, "reject");
      await page.keyboard.press("Enter");
      await gone(page, '[data-action="confirm"]');
      assert.equal(await focused(page), "footer");
      await page.waitForFunction(() => !window.portcullis.allows("performance"));
      await shown(page, ".report");
    }));

  test("keyboard alone: the vendor list, its search, filter, switches and details, and back", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const vendors = VENDORS.map((vendor) =>
        vendor.use === "meta-pixel" ? { ...vendor, bases: ["consent", "legitimate-interest"] } : vendor,
      );
      farm.page(`${ORIGIN}/list`, html({ config: await config(vendors) }));
      const page = await visitor.page(`${ORIGIN}/list`);
      await shown(page, '[data-action="accept"]');
      await tabTo(page, "settings");
      await page.keyboard.press("Enter");
      await shown(page, '[data-action="confirm"]');
      await tabTo(page, "vendors");
      await page.keyboard.press("Enter");
      await shown(page, ".row");
      assert.equal(await focused(page), "title");
      const found = () =>
        page.evaluate(
          () => document.querySelector("portcullis-ui").shadowRoot.querySelector(".found").textContent,
        );
      assert.equal(await found(), "10 vendors");
      // The search is the first stop after the head.
      await tabTo(page, "search");
      for (const letter of "meta") await page.keyboard.press(letter);
      assert.equal(await found(), "1 vendor");
      await tabTo(page, "filter");
      await page.keyboard.press("Enter");
      await tabTo(page, "targeting");
      await page.keyboard.press(" ");
      await tabTo(page, "apply");
      await page.keyboard.press("Enter");
      assert.equal(await focused(page), "filter");
      await tabTo(page, "consent");
      await page.keyboard.press(" ");
      assert.equal(await focused(page), "consent", "the focus stays on the switch");
      await tabTo(page, "details");
      await page.keyboard.press("Enter");
      assert.equal(await focused(page), "details");
      await tabTo(page, "meta-pixel");
      await tabTo(page, "back", { back: true });
      await page.keyboard.press("Enter");
      await shown(page, '[data-category="targeting"]');
      assert.equal(await focused(page), "vendors");
      await tabTo(page, "confirm");
      await page.keyboard.press("Enter");
      await gone(page, '[data-action="confirm"]');
      await page.waitForFunction(() => window.portcullis.allows({ vendor: "meta-pixel" }));
      const { vendors: granted, objections } = await page.evaluate(() => window.portcullis.choices);
      assert.deepEqual(
        Object.keys(granted).filter((id) => granted[id]),
        // The tag manager carries the category, which is granted in part.
        ["google-tag-manager", "meta-pixel"],
      );
      assert.deepEqual(objections, { "meta-pixel": true });
    }));

  test("keyboard alone: the number of partners leads to their list in one press, and back to where it was", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const footer = '<footer><button data-portcullis="vendors" id="partners">Our partners</button></footer>';
      farm.page(`${ORIGIN}/partners`, html({ config: await config(), body: footer }));
      const page = await visitor.page(`${ORIGIN}/partners`);
      await shown(page, '[data-action="accept"]');
      await tabTo(page, "vendors");
      await page.keyboard.press("Enter");
      await shown(page, ".row");
      assert.equal(await focused(page), "dialog");
      await page.keyboard.press("Escape");
      await gone(page, ".row");
      assert.equal(await focused(page), "vendors");
      // The page's own control does the same; from the list one gets on to the categories.
      await page.evaluate(() => document.querySelector("#partners").focus());
      await page.keyboard.press("Enter");
      await shown(page, ".row");
      await tabTo(page, "back", { back: true });
      await page.keyboard.press("Enter");
      await shown(page, '[data-category="targeting"]');
      assert.equal(await focused(page), "vendors");
      await page.keyboard.press("Escape");
      await gone(page, '[data-category="targeting"]');
      assert.equal(await focused(page), "partners");
    }));

  test("keyboard alone: a page that gives the function itself to a listener gets the preference centre, and back", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      farm.page(
        `${ORIGIN}/listener`,
        html({ config: await config(), body: '<button id="own">Privacy</button>' }),
      );
      const page = await visitor.page(`${ORIGIN}/listener`);
      await shown(page, '[data-action="accept"]');
      await page.evaluate(() => {
        const own = document.querySelector("#own");
        own.addEventListener("click", window.portcullis.openPreferences);
        own.focus();
      });
      await page.keyboard.press("Enter");
      await shown(page, '[data-action="confirm"]');
      await page.keyboard.press("Escape");
      await gone(page, '[data-action="confirm"]');
      assert.equal(await focused(page), "own");
      assert.deepEqual(page.problems, []);
    }));

  for (const action of ["accept", "reject"]) {
    test(`keyboard alone: ${action}`, () =>
      asVisitor(at(), async (visitor) => {
        const { farm } = at();
        farm.page(`${ORIGIN}/key-${action}`, html({ config: await config() }));
        const page = await visitor.page(`${ORIGIN}/key-${action}`);
        await shown(page, '[data-action="accept"]');
        await tabTo(page, action);
        await page.keyboard.press("Enter");
        await gone(page, '[data-action="accept"]');
        await page.waitForFunction(
          (on) => window.portcullis.allows("targeting") === on,
          {},
          action === "accept",
        );
        // The floating way back is the last stop, not the first.
        await shown(page, "button", "portcullis-way-back");
        await tabTo(page, "settings");
      }));
  }

  test("withdrawing takes no more presses than granting", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const body = '<footer><button id="no" data-portcullis="reject">Withdraw consent</button></footer>';
      farm.page(`${ORIGIN}/presses`, html({ config: await config(), body }));
      const page = await visitor.page(`${ORIGIN}/presses`);
      let presses = 0;
      const press = async (...where) => {
        presses++;
        await click(page, ...where);
      };
      const stands = async (granted) => {
        await page.waitForFunction((is) => window.portcullis.allows("targeting") === is, {}, granted);
        return presses;
      };
      await press('[data-action="accept"]');
      const toGrant = await stands(true);
      await gone(page, '[data-action="accept"]');
      presses = 0;
      const { x, y } = await page.evaluate(() => {
        const no = document.getElementById("no");
        no.scrollIntoView({ block: "center" });
        const { left, top } = no.getBoundingClientRect();
        return { x: left + 5, y: top + 5 };
      });
      presses++;
      await page.mouse.click(x, y);
      assert.ok((await stands(false)) <= toGrant, "by the page's control, against the banner's yes");
      const byWayBack = async (action, granted) => {
        presses = 0;
        await shown(page, "button", "portcullis-way-back");
        await press("button", "portcullis-way-back");
        await press(`.centre [data-action="${action}"]`);
        return stands(granted);
      };
      const granting = await byWayBack("accept", true);
      assert.ok((await byWayBack("reject", false)) <= granting, "by the floating button");
    }));

  test("accept and reject are of one size, weight and contrast", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      farm.page(`${ORIGIN}/equal`, html({ config: await config() }));
      for (const viewport of [
        { width: 1280, height: 800 },
        { width: 320, height: 640 },
      ]) {
        const page = await visitor.page(`${ORIGIN}/equal`, { viewport });
        await shown(page, '[data-action="accept"]');
        const measured = await page.evaluate(() =>
          ["accept", "reject"].map((action) => {
            const button = document
              .querySelector("portcullis-ui")
              .shadowRoot.querySelector(`[data-action="${action}"]`);
            const { width, height } = button.getBoundingClientRect();
            const { fontSize, fontWeight, color, backgroundColor, borderColor } = getComputedStyle(button);
            return [
              Math.round(width),
              Math.round(height),
              fontSize,
              fontWeight,
              color,
              backgroundColor,
              borderColor,
            ];
          }),
        );
        assert.deepEqual(measured[0], measured[1]);
        assert.ok(measured[0][1] >= 44, "44 px high");
        await page.close();
      }
    }));

  test("at 320 × 256 every control is reachable, and the banner takes at most half", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      farm.page(`${ORIGIN}/small`, html({ config: await config() }));
      const page = await visitor.page(`${ORIGIN}/small`, { viewport: { width: 320, height: 256 } });
      await shown(page, '[data-action="accept"]');
      const height = await page.evaluate(
        () =>
          document.querySelector("portcullis-ui").shadowRoot.querySelector(".banner").getBoundingClientRect()
            .height,
      );
      assert.ok(height <= 128, `${height} px`);
      /** Scrolled to, a control is in the window as a whole and is what a finger there would touch. */
      const reach = (selector) =>
        page.evaluate((wanted) => {
          const root = document.querySelector("portcullis-ui").shadowRoot;
          const missed = [];
          for (const control of root.querySelectorAll(wanted)) {
            if (!control.getClientRects().length) continue;
            control.scrollIntoView({ block: "center" });
            // A link may run over two lines: its first line is what is touched.
            const { left, right, top, bottom } = control.getClientRects()[0];
            const hit = root.elementFromPoint((left + right) / 2, (top + bottom) / 2);
            const inside = left >= 0 && right <= innerWidth && top >= -1 && bottom <= innerHeight + 1;
            if (!inside || !(hit === control || control.contains(hit))) {
              missed.push(`${control.outerHTML.slice(0, 80)} ${[left, top, right, bottom].map(Math.round)}`);
            }
          }
          return missed;
        }, selector);
      assert.deepEqual(await reach(".banner button, .banner a"), []);
      assert.ok(
        await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
        "no sideways scrolling",
      );
      await click(page, '[data-action="settings"]');
      await shown(page, '[data-action="open"]');
      await click(page, '[data-action="open"][data-id="targeting"]');
      assert.deepEqual(await reach("dialog button, dialog input, dialog a"), []);
    }));
});
