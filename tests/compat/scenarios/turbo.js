// Turbo: visits, heads and scripts of new pages, going back, frames, streams, morphs, forms.

import * as Turbo from "@hotwired/turbo";
import { reads, rest, say, scenario, until, VENDOR } from "./scenario.js";

let runs = 0;
const text = () => document.body.innerText.replace(/\s+/g, " ").trim();
const events = [];
for (const name of ["before-visit", "visit", "before-render", "render", "load"])
  addEventListener(`turbo:${name}`, () => events.push(name));

const visit = async (where, title, ran = []) => {
  events.length = 0;
  Turbo.visit(where);
  await until(`visit to ${where}`, () => document.title === title && events.includes("load"));
  await until("scripts of the new page", () => ran.every((name) => window.ran.includes(name)));
  await rest();
  say("visited", location.pathname, document.title, events);
};

scenario(async (root) => {
  const run = ++runs;
  const stay = document.createElement("div");
  stay.id = "permanent";
  stay.dataset.turboPermanent = "";
  stay.textContent = "permanent";
  root.append(stay);
  root.append(Object.assign(document.createElement("p"), { textContent: "start" }));

  await visit(`/two?run=${run}`, "Two", [`head${run}`, `two${run}`]);
  say("two", text(), stay.isConnected, document.querySelector("#permanent") === stay);
  say(
    "head",
    [...document.head.querySelectorAll("meta[name]")].map(({ name, content }) => `${name}=${content}`),
  );

  const frame = document.querySelector("turbo-frame");
  document.querySelector("#into").click();
  await until("frame", () => frame.innerText.includes("framed") && frame.hasAttribute("complete"));
  say("frame", frame.innerText.trim(), frame.getAttribute("src"));

  const list = document.querySelector("#list");
  for (const [action, content] of [
    ["append", "<li>3</li>"],
    ["prepend", "<li>0</li>"],
    ["before", "<li>before</li>"],
  ]) {
    const where = action === "before" ? 'targets="#list li:first-child"' : 'target="list"';
    Turbo.renderStreamMessage(
      `<turbo-stream action="${action}" ${where}><template>${content}</template></turbo-stream>`,
    );
    await rest();
    say("stream", action, list.innerText.replace(/\s+/g, " ").trim());
  }
  const first = list.firstElementChild;
  Turbo.renderStreamMessage(
    `<turbo-stream action="replace" method="morph" target="list"><template><ul id="list"><li>before</li><li>new</li><li><img class="pixel" alt="" src="/local.gif"></li></ul></template></turbo-stream>`,
  );
  await rest();
  say(
    "morphed",
    document.querySelector("#list").outerHTML,
    document.querySelector("#list") === list,
    list.firstElementChild === first,
  );
  window.order = [];
  Turbo.renderStreamMessage(
    '<turbo-stream action="append" target="list"><template><li><script>order.push("streamed")</script></li></template></turbo-stream>',
  );
  await until("streamed script", () => order.length === 1);
  say("streamed script", order);

  document.querySelector("#send").click();
  await until("form", () => document.title === "Sent");
  await rest();
  say("sent", location.pathname, text());

  const tags = document.createElement("div");
  for (const [kind, end] of [
    ["img", "gif"],
    ["iframe", "html"],
    ["script", "js"],
  ])
    tags.append(
      Object.assign(document.createElement(kind), { className: kind, src: `${VENDOR}/turbo-${run}.${end}` }),
    );
  document.body.append(tags);
  const [pixel, page] = ["img", "iframe"].map((name) => tags.querySelector(name));
  say("tags", reads(pixel), reads(page));

  return async () => {
    await until("vendor's script", () => window.ran.includes(`/turbo-${run}.js`));
    await until("vendor's pixel", () => pixel.naturalWidth === 1);
    say("released", reads(pixel), reads(page));
    window.ran = [];
    events.length = 0;
    history.back();
    await until("going back", () => document.title === "Two" && events.includes("load"));
    await until("scripts of the restored page", () => window.ran.includes(`two${run}`));
    say("ran again", window.ran);
    say("back", location.pathname, text(), events);
    await visit("/", "Compat");
    say("home", text());
    stay.remove();
  };
});
