// What libraries do with held elements and refused calls, where it is easy to notice us.

import assert from "node:assert/strict";
import { test } from "node:test";
import { config } from "../browser/site.mjs";
import { asVisitor, inEachBrowser } from "../browser/suite.mjs";
import { atVendor, serve, VENDOR } from "./compat.mjs";

const TAGS = ["worker.js", "after.js"].map((name) => `https://${VENDOR}/${name}`);

const routes = {
  "/": (_, html) =>
    html({
      head: `<script type="text/partytown" src="${TAGS[0]}"></script><script src="${TAGS[1]}"></script>`,
    }),
  "/gallery": (_, html) =>
    html({ title: "Gallery", body: `<img class="gallery" alt="" src="https://${VENDOR}/gallery.gif">` }),
  "/elsewhere": (_, html) => html({ title: "Elsewhere" }),
};

const HELD = {
  clones: "jQuery clones a held image",
  static: "Vue puts static content with a held frame into the page twice",
  reuse: "an XMLHttpRequest that was refused is used again",
  arguments: "fetch without arguments",
  markup: "jQuery puts markup with an image into the page",
  preloads: "React preloads a script",
  worker: "a script for partytown does not keep others waiting at the release",
  restored: "Turbo goes back to a page that had a held image",
};

/** What each says on one page, and what reached the vendor before a choice. */
async function listen({ farm }, visitor, gated) {
  farm.siteLog.length = 0;
  const page = await visitor.page("https://app.acme.example/");
  const told = {};
  const hear = async (half, name) => {
    const lines = await page
      .evaluate((which, what) => window.held[which](what), half, name)
      .catch((error) => [String(error)]);
    told[name] = [...(told[name] ?? []), ...lines];
  };
  for (const name of Object.keys(HELD)) await hear("first", name);
  await farm.sentinel(page);
  const early = atVendor(farm);
  if (gated) await page.evaluate(() => void window.portcullis.acceptAll());
  for (const name of ["worker", ...Object.keys(HELD).filter((name) => name !== "worker")])
    await hear("second", name);
  return { told, early };
}

inEachBrowser("libraries and held elements", (at) => {
  let heard;
  const hear = async () => {
    const site = serve(at().farm, "held.js", routes);
    const bare = await asVisitor(at(), (visitor) => listen(at(), visitor, false));
    site.consent = await config([{ id: "vendor", name: "Vendor", category: "targeting", hosts: [VENDOR] }]);
    const gated = await asVisitor(at(), (visitor) => listen(at(), visitor, true));
    if (process.env.PORTCULLIS_TRACE) console.log(JSON.stringify([bare, gated], null, 1));
    return { bare, gated };
  };
  for (const [name, title] of Object.entries(HELD))
    test(title, async () => {
      heard ??= hear();
      const { bare, gated } = await heard;
      assert.deepEqual(gated.told[name], bare.told[name]);
      const own = { markup: "/markup.gif", preloads: "/preloaded.js" }[name];
      assert.ok(!own || !gated.early.includes(own), "the vendor was asked before a choice");
    });
});
