// Partytown: scripts in a worker, whose reach into the page goes through the page's own DOM.

import { reads, rest, say, scenario, until, VENDOR } from "./scenario.js";

let runs = 0;

scenario(async (root) => {
  const run = ++runs;
  root.id = `work${run}`;
  // What runs in the worker; it can say nothing but through the page.
  const work = async (id, number, vendor) => {
    const place = document.getElementById(id);
    const out = [];
    const made = document.createElement("p");
    made.id = `made${number}`;
    made.textContent = "made in the worker";
    place.appendChild(made);
    out.push(document.getElementById(`made${number}`).textContent, made.parentElement.id);
    // biome-ignore lint/suspicious/noDocumentCookie: as tags in the worker do it
    document.cookie = `worker=${number}; path=/`;
    out.push(document.cookie.includes(`worker=${number}`));
    localStorage.setItem("worker", String(number));
    out.push(localStorage.getItem("worker"));
    document.title = `Worker ${number}`;
    out.push(document.title, location.pathname, typeof navigator.userAgent);
    out.push(await (await fetch("/told.json")).text());
    const request = new XMLHttpRequest();
    request.open("GET", "/told.json", false);
    request.send();
    out.push(request.responseText);
    place.insertAdjacentHTML("beforeend", '<i class="markup">markup</i>');
    out.push(place.querySelectorAll(".markup").length, place.innerHTML.includes("markup"));
    made.addEventListener("click", () => made.setAttribute("data-clicked", "yes"));
    const script = document.createElement("script");
    script.src = `/worked.js?as=${id}`;
    document.head.appendChild(script);
    // Frames and what `fetch` sends are the worker's own business: no script of the page sees those.
    const pixel = document.createElement("img");
    pixel.setAttribute("src", `${vendor}/partytown-${number}.gif`);
    place.appendChild(pixel);
    out.push(pixel.getAttribute("src"), pixel.hasAttribute("src"));
    place.setAttribute("data-out", JSON.stringify(out));
  };
  const script = document.createElement("script");
  script.type = "text/partytown";
  script.text = `(${work})("${root.id}", ${run}, "${VENDOR}")`;
  document.head.append(script);
  window.dispatchEvent(new CustomEvent("ptupdate"));
  await until("worker", () => root.dataset.out);
  await until("second script in the worker", () => document.body.dataset.worked === root.id);
  say("worker", root.dataset.out);
  say("title", document.title, localStorage.worker, document.cookie.includes(`worker=${run}`));
  const made = root.querySelector("p");
  made.click();
  await until("listener in the worker", () => made.dataset.clicked);
  say("clicked", made.outerHTML);
  const pixel = root.querySelector("img");
  say("pixel", reads(pixel));
  window.forwarded("one", { a: run });
  await until("forwarded call", () => document.body.dataset.forwarded?.includes(`"a":${run}`));
  say("forwarded", document.body.dataset.forwarded);

  return async () => {
    await rest();
    window.dispatchEvent(new CustomEvent("ptupdate"));
    await until("vendor's script in the worker", () => document.body.dataset.vendor);
    await until("vendor's pixel", () => pixel.naturalWidth === 1);
    say("vendor", document.body.dataset.vendor, reads(pixel));
    pixel.remove();
  };
});
