// Libraries that build the page: what they do to it is the same with Portcullis and without.

import { test } from "node:test";
import { inEachBrowser } from "../browser/suite.mjs";
import { unharmed, VENDOR } from "./compat.mjs";

const json = (value) => ({ headers: { "content-type": "application/json" }, body: JSON.stringify(value) });

const JQUERY = {
  "/json": ({ method, query, body, headers }) =>
    json({ method, query, body, test: headers["x-test"] ?? null, by: headers["x-requested-with"] ?? null }),
  "/fragment": () => '<div id="outer"><p id="inner">inner</p></div>',
};

const HTMX = {
  "/answer": ({ query, headers }) =>
    `<p>answer ${Object.keys(query)} ${headers["hx-request"]}</p>`.replace(
      /^<p>answer outer(.*)/,
      '<div id="target"><p>answer outer$1</div>',
    ),
  "/item": () => "<li>item</li>",
  "/oob": () => '<p>main</p><div id="aside" hx-swap-oob="true">swapped</div>',
  "/scripts": ({ query }) =>
    `<p>scripts</p><script>order.push("first")</script><script src="/ran.js?as=htmx${query.run}"></script><script>order.push("second")</script>`,
  "/tags": ({ query }) =>
    `<p>tags</p><iframe class="frame" title="frame" src="https://${VENDOR}/htmx-${query.run}.html"></iframe><script class="script" src="https://${VENDOR}/htmx-${query.run}.js"></script>`,
  "/nothing": () => ({ body: "" }),
  "/echo": ({ method, body }) => `<p>${method} ${body}</p>`,
};

const TURBO = {
  "/two": ({ query }, html) =>
    html({
      title: "Two",
      head: `<meta name="page" content="two"><script src="/ran.js?as=head${query.run}"></script>`,
      body: `<div id="permanent" data-turbo-permanent></div><p>two</p><ul id="list"><li>1</li><li>2</li></ul>
        <script src="/ran.js?as=two${query.run}"></script><script>say("inline script of the page")</script>
        <turbo-frame id="frame"><a id="into" href="/framed">into</a></turbo-frame>
        <form action="/sent" method="post"><input name="a" value="ü"><button id="send">send</button></form>`,
    }),
  "/framed": (_, html) => html({ body: '<p>not this</p><turbo-frame id="frame">framed</turbo-frame>' }),
  "/sent": ({ method }, html) =>
    method === "POST"
      ? { status: 303, headers: { location: "/sent" } }
      : html({ title: "Sent", body: "<p>sent</p>" }),
};

inEachBrowser("libraries run unharmed", (at) => {
  const library = (title, name, options) => test(title, () => unharmed(at(), name, options));

  library("React 19", "react.jsx", { least: 40 });
  library("Vue 3", "vue.js", { least: 20 });
  library("htmx 4", "htmx.js", { least: 20, routes: HTMX });
  library("htmx 2", "htmx2.js", { least: 20, routes: HTMX });
  library("jQuery 4", "jquery.js", { least: 40, routes: JQUERY });
  library("jQuery 3", "jquery3.js", { least: 40, routes: JQUERY });
  library("Alpine", "alpine.js", { least: 20 });
  library("Turbo", "turbo.js", { least: 20, routes: TURBO });
});
