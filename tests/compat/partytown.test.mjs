// Partytown runs scripts in a worker. What they do to the page is the same with Portcullis and without;
// a vendor's script is not given to the worker before it may run.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { partytownSnippet } from "@qwik.dev/partytown/integration";
import { inEachBrowser } from "../browser/suite.mjs";
import { FOLDER, unharmed, VENDOR } from "./compat.mjs";

const LIB = path.join(FOLDER, "node_modules/@qwik.dev/partytown/lib");
const TYPES = { ".js": "text/javascript", ".html": "text/html" };

const head = `<script>${partytownSnippet({ forward: ["forwarded"] })}</script>
<script type="text/partytown">window.forwarded = (...all) => document.body.setAttribute("data-forwarded", JSON.stringify(all))</script>
<script type="text/partytown" src="https://${VENDOR}/worker.js"></script>`;

const routes = {
  "/": (_, html) => html({ head }),
  "/told.json": () => ({ headers: { "content-type": "application/json" }, body: '{"told":true}' }),
  "/worked.js": ({ query }) => ({
    headers: { "content-type": "text/javascript" },
    body: `document.body.setAttribute("data-worked", "${query.as}")`,
  }),
  async "*"({ path: where }) {
    if (!where.startsWith("/~partytown/")) return null;
    const body = await readFile(path.join(LIB, where.slice(12)));
    return { headers: { "content-type": TYPES[path.extname(where)] }, body };
  },
};

inEachBrowser("partytown", (at) => {
  test("its scripts run in their worker, and reach the page, all the same", () =>
    unharmed(at(), "partytown.js", { least: 12, routes }));
});
