// Nobody can tell a patched function from the native one: every function of every interface is compared
// with the same page without Portcullis, and so are the errors and values that odd calls give.

import assert from "node:assert/strict";
import { test } from "node:test";
import { config, html, ORIGIN } from "./site.mjs";
import { asVisitor, inEachBrowser } from "./suite.mjs";

/** Every function that a page can see: its name, length, attributes, text and relations. */
function survey() {
  const seen = {};
  const look = (path, owner) => {
    for (const key of Reflect.ownKeys(owner)) {
      const { value, get, set, writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(
        owner,
        key,
      );
      const at = `${path}.${String(key)}`;
      for (const [kind, of] of Object.entries({ value, get, set })) {
        if (typeof of !== "function") continue;
        seen[`${at} ${kind}`] = [
          of.name,
          of.length,
          writable,
          enumerable,
          configurable,
          Function.prototype.toString.call(of),
          `${of}`,
          Reflect.ownKeys(of).map(String).sort().join(),
          Object.getPrototypeOf(of) === Function.prototype,
          kind === "value" && of.prototype ? of.prototype.constructor === of : null,
          Object.getOwnPropertyDescriptor(of, "prototype")?.writable,
        ].join(" | ");
      }
    }
  };
  const own = new Set(["portcullis", "survey", "oddCalls", "dataLayer"]);
  const names = Object.getOwnPropertyNames(window).filter((name) => /^[A-Z]/.test(name) && !own.has(name));
  for (const name of names) {
    const of = window[name];
    if (typeof of !== "function") continue;
    look(name, of);
    if (of.prototype) look(`${name}.prototype`, of.prototype);
  }
  for (const name of ["fetch", "fetchLater", "Image", "Audio", ...names]) {
    const found = Object.getOwnPropertyDescriptor(window, name);
    if (typeof found?.value === "function")
      seen[name] = [
        found.value.name,
        found.value.length,
        found.writable,
        found.enumerable,
        `${found.value}`,
      ].join();
  }
  return seen;
}

/** Odd calls of what is patched, and what they give: a value's kind, or an error's class, name and text. */
async function oddCalls() {
  const all = {};
  const attempt = async (name, act) => {
    try {
      const given = await act();
      all[name] = given instanceof Node ? given.nodeName : `${typeof given} ${String(given)}`;
    } catch (error) {
      all[name] = [error instanceof Error, error.constructor.name, error.name, error.message].join(" | ");
    }
  };
  const div = () => document.createElement("div");
  const prototypes = {
    Element: Element.prototype,
    Node: Node.prototype,
    Document: Document.prototype,
    Range: Range.prototype,
    XHR: XMLHttpRequest.prototype,
    Navigator: Navigator.prototype,
    Storage: Storage.prototype,
  };
  const methods = {
    Element:
      "setAttribute setAttributeNS setAttributeNode getAttribute getAttributeNS hasAttribute removeAttribute append prepend before after replaceWith replaceChildren insertAdjacentElement insertAdjacentHTML setHTMLUnsafe",
    Node: "appendChild insertBefore replaceChild cloneNode",
    Document: "importNode adoptNode write",
    Range: "insertNode surroundContents createContextualFragment",
    XHR: "open send",
    Navigator: "sendBeacon",
    Storage: "setItem",
  };
  const instances = {
    Element: div,
    Node: div,
    Document: () => document.implementation.createHTMLDocument(""),
    Range: () => document.createRange(),
    XHR: () => new XMLHttpRequest(),
    Navigator: () => navigator,
    Storage: () => localStorage,
  };
  for (const owner in methods) {
    for (const name of methods[owner].split(" ")) {
      const of = prototypes[owner][name];
      if (!of) continue;
      await attempt(`${owner}.${name} of nothing`, () => of.call(undefined));
      await attempt(`${owner}.${name} of an object`, () => of.call({}));
      await attempt(`${owner}.${name}()`, () => of.call(instances[owner]()));
      await attempt(`${owner}.${name}(null)`, () => of.call(instances[owner](), null));
      await attempt(`${owner}.${name}(1, 2)`, () => of.call(instances[owner](), 1, 2));
      await attempt(`${owner}.${name}(Symbol)`, () => of.call(instances[owner](), Symbol("x"), Symbol("y")));
      await attempt(`new ${owner}.${name}`, () => new of());
    }
  }
  for (const [owner, name] of [
    ["HTMLImageElement", "src"],
    ["HTMLImageElement", "srcset"],
    ["HTMLScriptElement", "src"],
    ["HTMLLinkElement", "href"],
    ["Element", "innerHTML"],
    ["Element", "outerHTML"],
    ["Document", "cookie"],
    ["Attr", "value"],
  ]) {
    const { get, set } = Object.getOwnPropertyDescriptor(window[owner].prototype, name);
    await attempt(`${owner}.${name} get of an object`, () => get.call({}));
    await attempt(`${owner}.${name} set of an object`, () => set.call({}, "x"));
    await attempt(`${owner}.${name} set of a symbol`, () =>
      set.call(document.createElement("img"), Symbol("x")),
    );
    await attempt(`${owner}.${name} set of nothing`, () => set.call(document.createElement("img")));
  }
  for (const name of ["WebSocket", "EventSource", "Worker", "SharedWorker", "FontFace", "Audio", "Image"]) {
    const of = window[name];
    await attempt(`${name}() without new`, () => of());
    await attempt(`new ${name}()`, () => new of().constructor === of);
    await attempt(`${name}, bad address`, () => new of("http://[", "url(", {}).constructor === of);
    await attempt(`${name}, derived`, () => {
      class Derived extends of {}
      const made = name === "Audio" || name === "Image" ? new Derived() : new Derived("http://[");
      return [made instanceof Derived, made instanceof of, Object.getPrototypeOf(made) === Derived.prototype];
    });
  }
  await attempt("fetch()", () => fetch());
  await attempt("fetch of a symbol", () => fetch(Symbol("x")));
  await attempt("fetch, bad address", () => fetch("http://["));
  await attempt("fetch of another this", () => fetch.call({}, "/"));
  await attempt("toString of an object", () => Function.prototype.toString.call({}));
  await attempt("new Image", () => [
    new Image() instanceof HTMLImageElement,
    new Audio("x") instanceof HTMLAudioElement,
  ]);
  return all;
}

inEachBrowser("likeness", (at) => {
  const library = `<script>window.survey=${survey};window.oddCalls=${oddCalls}</script>`;
  const both = async (visitor, ask) => {
    const { farm } = at();
    farm.page(`${ORIGIN}/with`, html({ config: await config(), head: library }));
    farm.page(`${ORIGIN}/without`, `<!doctype html><html><head>${library}</head><body></body></html>`);
    const answers = [];
    for (const path of ["/without", "/with"]) {
      const page = await visitor.page(ORIGIN + path);
      answers.push(await page.evaluate((name) => window[name](), ask));
    }
    return answers;
  };
  const differing = (native, patched) =>
    [...new Set([...Object.keys(native), ...Object.keys(patched)])]
      .filter((key) => native[key] !== patched[key])
      .map((key) => `${key}: ${native[key]} → ${patched[key]}`);

  test("every function of every interface looks native", () =>
    asVisitor(at(), async (visitor) => {
      const [native, patched] = await both(visitor, "survey");
      assert.ok(Object.keys(native).length > 5000, "too few were seen");
      assert.deepEqual(differing(native, patched), []);
    }));

  test("odd calls give the same values and errors", () =>
    asVisitor(at(), async (visitor) => {
      const [native, patched] = await both(visitor, "oddCalls");
      assert.ok(Object.keys(native).length > 200, "too few were tried");
      assert.deepEqual(differing(native, patched), []);
    }));
});
