// The list of vendors: searched, filtered, switched one by one and as shown, by mouse and by keyboard, and with
// fifteen hundred of them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { findings } from "../browser/axe.mjs";
import { click, gone, shown } from "../browser/harness.mjs";
import { inEachBrowser, inside } from "./page.mjs";

const SETTINGS = '[data-action="settings"]';
const CONFIRM = '[data-action="confirm"]';
const LIST = '[data-action="vendors"][data-id=""]';

const found = (page) => inside(page, (root) => root.querySelector(".found").textContent);

/** Ids of the rows that are drawn, in their order. */
const rows = (page) =>
  inside(page, (root) => [...root.querySelectorAll(".row .name")].map(({ dataset }) => dataset.id));

const mark = (page, selector) =>
  inside(
    page,
    (root, of) => {
      const { checked, indeterminate } = root.querySelector(of);
      return indeterminate ? "mixed" : checked;
    },
    selector,
  );

const focused = (page) =>
  inside(page, (root) => {
    const { dataset, id, localName } = root.activeElement ?? {};
    return dataset?.vendor ?? dataset?.interest ?? dataset?.id ?? dataset?.action ?? (id || localName);
  });

async function opened(open, options = {}) {
  const page = await open({ many: 1500, ...options });
  await click(page, SETTINGS);
  await shown(page, CONFIRM);
  await click(page, LIST);
  // What follows the first rows a frame later is there, too.
  await shown(page, '[data-action="details"][data-id="v2"]');
  return page;
}

/** Types into the search, which has the focus then. */
async function search(page, text) {
  await inside(page, (root) => {
    const field = root.querySelector("[data-search]");
    field.value = "";
    field.focus();
  });
  await page.keyboard.type(text);
}

inEachBrowser("vendors", (open) => {
  test("a search ignores case and accents, and says how many are left", async () => {
    const page = await opened(open);
    assert.equal(await found(page), "1,501 vendors");
    await search(page, "ETOILE 10");
    assert.equal(await found(page), "28 vendors");
    assert.deepEqual((await rows(page)).slice(0, 3), ["v100", "v104", "v108"]);
    assert.equal(await focused(page), "input", "typing goes on");
    await search(page, "nobody is called so");
    assert.equal(await found(page), "No vendor matches.");
    assert.deepEqual(await rows(page), []);
    await search(page, "v");
    await page.keyboard.press("Backspace");
    assert.equal(await found(page), "1,501 vendors");
    await new Promise((resolve) => setTimeout(resolve, 500));
    const height = await inside(page, (root) => root.querySelector(".body").scrollHeight);
    assert.ok(height > 1501 * 50, `all of it can be scrolled to: ${height}`);
  });

  test("a filter counts when it is applied, and not when it is cancelled", async () => {
    const page = await opened(open);
    await click(page, '[data-action="filter"]');
    await click(page, '[data-pick="targeting"]');
    assert.equal(await found(page), "1,501 vendors");
    await click(page, '[data-action="apply"]');
    assert.equal(await found(page), "500 vendors");
    assert.equal(await focused(page), "filter");
    await click(page, '[data-action="filter"]');
    await click(page, '[data-action="clear"]');
    await click(page, '[data-action="cancel"]');
    assert.equal(await found(page), "500 vendors");
    await click(page, '[data-action="filter"]');
    assert.equal(await mark(page, '[data-pick="targeting"]'), true, "the filter is as it was");
  });

  test("two columns, each with a switch for what is shown, and what is confirmed is what was picked", async () => {
    const page = await opened(open);
    assert.equal(await mark(page, '[data-all="consent"]'), false);
    await search(page, "plain 11");
    assert.equal(await found(page), "29 vendors");
    await click(page, '[data-all="consent"]');
    assert.equal(await mark(page, '[data-all="consent"]'), true);
    await click(page, '[data-vendor="v111"]');
    assert.equal(await mark(page, '[data-all="consent"]'), "mixed");
    await click(page, '[data-all="interest"]');
    await click(page, '[data-action="back"]');
    assert.equal(await mark(page, '[data-category="performance"]'), "mixed");
    await click(page, CONFIRM);
    await gone(page, CONFIRM);
    const [, , decision] = (await page.evaluate(() => window.consent.calls)).find(
      ([called]) => called === "choose",
    );
    // Of those shown that have a switch, all but the one that was switched off.
    const granted = Object.keys(decision.vendors).filter((id) => decision.vendors[id]);
    const wanted = Array.from({ length: 1500 }, (_, n) => n)
      .filter((n) => n % 4 === 3 && /^11/.test(n) && n % 5 !== 2 && n !== 111)
      .map((n) => `v${n}`);
    assert.deepEqual(granted.sort(), wanted.sort());
    const kept = Object.keys(decision.objections).filter((id) => !decision.objections[id]);
    assert.ok(kept.length > 0 && kept.every((id) => /^v11/.test(id)), kept.join());
    assert.equal(decision.objections.v1, true, "nothing is switched on beforehand");
  });

  test("a basis that does not apply has no switch; what is switched says of whom and what for", async () => {
    const page = await opened(open);
    const of = (id) =>
      inside(
        page,
        (root, which) => {
          const row = root.querySelector(`[data-action=details][data-id=${which}]`).closest(".row");
          const named = (input) =>
            input
              .getAttribute("aria-labelledby")
              .split(" ")
              .map((part) => root.getElementById(part).textContent)
              .join(" ");
          return [
            row.getAttribute("aria-posinset"),
            row.getAttribute("aria-setsize"),
            ...[...row.querySelectorAll("input")].map(named),
          ];
        },
        id,
      );
    assert.deepEqual(await of("portcullis"), ["1", "1501"]);
    assert.deepEqual(await of("v0"), ["2", "1501", "Consent Étoile 0"]);
    assert.deepEqual(await of("v1"), ["3", "1501", "Consent Zürich 1", "Leg. Interest Zürich 1"]);
    assert.deepEqual(await of("v2"), ["4", "1501", "Leg. Interest Straße 2"]);
  });

  test("a vendor opens to who it is, what it stores and for how long", async () => {
    const page = await opened(open);
    await click(page, '[data-action="details"][data-id="v1"]');
    const text = await inside(page, (root) => root.getElementById("d-v1").textContent);
    for (const part of [
      "_v1",
      "tells visitors apart",
      "1 year",
      "13 months",
      "legitimate interest",
      "Privacy policy",
    ]) {
      assert.ok(text.includes(part), part);
    }
    assert.equal(await focused(page), "v1", "the focus stays on its row");
    assert.deepEqual(await findings(page), []);
  });

  test("by keyboard every row is reached, also past the first blocks; a focused row is never taken away", async () => {
    const page = await opened(open, { many: 100 });
    // However fast the keys come: no frame draws anything in between.
    await page.evaluate(() => {
      window.requestAnimationFrame = () => 0;
    });
    const seen = new Set();
    for (let n = 0; n < 330 && seen.size < 101; n++) {
      await page.keyboard.press("Tab");
      const at = await focused(page);
      if (/^(v\d+|portcullis)$/.test(at)) seen.add(at);
      if (at === "confirm") break;
    }
    assert.equal(seen.size, 101);
  });

  test("by keyboard from below the last row comes first", async () => {
    const page = await opened(open);
    await page.evaluate(() => {
      window.requestAnimationFrame = () => 0;
    });
    await inside(page, (root) => root.querySelector("[data-action=confirm]").focus());
    const seen = [];
    for (let n = 0; n < 60 && seen.length < 20; n++) {
      await page.keyboard.down("Shift");
      await page.keyboard.press("Tab");
      await page.keyboard.up("Shift");
      const at = await focused(page);
      if (at !== seen.at(-1)) seen.push(at);
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 20 }, (_, n) => `v${1499 - n}`),
    );
  });

  test("no task draws more than a few rows, however fast one scrolls", async () => {
    const page = await opened(open);
    const most = await inside(page, async (root) => {
      const drawn = [];
      let inTask = 0;
      // Between two tasks of this channel lies no more than one of the page's.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        if (inTask) drawn.push(inTask);
        inTask = 0;
        port2.postMessage(0);
      };
      port2.postMessage(0);
      new MutationObserver((records) => {
        for (const { addedNodes } of records)
          for (const node of addedNodes)
            if (node.nodeType === 1)
              inTask += node.matches(".row") ? 1 : node.querySelectorAll(".row").length;
      }).observe(root.querySelector(".rows"), { childList: true, subtree: true });
      const body = root.querySelector(".body");
      for (let n = 0; n < 60; n++) {
        body.scrollTop += 900;
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 10)));
      }
      port1.close();
      return [drawn.length, Math.max(...drawn)];
    });
    assert.ok(most[0] > 20, `${most[0]} tasks drew rows`);
    assert.ok(most[1] <= 3, `${most[1]} rows in one task`);
  });

  test("what is far from sight does not stand, but for where the keyboard goes next", async () => {
    const page = await opened(open);
    const to = (top) =>
      inside(
        page,
        async (root, where) => {
          root.querySelector(".body").scrollTop = where;
          for (let n = 0; n < 40; n++) await new Promise((resolve) => requestAnimationFrame(resolve));
        },
        top,
      );
    await to(20_000);
    await inside(page, (root) => {
      const names = [...root.querySelectorAll(".row .name")];
      const { top, bottom } = root.querySelector(".body").getBoundingClientRect();
      names.find((name) => name.getBoundingClientRect().top > (top + bottom) / 2).focus();
    });
    const at = Number((await focused(page)).slice(1));
    await to(60_000);
    const standing = (await rows(page)).map((id) => (id === "portcullis" ? 0 : Number(id.slice(1))));
    assert.ok(standing.length < 60, `${standing.length} rows`);
    for (const place of [0, at - 1, at, at + 1, 1499]) assert.ok(standing.includes(place), `row ${place}`);
    assert.ok(
      standing.some((place) => place > at + 300),
      "and what is seen stands",
    );
    assert.equal(await focused(page), `v${at}`);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    assert.ok([`v${at}`, `v${at + 1}`].includes(await focused(page)), "the next stop is the next one");
  });

  test("what is seen stays where it is while rows above it are drawn, each as high as it turns out", async () => {
    const page = await opened(open, { uneven: true, viewport: { width: 320, height: 700 } });
    const jumps = await inside(page, async (root) => {
      const frames = async (count) => {
        for (let n = 0; n < count; n++) await new Promise((resolve) => requestAnimationFrame(resolve));
      };
      const body = root.querySelector(".body");
      body.scrollTop = 40_000;
      await frames(40);
      const jumps = [];
      for (let n = 0; n < 60; n++) {
        const { top, bottom } = body.getBoundingClientRect();
        const row = [...root.querySelectorAll(".row")].find(
          (one) => one.getBoundingClientRect().top > (top + bottom) / 2,
        );
        const before = row.getBoundingClientRect().top;
        body.scrollTop -= 50;
        await frames(4);
        jumps.push(row.getBoundingClientRect().top - before - 50);
      }
      return jumps;
    });
    const worst = Math.max(...jumps.map(Math.abs));
    assert.ok(worst < 2, `moved by ${worst} pixels`);
  });

  test("in a window of another width the same rows are seen, also when one of the first is open", async () => {
    const page = await opened(open, { uneven: true, viewport: { width: 900, height: 700 } });
    await click(page, '[data-action="details"][data-id="v0"]');
    const seen = async (top) => {
      if (top) await inside(page, (root, where) => root.querySelector(".body").scrollTo(0, where), top);
      return inside(page, async (root) => {
        for (let n = 0; n < 40; n++) await new Promise((resolve) => requestAnimationFrame(resolve));
        const { top, bottom } = root.querySelector(".body").getBoundingClientRect();
        return [...root.querySelectorAll(".row .name")]
          .filter(
            (name) => name.getBoundingClientRect().top > top && name.getBoundingClientRect().top < bottom,
          )
          .map(({ dataset }) => Number(dataset.id.slice(1)));
      });
    };
    const [first] = await seen(30_000);
    for (const width of [330, 900]) {
      await page.setViewport({ width, height: 700 });
      const now = await seen();
      assert.ok(Math.abs(now[0] - first) < 8, `${now} at ${width} pixels, and ${first} before`);
    }
  });

  test("on a page whose style sheet zooms, what is seen stands", async () => {
    const page = await opened(open);
    await page.evaluate(() => document.documentElement.style.setProperty("zoom", "1.5"));
    const found = await inside(page, async (root) => {
      root.querySelector(".body").scrollTop = 60_000;
      for (let n = 0; n < 40; n++) await new Promise((resolve) => requestAnimationFrame(resolve));
      const { left, top, bottom } = root.querySelector(".rows").closest(".body").getBoundingClientRect();
      return !!root.elementFromPoint(left + 60, (top + bottom) / 2)?.closest(".row");
    });
    assert.ok(found);
  });

  test("scrolled to its end the list is there; a switch of another screen is right when one comes back", async () => {
    const page = await opened(open);
    const last = '[data-action="details"][data-id="v1499"]';
    await inside(page, (root) => {
      root.querySelector(".body").scrollTop = 1e6;
    });
    for (let n = 0; n < 50 && !(await inside(page, (root, of) => !!root.querySelector(of), last)); n++) {
      await inside(page, (root) => {
        root.querySelector(".body").scrollTop = 1e6;
      });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await shown(page, last);
    assert.ok((await rows(page)).length < 60, "and what was passed by does not stand");
    await click(page, '[data-all="consent"]');
    await inside(page, (root) => {
      root.querySelector(".body").scrollTop = 0;
    });
    await shown(page, '[data-vendor="v0"]');
    for (let n = 0; n < 50 && !(await mark(page, '[data-vendor="v0"]')); n++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.equal(await mark(page, '[data-vendor="v0"]'), true);
  });
});
