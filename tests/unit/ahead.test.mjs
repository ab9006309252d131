// What a returning visitor's page fetches ahead: only under exactly the state in which it ran.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { load } from "./load.mjs";

const RECORD =
  "1.0123456789abcdef.7.1764000000.4.i.0.p.de-AT.deadbeef.performance~!targeting.meta-pixel..daa15843";
const BUILD = "build";
const DAY = Math.floor(Date.now() / 864e5);
const STATE = `${BUILD} 0123456789abcdef daa15843 ${DAY}`;
const KEY = "portcullis.ahead";

let stored;
let cookie;
let document;
let navigator;
let ahead;
const native = { cookies: () => cookie, prerendering: (of) => of.prerendering };
const localStorage = {
  getItem: (key) => stored.get(key) ?? null,
  setItem: (key, value) => void stored.set(key, value),
  removeItem: (key) => void stored.delete(key),
};

beforeEach(async () => {
  stored = new Map();
  cookie = `a=1; __Host-portcullis=${RECORD}; b=2`;
  document = {};
  navigator = {};
  ahead = await load("js/early/ahead.ts", {
    document,
    navigator,
    localStorage,
    location: { protocol: "https:" },
  });
});

const left = (build = BUILD) => [...ahead.left(native, build).addresses];
/** Leaves addresses, and what Google was told. */
const leave = (under, addresses, google) =>
  ahead.leave(under, { addresses: new Set(addresses), ...(google !== undefined && { google }) });

test("the state is the build, the record's id and checksum, and the day", () => {
  assert.equal(ahead.state(native, BUILD), STATE);
});

test("no state without a record, or with two of them", () => {
  cookie = "a=1";
  assert.equal(ahead.state(native, BUILD), "");
  cookie = `__Host-portcullis=${RECORD}; __Host-portcullis=${RECORD}`;
  assert.equal(ahead.state(native, BUILD), "");
});

test("a record under plain http's name is none on https", () => {
  cookie = `portcullis=${RECORD}`;
  assert.equal(ahead.state(native, BUILD), "");
});

test("no state where the browser's signal is not what it was at the choice", () => {
  navigator.globalPrivacyControl = true;
  assert.equal(ahead.state(native, BUILD), "");
  cookie = cookie.replace(".i.0.", ".i.1.");
  assert.equal(ahead.state(native, BUILD), STATE);
});

test("what is left under a state is there under the same one", () => {
  leave(STATE, ["https://a.example/a.js", "+https://b.example/b.js"]);
  assert.deepEqual(left(), ["https://a.example/a.js", "+https://b.example/b.js"]);
});

test("another build, another record, another day: nothing", () => {
  leave(STATE, ["https://a.example/a.js"]);
  assert.deepEqual(left("another"), []);
  cookie = cookie.replace("daa15843", "daa15844");
  assert.deepEqual(left(), []);
  cookie = cookie.replace("daa15844", "daa15843");
  stored.set(KEY, stored.get(KEY).replace(` ${DAY}`, ` ${DAY - 1}`));
  assert.deepEqual(left(), []);
});

test("without a record nothing is fetched, whatever was left", () => {
  cookie = "";
  leave("", ["https://a.example/a.js"]);
  assert.deepEqual(left(), []);
});

test("a page that is rendered beforehand fetches nothing", () => {
  leave(STATE, ["https://a.example/a.js"]);
  document.prerendering = true;
  assert.deepEqual(left(), []);
});

test("no addresses: what was left before is taken away", () => {
  leave(STATE, ["https://a.example/a.js"]);
  leave(STATE, []);
  assert.equal(stored.has(KEY), false);
});

test("what Google was told is left where something is granted, alone or with addresses", () => {
  const told = () => ahead.left(native, BUILD).google;
  leave(STATE, [], 0b100_1000);
  assert.equal(told(), 0b100_1000);
  assert.deepEqual(left(), []);
  leave(STATE, ["https://a.example/a.js"], 0b111_1111);
  assert.equal(told(), 0b111_1111);
  assert.deepEqual(left(), ["https://a.example/a.js"]);
  leave(STATE, [], 0b100_0000);
  assert.equal(stored.has(KEY), false, "nothing is granted");
});

test("where storage is blocked nothing is left, and nothing breaks", async () => {
  const refuses = () => {
    throw new Error("SecurityError");
  };
  const blocked = { getItem: refuses, setItem: refuses, removeItem: refuses };
  const given = { document, navigator, localStorage: blocked, location: { protocol: "https:" } };
  const { leave, left: of } = await load("js/early/ahead.ts", given);
  leave(STATE, { addresses: new Set(["https://a.example/a.js"]) });
  assert.deepEqual([...of(native, BUILD).addresses], []);
});

test("where cookies are blocked there is no record", async () => {
  const refuses = {
    cookies() {
      throw new Error("SecurityError");
    },
  };
  assert.equal(ahead.state(refuses, BUILD), "");
});

test("fetched ahead: a preload of ours, under the nonce of who asks, in the head", () => {
  const did = [];
  const link = {};
  const natives = {
    createElement: (_, name) => Object.assign(link, { name }),
    setAttribute: (of, name, value) => void did.push(["set", of === link, name, value]),
    appendChild: (to, child) => void did.push(["append", to, child === link]),
    head: () => "the head",
    documentElement: () => "the root",
  };
  const held = { own: (of) => void did.push(["own", of === link]) };
  const known = { addresses: new Set(["https://a.example/a.js"]) };
  const early = { traps: { natives, held } };
  const script = (has) => ({ localName: "script", nonce: "abc", hasAttribute: (name) => name === has });
  ahead.fetchHeld(early, known, "https://a.example/other.js", script());
  assert.deepEqual(did, [], "it did not run on the page before");
  ahead.fetchHeld(early, known, "https://a.example/a.js", script());
  assert.deepEqual([link.name, link.rel, link.as, link.nonce], ["link", "preload", "script", "abc"]);
  assert.deepEqual(did, [
    // First it is ours: the traps would hold its address otherwise.
    ["own", true],
    ["set", true, "href", "https://a.example/a.js"],
    ["append", "the head", true],
  ]);
});
