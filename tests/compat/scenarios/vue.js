// Vue 3: templates compiled in the page, updates, lists, teleports, transitions, hydration.

import {
  compile,
  createApp,
  createSSRApp,
  defineAsyncComponent,
  nextTick,
  reactive,
  ref,
} from "vue/dist/vue.esm-bundler.js";
import { renderToString } from "vue/server-renderer";
import { reads, rest, say, scenario, until, VENDOR } from "./scenario.js";

let runs = 0;

const text = (root) => root.innerText.replace(/\s+/g, " ").trim();

const App = (state, portal) => ({
  setup: () => ({ state, portal, VENDOR, count: ref(0) }),
  components: {
    Later: defineAsyncComponent(async () => {
      await rest();
      return { template: "<em>later</em>" };
    }),
    Panel: {
      props: ["name"],
      template: "<p>panel {{ name }} <slot /></p>",
      mounted: () => say("panel mounted"),
      activated: () => say("panel activated"),
      deactivated: () => say("panel deactivated"),
    },
  },
  errorCaptured(error) {
    say("captured", error.message);
    return false;
  },
  template: `
    <button class="add" @click.prevent="count++">Add</button><output>{{ count }}</output>
    <input v-model="state.typed"><b>{{ state.typed }}</b>
    <ul><li v-for="item in state.items" :key="item" :data-item="item">{{ item }}<img alt="" :src="'/' + item + '.gif'"></li></ul>
    <template v-if="state.open"><i>one</i><i>two</i></template><s v-else>shut</s>
    <KeepAlive><Panel v-if="state.open" name="kept"><u>slotted</u></Panel></KeepAlive>
    <Teleport :to="portal"><strong>teleported {{ count }}</strong></Teleport>
    <Transition name="fade"><p v-if="state.open" class="fading">fading</p></Transition>
    <Later />
    <div v-html="state.markup"></div>
    <img class="pixel" alt="" :src="VENDOR + '/vue-' + state.number + '.gif'">
    <iframe class="frame" title="frame" :src="VENDOR + '/vue-' + state.number + '.html'"></iframe>
    <div class="static"><p>1</p><p>2</p><p>3</p><p>4</p><p>5</p><p class="a">6</p><p class="b">7</p><p class="c">8</p><p class="d">9</p><p class="e">10</p><p class="f">11</p></div>`,
});

scenario(async (root) => {
  const run = ++runs;
  const place = root.appendChild(document.createElement("section"));
  const portal = root.appendChild(document.createElement("aside"));
  const state = reactive({
    items: ["a", "b", "c"],
    typed: "typed",
    open: true,
    number: `${run}-1`,
    markup: '<b>raw</b><script>say("must not run")</script>',
  });
  const app = createApp(App(state, portal));
  app.mount(place);
  say("rendered", text(root));
  await until("async component", () => place.innerText.includes("later"));
  say("nodes", [...place.querySelectorAll("*")].map(({ localName }) => localName).join(" "));
  const [pixel, frame] = ["pixel", "frame"].map((name) => place.querySelector(`.${name}`));
  say("tags", reads(pixel), reads(frame));

  place.querySelector(".add").click();
  const input = place.querySelector("input");
  input.value = "changed";
  input.dispatchEvent(new Event("input"));
  await nextTick();
  say("clicked", text(root));

  const nodes = new Map([...place.querySelectorAll("li")].map((item) => [item.dataset.item, item]));
  Object.assign(state, { items: ["c", "x", "a"], open: false, number: `${run}-2`, markup: "<i>other</i>" });
  await nextTick();
  await until("transition", () => !place.querySelector(".fading"));
  say("updated", text(root));
  say(
    "kept",
    [...place.querySelectorAll("li")].map((item) => nodes.get(item.dataset.item) === item),
  );
  say("tags", reads(pixel), reads(frame), place.querySelector(".pixel") === pixel);
  state.open = true;
  await nextTick();
  say("opened", text(root));

  const Hydrated = {
    setup: () => ({ count: ref(0), number: `${run}-3`, VENDOR }),
    render: compile(`<main><button @click="count++">{{ count }}</button>
      <iframe title="frame" :src="VENDOR + '/vue-' + number + '.html'"></iframe><p v-for="n in 3">{{ n }}</p></main>`),
  };
  const server = root.appendChild(document.createElement("section"));
  server.innerHTML = await renderToString(createSSRApp(Hydrated));
  await rest();
  const before = server.querySelector("iframe");
  const hydrated = createSSRApp(Hydrated);
  hydrated.mount(server);
  server.querySelector("button").click();
  await nextTick();
  say("hydrated", text(server), server.querySelector("iframe") === before, reads(before));

  return async () => {
    await until("vendor's pixel", () => pixel.naturalWidth === 1);
    say("released", reads(pixel), reads(frame), reads(before));
    state.number = `${run}-4`;
    state.items = ["z"];
    await nextTick();
    await until("next pixel", () => pixel.currentSrc.endsWith(`${run}-4.gif`) && pixel.complete);
    say("updated", reads(pixel), reads(frame), text(root));
    for (const one of [app, hydrated]) one.unmount();
    say("unmounted", place.childNodes.length, portal.childNodes.length, server.childNodes.length);
  };
});
