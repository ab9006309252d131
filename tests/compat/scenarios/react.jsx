// React 19: rendering, hydration, updates, fragments, portals, suspense, metadata, error boundaries.

import { Component, lazy, StrictMode, Suspense, useEffect, useId, useLayoutEffect, useState } from "react";
import { createPortal, flushSync } from "react-dom";
import { createRoot, hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server.browser";
import { reads, rest, say, scenario, until, VENDOR } from "./scenario.js";

let runs = 0;

class Boundary extends Component {
  state = { error: null };
  static getDerivedStateFromError(error) {
    return { error };
  }
  render() {
    return this.state.error ? <p role="alert">{this.state.error.message}</p> : this.props.children;
  }
}

function Broken({ broken }) {
  if (broken) throw new Error("broken on purpose");
  return <p>whole</p>;
}

function Counter() {
  const [count, setCount] = useState(0);
  const id = useId();
  useLayoutEffect(() => {
    say("layout effect", count);
    return () => say("layout cleanup", count);
  }, [count]);
  useEffect(() => say("effect", count), [count]);
  return (
    <>
      <label htmlFor={id}>Count</label>
      <output id={id}>{count}</output>
      <button type="button" className="add" onClick={() => setCount((now) => now + 1)}>
        Add
      </button>
    </>
  );
}

function List({ items }) {
  return (
    <ul>
      {items.map((item) => (
        <li key={item} data-item={item}>
          {item}
          <img alt="" src={`/${item}.gif`} />
        </li>
      ))}
    </ul>
  );
}

const Frame = ({ number }) => (
  <iframe className="frame" title="frame" src={`${VENDOR}/react-${number}.html`} />
);

function Tags({ number }) {
  return (
    <div className="tags">
      <img className="pixel" alt="" src={`${VENDOR}/react-${number}.gif`} />
      <Frame number={number} />
    </div>
  );
}

const Later = lazy(async () => {
  await rest();
  return { default: () => <em>later</em> };
});

function App({ items, broken, number, portal }) {
  return (
    <StrictMode>
      <title>{`React ${items.join("")}`}</title>
      <Counter />
      <List items={items} />
      <Boundary key={String(broken)}>
        <Broken broken={broken} />
      </Boundary>
      <Tags number={number} />
      <Suspense fallback={<em>waiting</em>}>
        <Later />
      </Suspense>
      {portal && createPortal(<strong>in a portal</strong>, portal)}
      <div dangerouslySetInnerHTML={{ __html: '<b>raw</b><script>say("must not run")</script>' }} />
    </StrictMode>
  );
}

const text = (root) => root.innerText.replace(/\s+/g, " ").trim();

scenario(async (root) => {
  const run = ++runs;
  const options = {
    onRecoverableError: (error) => say("recoverable", error.message),
    onCaughtError: (error) => say("caught", error.message),
    onUncaughtError: (error) => say("uncaught", error.message),
  };
  const place = root.appendChild(document.createElement("section"));
  const portal = root.appendChild(document.createElement("aside"));
  const tree = createRoot(place, options);
  flushSync(() => tree.render(<App items={["a", "b", "c"]} number={`${run}-1`} portal={portal} />));
  say("rendered", text(root));
  await until("lazy content", () => place.innerText.includes("later"));
  say("suspended", text(root), document.title);
  say("nodes", [...place.querySelectorAll("*")].map(({ localName }) => localName).join(" "));
  const [pixel, frame] = ["pixel", "frame"].map((name) => place.querySelector(`.${name}`));
  say("tags", reads(pixel), reads(frame));

  place.querySelector(".add").click();
  await rest();
  say("clicked", place.querySelector("output").textContent);

  const nodes = new Map([...place.querySelectorAll("li")].map((item) => [item.dataset.item, item]));
  flushSync(() => tree.render(<App items={["c", "x", "a"]} broken number={`${run}-2`} portal={portal} />));
  say("reordered", text(root), document.title);
  say(
    "kept",
    [...place.querySelectorAll("li")].map((item) => nodes.get(item.dataset.item) === item),
  );
  say("same tags", place.querySelector(".pixel") === pixel, place.querySelector(".frame") === frame);
  say("tags", reads(pixel), reads(frame));

  const server = root.appendChild(document.createElement("section"));
  const Hydrated = () => (
    <main>
      <Counter />
      <Frame number={`${run}-3`} />
      <List items={["h"]} />
    </main>
  );
  server.innerHTML = renderToString(<Hydrated />);
  const before = server.querySelector(".frame");
  const hydrated = hydrateRoot(server, <Hydrated />, options);
  await rest(60);
  server.querySelector(".add").click();
  await rest();
  say("hydrated", text(server), server.querySelector(".frame") === before, reads(before));

  // A script that React puts in the document itself, once, whoever asks.
  const scripts = createRoot(root.appendChild(document.createElement("section")), options);
  const Script = () => <script async src={`/ran.js?as=react${run}`} />;
  flushSync(() =>
    scripts.render(
      <>
        <Script />
        <Script />
        <script async src={`${VENDOR}/react-${run}.js`} />
      </>,
    ),
  );
  await until("hoisted script", () => window.ran.includes(`react${run}`));
  say("hoisted", document.querySelectorAll(`script[src="/ran.js?as=react${run}"]`).length);

  return async () => {
    await until("vendor's script", () => window.ran.includes(`/react-${run}.js`));
    await until("vendor's pixel", () => pixel.naturalWidth === 1);
    say("released", reads(pixel), reads(frame), reads(before));
    flushSync(() => tree.render(<App items={["z"]} number={`${run}-4`} portal={portal} />));
    await until("next pixel", () => pixel.currentSrc.endsWith(`${run}-4.gif`) && pixel.complete);
    await rest();
    say("updated", reads(pixel), reads(frame), place.querySelector(".pixel") === pixel, text(root));
    for (const one of [tree, hydrated, scripts]) flushSync(() => one.unmount());
    say("unmounted", place.childNodes.length, portal.childNodes.length, server.childNodes.length);
  };
});
