// What was held comes back as it was: in order, once, where it stood, and as late tags expect.

import assert from "node:assert/strict";
import { test } from "node:test";
import { shown } from "./harness.mjs";
import { config, html, ORIGIN } from "./site.mjs";
import { asVisitor, inEachBrowser } from "./suite.mjs";

const VENDORS = [{ id: "tags", name: "Tags", category: "performance", hosts: ["tags.example"] }];
const SITE = "https://tags.example";
const MARK = 'type="text/plain" data-category="performance"';

/** A host whose scripts are what a test says; each note goes to `window.notes`. */
function serve(farm, scripts) {
  farm.site("tags.example", async ({ path }) => {
    const name = path.slice(1).split("?")[0];
    const { text = `note(${JSON.stringify(name)})`, delay = 0, status = 200 } = scripts[name] ?? {};
    await new Promise((resolve) => setTimeout(resolve, delay));
    return {
      status,
      headers: { "content-type": "text/javascript", "access-control-allow-origin": "*" },
      body: text,
    };
  });
}

const NOTES = "<script>window.notes=[];window.note=(what)=>{notes.push(what)}</script>";

inEachBrowser("releasing", (at) => {
  const open = async (visitor, { head = "", body = "", scripts = {} }) => {
    const { farm } = at();
    serve(farm, scripts);
    farm.page(`${ORIGIN}/release`, html({ config: await config(VENDORS), head: NOTES + head, body }));
    const page = await visitor.page(`${ORIGIN}/release`);
    await shown(page, '[data-action="accept"]');
    await farm.sentinel(page);
    return page;
  };
  const accept = (page) => page.evaluate(() => void window.portcullis.acceptAll());
  const notes = async (page, count) => {
    await page.waitForFunction((least) => window.notes.length >= least, { timeout: 30_000 }, count);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
    return page.evaluate(() => window.notes);
  };

  test("marked tags run in document order, inline after external; an async one waits for nobody", () =>
    asVisitor(at(), async (visitor) => {
      const page = await open(visitor, {
        head: `<script ${MARK} data-src="${SITE}/slow.js"></script>
          <script ${MARK}>note("inline")</script>
          <script ${MARK} data-src="${SITE}/async.js" async></script>
          <script ${MARK} data-src="${SITE}/last.js"></script>`,
        scripts: { "slow.js": { delay: 700 }, "last.js": { delay: 700 } },
      });
      assert.deepEqual(await page.evaluate(() => window.notes), []);
      await accept(page);
      const ran = await notes(page, 4);
      assert.deepEqual(
        ran.filter((name) => name !== "async.js"),
        ["slow.js", "inline", "last.js"],
      );
      assert.equal(ran.indexOf("async.js") < ran.indexOf("last.js"), true, ran.join());
    }));

  test("plain tags of the HTML: ordered ones in order, modules with what they import", () =>
    asVisitor(at(), async (visitor) => {
      const page = await open(visitor, {
        body: `<script src="${SITE}/slow.js"></script><script src="${SITE}/second.js"></script>
          <script type="module" src="${SITE}/module.js"></script>`,
        scripts: {
          "slow.js": { delay: 500 },
          "module.js": { text: 'import { name } from "./part.js"; note(name)' },
          "part.js": { text: 'export const name = "module and part"' },
        },
      });
      assert.deepEqual(await page.evaluate(() => window.notes), []);
      await accept(page);
      const ran = await notes(page, 3);
      assert.deepEqual([...ran].sort(), ["module and part", "second.js", "slow.js"]);
      assert.ok(ran.indexOf("slow.js") < ran.indexOf("second.js"));
    }));

  test("document.write of a late tag goes where the tag stands, and wipes nothing", () =>
    asVisitor(at(), async (visitor) => {
      const page = await open(visitor, {
        body: `<p id="before">before</p><script ${MARK} data-src="${SITE}/writes.js"></script><p id="after">after</p>`,
        scripts: {
          "writes.js": {
            text: `document.write("<b id=one>one</b><scr" + "ipt>note('written')</scr" + "ipt>");
              document.writeln("<b id=two>two</b>", "<b id=three>three</b>"); note("writes.js")`,
          },
        },
      });
      await accept(page);
      assert.deepEqual(await notes(page, 2), ["writes.js", "written"]);
      const order = await page.evaluate(() =>
        [...document.querySelectorAll("#before,#one,#two,#three,#after")].map(({ id }) => id),
      );
      assert.deepEqual(order, ["before", "one", "two", "three", "after"]);
    }));

  test("a late tag has its currentScript, attributes and events; listeners stay", () =>
    asVisitor(at(), async (visitor) => {
      const page = await open(visitor, {
        body: `<script ${MARK} data-src="${SITE}/self.js" id="marked" data-account="42" crossorigin="anonymous"></script>
          <script>
            const script = document.createElement("script");
            script.src = "${SITE}/inserted.js";
            script.addEventListener("load", () => note("load " + (document.querySelector("#inserted") === script)));
            script.id = "inserted";
            document.body.append(script);
            const broken = document.createElement("script");
            broken.src = "${SITE}/broken.js";
            broken.onerror = () => note("error");
            document.body.append(broken);
          </script>`,
        scripts: {
          "self.js": {
            text: "const { id, dataset, crossOrigin } = document.currentScript; note([id, dataset.account, crossOrigin].join())",
          },
          "broken.js": { status: 404 },
        },
      });
      const early = await page.evaluate(() => [
        document.querySelector("#inserted").src,
        document.querySelector("#inserted").getAttribute("src"),
      ]);
      assert.deepEqual(early, [`${SITE}/inserted.js`, `${SITE}/inserted.js`]);
      await accept(page);
      assert.deepEqual((await notes(page, 4)).sort(), [
        "error",
        "inserted.js",
        "load true",
        "marked,42,anonymous",
      ]);
    }));

  test("frames and images come back as they were: srcset, sizes, lazy loading, the same element", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const page = await open(visitor, {
        body: `<img id="still" alt="" width="10" height="10" loading="eager" sizes="10px" srcset="${SITE}/1.png 1x, ${SITE}/2.png 2x">
          <script>
            const frame = document.createElement("iframe");
            Object.assign(frame, { id: "frame", loading: "lazy", width: 100, height: 50, src: "${SITE}/frame.html" });
            document.body.append(frame);
            window.own = [document.querySelector("#still"), frame];
          </script>`,
      });
      farm.siteLog.length = 0;
      await accept(page);
      await page.waitForFunction(() => document.querySelector("#still").srcset.includes("2x"), {
        timeout: 30_000,
      });
      const after = await page.evaluate(() => {
        const [image, frame] = window.own;
        return [
          image.isConnected && frame.isConnected,
          image.getAttribute("srcset"),
          image.sizes,
          frame.src,
          frame.loading,
          frame.width,
        ];
      });
      assert.deepEqual(after, [
        true,
        `${SITE}/1.png 1x, ${SITE}/2.png 2x`,
        "10px",
        `${SITE}/frame.html`,
        "lazy",
        "100",
      ]);
      // Each loads when its engine comes to it, in any order: the log is asked until both have.
      const asked = () => farm.siteLog.filter(({ host }) => host === "tags.example").map(({ path }) => path);
      const frameAsked = () => asked().includes("/frame.html");
      const imageAsked = () => asked().some((path) => /^\/[12]\.png/.test(path));
      for (let n = 0; n < 100 && !(frameAsked() && imageAsked()); n++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      assert.ok(frameAsked() && imageAsked(), asked().join());
    }));

  test("withdrawn and granted again: what had run does not run again, what was held anew does", () =>
    asVisitor(at(), async (visitor) => {
      const page = await open(visitor, { head: `<script ${MARK} data-src="${SITE}/first.js"></script>` });
      await accept(page);
      assert.deepEqual(await notes(page, 1), ["first.js"]);
      await page.evaluate(() => window.portcullis.withdraw());
      await page.evaluate((url) => {
        const script = document.createElement("script");
        script.src = url;
        document.body.append(script);
      }, `${SITE}/anew.js`);
      assert.deepEqual(await notes(page, 1), ["first.js"]);
      await accept(page);
      // A vendor that cannot be resumed waits for the next page: its script has run, and was told to stop.
      const reason = await page.evaluate((url) => window.portcullis.explain(url).reason, `${SITE}/anew.js`);
      if (reason === "next-page") {
        assert.deepEqual(await notes(page, 1), ["first.js"]);
      } else {
        assert.deepEqual(await notes(page, 2), ["first.js", "anew.js"]);
      }
    }));
});
