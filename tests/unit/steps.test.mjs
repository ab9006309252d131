// The closed vocabulary of vendors' steps, on a window with nothing in it.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { load } from "./load.mjs";

let window;
let cookies;
let steps;
let document;
let warnings;
const native = { setCookie: (_, text) => cookies.push(text) };
const ADS = 1;
const OTHER = 2;

beforeEach(async () => {
  window = {};
  cookies = [];
  warnings = [];
  const console = { warn: (text) => warnings.push(text) };
  const location = { hostname: "localhost", search: "" };
  document = { readyState: "loading" };
  ({ steps } = await load("js/steps.ts", { window, document, location, console }));
});

const perform = (list, vendor = ADS) => steps.perform(list, vendor, native);
/** Starts a vendor that has nothing to say first, and delivers what was kept for it. */
const begin = (vendor = ADS, of = { id: "ads" }, isLoaded = false) => {
  steps.begin(of, vendor, native, isLoaded);
  steps.deliver();
};
/** What stands in the data layer, a command a word. */
const layer = () =>
  window.dataLayer.map((item) => (item.event ? item.event : [...item].slice(0, 2).join(" ")));

const GTAG = { do: "arguments-queue", name: "gtag", queue: "dataLayer" };
const FBQ = {
  do: "function-queue",
  name: "fbq",
  queue: "queue",
  forward: "callMethod",
  item: "arguments",
  with: { version: "2.0", loaded: true },
  also: ["_fbq", "fbq.push"],
};

test("no steps are no trouble", () => {
  perform(undefined);
  perform([]);
  assert.deepEqual(window, {});
});

test("array: made where there is none, and left where there is one", () => {
  const own = [1];
  window.there = own;
  perform([
    { do: "array", name: "there" },
    { do: "array", name: "made" },
  ]);
  assert.equal(window.there, own);
  assert.deepEqual(window.made, []);
});

test("set, push and call: by a path, with the object that holds a function for its `this`", () => {
  const called = [];
  window.ads = {
    list: [],
    run(...all) {
      called.push([this, all]);
    },
  };
  perform([
    { do: "set", name: "ads.id", value: { deep: ["a", 1] } },
    { do: "push", name: "ads.list", value: "b" },
    { do: "call", name: "ads.run", arguments: ["c", { d: 2 }] },
    { do: "call", name: "ads.absent", arguments: [] },
    { do: "call", name: "nobody.absent", arguments: [] },
  ]);
  assert.deepEqual(window.ads.id, { deep: ["a", 1] });
  assert.deepEqual(window.ads.list, ["b"]);
  assert.deepEqual(called, [[window.ads, ["c", { d: 2 }]]]);
});

test("the moment is the one value that is made: as a date, and as milliseconds", () => {
  const before = Date.now();
  perform([{ do: "set", name: "now", value: [{ $: "date" }, { at: { $: "millis" } }, { $: "other" }] }]);
  const [date, { at }, other] = window.now;
  assert.ok(date instanceof Date && date.getTime() >= before);
  assert.ok(at >= before && at <= Date.now());
  assert.deepEqual(other, { $: "other" });
});

test("a text that reads like code stays a text", () => {
  perform([{ do: "set", name: "text", value: "alert(1)" }]);
  assert.equal(window.text, "alert(1)");
});

test("cookie: set for as long as browsers keep one, or erased", () => {
  perform([
    { do: "cookie", name: "_out", value: "1" },
    { do: "cookie", name: "_id", value: null },
  ]);
  assert.deepEqual(cookies, [
    "_out=1; Path=/; SameSite=Lax; Max-Age=34560000",
    "_id=; Path=/; SameSite=Lax; Max-Age=0",
  ]);
});

test("arguments-queue: each call stands as an Arguments object in the page's array", () => {
  window.dataLayer = [];
  perform([GTAG]);
  window.gtag("config", "G-1");
  window.gtag("event", "late");
  assert.deepEqual(
    window.dataLayer.map((call) => [Object.prototype.toString.call(call), ...call]),
    [
      ["[object Arguments]", "config", "G-1"],
      ["[object Arguments]", "event", "late"],
    ],
  );
});

test("what is kept is delivered once, in its order, behind the vendor's own first calls", () => {
  window.dataLayer = [];
  perform([GTAG]);
  for (const n of [1, 2, 3]) window.gtag(n);
  begin(ADS, { id: "ads", start: [{ do: "call", name: "gtag", arguments: ["js"] }] });
  begin();
  assert.deepEqual(layer(), ["js", "1", "2", "3"]);
});

test("function-queue: its own queue and properties under all of its names; the vendor's own function takes over", () => {
  perform([FBQ]);
  const { fbq } = window;
  assert.equal(window._fbq, fbq);
  assert.equal(fbq.push, fbq);
  assert.deepEqual([fbq.version, fbq.loaded, fbq.queue], ["2.0", true, []]);
  fbq("init", "1");
  begin();
  assert.deepEqual(
    fbq.queue.map((call) => [...call]),
    [["init", "1"]],
  );
  const heard = [];
  fbq.callMethod = (...all) => heard.push(all);
  fbq("track", "PageView");
  assert.deepEqual(heard, [["track", "PageView"]]);
});

test("function-queue, lists: a call is a plain array", () => {
  perform([{ do: "function-queue", name: "twq", queue: "queue", item: "list" }]);
  window.twq("event", 1);
  begin();
  assert.deepEqual(window.twq.queue, [["event", 1]]);
});

test("a function that the page has already is its own", () => {
  const own = () => "own";
  window.gtag = own;
  window._fbq = own;
  perform([GTAG, FBQ]);
  assert.equal(window.gtag, own);
  assert.equal(window._fbq, own);
});

test("refused: what was kept is forgotten, and further calls are swallowed; granted: they pass", () => {
  window.dataLayer = [];
  perform([GTAG]);
  window.gtag("before");
  steps.signal(ADS, false);
  window.gtag("refused");
  begin();
  assert.deepEqual(window.dataLayer, []);
  steps.signal(ADS, true);
  window.gtag("granted");
  assert.deepEqual(
    window.dataLayer.map(([name]) => name),
    ["granted"],
  );
});

test("a stub that two vendors share is silent when both are refused, and not before", () => {
  window.dataLayer = [];
  perform([GTAG], ADS);
  perform([GTAG], OTHER);
  steps.signal(ADS, false);
  window.gtag("one is left");
  steps.signal(OTHER, false);
  window.gtag("nobody is left");
  steps.signal(OTHER, true);
  begin(OTHER);
  assert.deepEqual(
    window.dataLayer.map(([name]) => name),
    [],
    "what was kept is forgotten at the last refusal",
  );
  window.gtag("back");
  assert.equal(window.dataLayer.length, 1);
});

test("a page that calls on and on before the vendor is there is kept five hundred calls of", () => {
  window.dataLayer = [];
  perform([GTAG]);
  for (let n = 0; n < 600; n++) window.gtag(n);
  begin();
  assert.equal(window.dataLayer.length, 500);
  assert.equal(window.dataLayer.at(-1)[0], 499);
});

/** A vendor of gtag's, with its id. */
const google = (id) => ({
  id,
  stub: [GTAG],
  start: [
    { do: "call", name: "gtag", arguments: ["js"] },
    { do: "call", name: "gtag", arguments: ["config", id] },
  ],
  values: { measurementId: id },
});

test("calls to several vendors are delivered once each of them that starts has its id", () => {
  window.dataLayer = [];
  perform([GTAG], ADS);
  perform([GTAG], OTHER);
  window.gtag("event", "early");
  steps.begin(google("G-1"), ADS, native);
  assert.deepEqual(layer(), ["js", "config G-1"]);
  steps.begin(google("AW-2"), OTHER, native);
  steps.deliver();
  steps.deliver();
  assert.deepEqual(layer(), ["js", "config G-1", "js", "config AW-2", "event early"]);
});

test("the page's own snippet came first: it counts, ours is left out, and development says so", () => {
  window.dataLayer = [];
  perform([GTAG]);
  // As the snippet does it: a function of the page's own.
  (function gtag() {
    // biome-ignore lint/complexity/noArguments: gtag's way
    window.dataLayer.push(arguments);
  })("config", "G-1");
  steps.begin(google("G-1"), ADS, native);
  assert.deepEqual(layer(), ["config G-1"]);
  assert.equal(warnings.length, 1);
  steps.begin(google("G-2"), OTHER, native);
  assert.deepEqual(layer(), ["config G-1", "js", "config G-2"], "another id is another vendor's");
});

test("ours came first: the page's own is left out while the page loads, and counts later", () => {
  window.dataLayer = [];
  perform([GTAG]);
  steps.begin(google("G-1"), ADS, native);
  const own = (...call) =>
    (function gtag() {
      // biome-ignore lint/complexity/noArguments: gtag's way
      window.dataLayer.push(arguments);
    })(...call);
  own("config", "G-1");
  own("config", "G-9");
  assert.deepEqual(layer(), ["js", "config G-1", "config G-9"]);
  // The vendor's code puts its own `push` there, and calls the one that it found.
  const { push } = window.dataLayer;
  const heard = [];
  window.dataLayer.push = (...items) => {
    heard.push(...items);
    return push.apply(window.dataLayer, items);
  };
  document.readyState = "complete";
  own("config", "G-1");
  assert.deepEqual(layer().slice(-1), ["config G-1"]);
  assert.equal(heard.length, 1);
  assert.equal(warnings.length, 1);
});

test("function-queue: a repeated id, and what the snippet calls after it, is left out", () => {
  perform([FBQ]);
  const vendor = {
    id: "pixel",
    stub: [FBQ],
    start: [
      { do: "call", name: "fbq", arguments: ["init", "1"] },
      { do: "call", name: "fbq", arguments: ["track", "PageView"] },
    ],
    values: { pixelId: "1" },
  };
  begin(ADS, vendor);
  window.fbq("track", "PageView");
  window.fbq("init", "1");
  window.fbq("track", "PageView");
  window.fbq("track", "Purchase");
  assert.deepEqual(
    window.fbq.queue.map((call) => [...call].join(" ")),
    ["init 1", "track PageView", "track PageView", "track Purchase"],
    "a call without the id before it is the page's own",
  );
});

test("a tag manager that the page's snippet loads has its event from there", () => {
  const vendor = {
    id: "gtm",
    start: [{ do: "push", name: "dataLayer", value: { event: "gtm.js" } }],
    values: { containerId: "GTM-1" },
  };
  window.dataLayer = [{ event: "gtm.js" }];
  begin(ADS, vendor, true);
  assert.deepEqual(layer(), ["gtm.js"]);
  begin(OTHER, vendor, false);
  assert.deepEqual(layer(), ["gtm.js", "gtm.js"], "another container's");
});

test("what stands in a list already is not pushed again", () => {
  window.ids = ["1"];
  perform([
    { do: "push", name: "ids", value: "1" },
    { do: "push", name: "ids", value: "2" },
  ]);
  assert.deepEqual(window.ids, ["1", "2"]);
});
