// What libraries do with held elements and refused requests, each by itself.

import * as Turbo from "@hotwired/turbo";
import $ from "jquery";
import { preload } from "react-dom";
// Without it preloads do nothing.
import "react-dom/client";
import { createApp, createStaticVNode, h } from "vue/dist/vue.esm-bundler.js";
import { reads, rest, until, VENDOR } from "./scenario.js";

/** Beside the body, which Turbo puts away with all that is in it. */
const place = () => document.documentElement.appendChild(document.createElement("div"));
/** Whether it comes to that, soon. */
const settles = async (check) => {
  for (let round = 0; round < 20 && !check(); round++) await rest();
  return check();
};

/** Each: what it does before a choice, which gives what it does after the release. Lines are returned. */
const LIMITS = {
  async clones(root) {
    const first = $("<img>", { src: `${VENDOR}/clone.gif` }).appendTo(root);
    const second = first.clone().appendTo(root)[0];
    const lines = [reads(second)];
    return [lines, async () => [reads(second), await settles(() => second.naturalWidth === 1)]];
  },
  async static(root) {
    const hoisted = createStaticVNode(
      `<p>1</p><iframe title="frame" src="${VENDOR}/static.html"></iframe>`,
      2,
    );
    const one = { render: () => hoisted };
    createApp({ render: () => [h(one), h("hr")] }).mount(root.appendChild(document.createElement("p")));
    await rest();
    createApp({ render: () => [h(one), h("hr")] }).mount(root.appendChild(document.createElement("p")));
    await rest();
    const lines = [...root.querySelectorAll("iframe")].map(reads);
    return [lines, async () => [...root.querySelectorAll("iframe")].map(reads)];
  },
  async reuse() {
    const request = new XMLHttpRequest();
    const send = (url) =>
      new Promise((resolve) => {
        const states = [];
        request.onreadystatechange = () => states.push(request.readyState);
        request.onloadend = () => resolve(states);
        request.open("GET", url);
        request.send();
      });
    await send(`${VENDOR}/reused.js`);
    return [[await send("/local.gif")], async () => [await send("/local.gif")]];
  },
  async arguments() {
    return [[await fetch().then(String, ({ name }) => name)], async () => []];
  },
  async markup(root) {
    await rest();
    $(root).html(`<img alt="" src="${VENDOR}/markup.gif">`);
    await rest(200);
    return [[reads(root.firstChild)], async () => [await settles(() => root.firstChild.naturalWidth === 1)]];
  },
  async preloads() {
    preload(`${VENDOR}/preloaded.js`, { as: "script" });
    await rest(200);
    return [[], async () => []];
  },
  async worker() {
    // In the page's HTML: a vendor's script for a worker, and right after it one for the page.
    return [
      [],
      async () => {
        const start = performance.now();
        await until("script after it", () => window.ran.includes("/after.js"));
        return [performance.now() - start < 1500];
      },
    ];
  },
  async restored() {
    const visit = async (where, title) => {
      Turbo.visit(where);
      await until(title, () => document.title === title);
      await rest(100);
    };
    await visit("/gallery", "Gallery");
    await visit("/elsewhere", "Elsewhere");
    return [
      [],
      async () => {
        history.back();
        await until("gallery", () => document.title === "Gallery" && document.querySelector(".gallery"));
        const image = document.querySelector(".gallery");
        return [reads(image), await settles(() => image.naturalWidth === 1)];
      },
    ];
  },
};

const second = {};
window.held = {
  first: async (name) => {
    const [lines, then] = await LIMITS[name](place());
    second[name] = then;
    return lines;
  },
  second: (name) => second[name](),
};
