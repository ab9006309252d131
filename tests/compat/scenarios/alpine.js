// Alpine: directives, loops, conditions, teleports, elements that arrive later, bound addresses.

import Alpine from "alpinejs";
import { reads, rest, say, scenario, until, VENDOR } from "./scenario.js";

let runs = 0;
window.Alpine = Alpine;
Alpine.data("tag", () => ({ init: () => say("init"), destroy: () => say("destroy") }));
Alpine.store("count", { value: 0 });
Alpine.start();

const text = (root) => root.innerText.replace(/\s+/g, " ").trim();

scenario(async (root) => {
  const run = ++runs;
  Alpine.store("count").value = 0;
  root.id = "alpine";
  root.innerHTML = `
    <section x-data="{ items: ['a', 'b', 'c'], open: true, typed: 'typed', number: '${run}-1', markup: '<b>raw</b>' }">
      <button class="add" @click="$store.count.value++; $dispatch('counted', $store.count.value)">Add</button>
      <output x-text="$store.count.value"></output>
      <input x-model="typed"><b x-text="typed"></b>
      <ul><template x-for="item in items" :key="item"><li :data-item="item" x-text="item"></li></template></ul>
      <template x-if="open"><i x-data="tag">open</i></template>
      <p class="shown" x-show="open" x-transition.duration.20ms>shown</p>
      <template x-teleport="#alpine"><strong x-text="'teleported ' + typed"></strong></template>
      <div x-html="markup"></div>
      <img class="pixel" alt="" :src="'${VENDOR}/alpine-' + number + '.gif'">
      <iframe class="frame" :src="'${VENDOR}/alpine-' + number + '.html'"></iframe>
      <template x-for="n in [1, 2]"><img class="cloned" alt="" :src="'/' + n + '.gif'"></template>
    </section>`;
  root.addEventListener("counted", ({ detail }) => say("counted", detail));
  await until("Alpine", () => root.querySelectorAll("li").length === 3);
  await rest();
  const data = Alpine.$data(root.querySelector("section"));
  const [pixel, frame] = ["pixel", "frame"].map((name) => root.querySelector(`.${name}`));
  say("rendered", text(root));
  say("nodes", [...root.querySelectorAll("*")].map(({ localName }) => localName).join(" "));
  say("tags", reads(pixel), reads(frame));

  root.querySelector(".add").click();
  const input = root.querySelector("input");
  input.value = "changed";
  input.dispatchEvent(new Event("input"));
  await Alpine.nextTick();
  say("clicked", text(root));

  const nodes = new Map([...root.querySelectorAll("li")].map((item) => [item.dataset.item, item]));
  Object.assign(data, { items: ["c", "x", "a"], open: false, number: `${run}-2`, markup: "<i>other</i>" });
  await until("transition", () => root.querySelector(".shown").style.display === "none");
  say("updated", text(root));
  say(
    "kept",
    [...root.querySelectorAll("li")].map((item) => nodes.get(item.dataset.item) === item),
  );
  say("tags", reads(pixel), reads(frame));

  const late = document.createElement("div");
  late.setAttribute("x-data", "{ late: 'late' }");
  late.innerHTML = "<em x-text='late'></em>";
  root.append(late);
  await until("late element", () => late.innerText === "late");
  const twin = root.appendChild(late.cloneNode(true));
  await rest();
  say("late", text(late), text(twin));

  return async () => {
    await until("vendor's pixel", () => pixel.naturalWidth === 1);
    say("released", reads(pixel), reads(frame));
    Object.assign(data, { number: `${run}-4`, open: true });
    await until("next pixel", () => pixel.currentSrc.endsWith(`${run}-4.gif`) && pixel.complete);
    await rest();
    say("updated", reads(pixel), reads(frame), text(root));
    root.querySelector("section").remove();
    await rest();
    say("removed", text(root));
  };
});
