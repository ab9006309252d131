// htmx: requests, every kind of swap, out-of-band content, scripts in answers, forms, history.

import { reads, rest, say, scenario, until } from "./scenario.js";

export function steps(htmx) {
  let runs = 0;
  window.htmx = htmx;

  scenario(async (root) => {
    const run = ++runs;
    window.run = run;
    say("version", htmx.version);
    root.innerHTML = `
      <div id="target">empty</div><div id="aside">aside</div><ul id="list"><li>0</li></ul>
      <button id="inner" hx-get="/answer?inner" hx-target="#target">inner</button>
      <button id="outer" hx-get="/answer?outer" hx-target="#target" hx-swap="outerHTML">outer</button>
      <button id="more" hx-get="/item" hx-target="#list" hx-swap="beforeend">more</button>
      <button id="first" hx-get="/item" hx-target="#list" hx-swap="afterbegin">first</button>
      <button id="oob" hx-get="/oob" hx-target="#target">oob</button>
      <button id="scripts" hx-get="/scripts?run=${run}" hx-target="#target">scripts</button>
      <button id="tags" hx-get="/tags?run=${run}" hx-target="#target">tags</button>
      <button id="gone" hx-delete="/nothing" hx-target="#aside" hx-swap="delete">delete</button>
      <form id="form" hx-post="/echo" hx-target="#target"><input name="a" value="ü"><input name="b" value="2"><button>send</button></form>
      <a id="push" href="/answer?push" hx-boost="true" hx-target="#target" hx-select="p">boosted</a>`;
    htmx.process(root);
    const press = async (id, check) => {
      root.querySelector(`#${id}`).click();
      await until(id, check);
      await rest(60);
      say(
        id,
        root.querySelector("#target").innerHTML,
        root.querySelector("#list").innerText.replace(/\s+/g, " ").trim(),
      );
    };
    const target = () => root.querySelector("#target").innerText;
    await press("inner", () => target().includes("inner"));
    await press("more", () => root.querySelectorAll("#list li").length === 2);
    await press("first", () => root.querySelectorAll("#list li").length === 3);
    await press("oob", () => root.querySelector("#aside").innerText === "swapped");
    await press("outer", () => target().includes("outer"));
    root.querySelector("#form button").click();
    await until("form", () => target().includes("POST"));
    say("form", target());
    await press("gone", () => !root.querySelector("#aside"));

    window.order = [];
    root.querySelector("#scripts").click();
    await until("scripts", () => order.length === 2 && window.ran.includes(`htmx${run}`));
    await rest();
    say("scripts", order, target());

    const start = history.length;
    root.querySelector("#push").click();
    await until("boosted", () => location.search === "?push");
    await rest(60);
    say("pushed", location.pathname + location.search, history.length - start, target());
    history.replaceState(null, "", "/");

    root.querySelector("#tags").click();
    await until("tags", () => root.querySelector(".frame"));
    await rest(60);
    const frame = root.querySelector(".frame");
    const script = root.querySelector(".script");
    say("tags", reads(frame), reads(script), target());

    return async () => {
      await until("vendor's script", () => window.ran.includes(`/htmx-${run}.js`));
      await rest();
      say("released", reads(frame), root.querySelector(".frame") === frame);
      say("script", reads(root.querySelector(".script")));
      await press("inner", () => target().includes("inner"));
    };
  });
}
