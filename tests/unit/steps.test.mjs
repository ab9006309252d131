// The closed vocabulary of vendors' steps, on a window with nothing in it.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { load } from "./load.mjs";

let window;
let cookies;
let steps;
const native = { setCookie: (_, text) => cookies.push(text) };
const ADS = 1;
const OTHER = 2;

beforeEach(async () => {
  window = {};
  cookies = [];
  steps = await load("js/steps.ts", { window, document: {} });
});

const perform = (list, vendor = ADS) => steps.perform(list, vendor, native);

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

test("what is kept can be taken out of the queue, once, and put back in its order", () => {
  window.dataLayer = [];
  perform([GTAG]);
  for (const n of [1, 2, 3]) window.gtag(n);
  const put = steps.takeKept(ADS);
  assert.deepEqual(window.dataLayer, []);
  put();
  steps.takeKept(ADS)();
  assert.deepEqual(
    window.dataLayer.map(([n]) => n),
    [1, 2, 3],
  );
});

test("function-queue: its own queue and properties under all of its names; the vendor's own function takes over", () => {
  perform([FBQ]);
  const { fbq } = window;
  assert.equal(window._fbq, fbq);
  assert.equal(fbq.push, fbq);
  assert.deepEqual([fbq.version, fbq.loaded, fbq.queue], ["2.0", true, []]);
  fbq("init", "1");
  steps.takeKept(ADS)();
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
  steps.takeKept(ADS)();
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
  steps.takeKept(ADS)();
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
  steps.takeKept(OTHER)();
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
  steps.takeKept(ADS)();
  assert.equal(window.dataLayer.length, 500);
  assert.equal(window.dataLayer.at(-1)[0], 499);
});
