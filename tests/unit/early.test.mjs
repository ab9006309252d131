// The early phase's lookup gives what the gate gives before any choice: on the kept vectors, and on drawn addresses.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { load } from "./load.mjs";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const DRAWN = 20_000;
const SEED = Number(process.env.PORTCULLIS_SEED ?? Math.floor(Date.now() / 1000));

/** The same numbers for the same seed (mulberry32). */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The gate with a config, before any choice; whether it lets an element ask for an address. */
async function gate(config) {
  const bytes = await readFile(path.join(ROOT, "target/glue/gate/module.wasm"));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const put = (text, call) => {
    const given = new TextEncoder().encode(text);
    const at = exports.room(given.length);
    new Uint8Array(exports.memory.buffer).set(given, at);
    return call();
  };
  put(`K\t${config}`, exports.send);
  put("B\t0\t0\t0\t", exports.send);
  return (host, address) => (put(`?\t\t${host}\t${address}`, exports.ask) & 3) === 0;
}

describe("the early phase's lookup", () => {
  let earlyTable;
  let mayPass;
  let plainTable;
  let vectors;
  before(async () => {
    ({ earlyTable } = await import(pathToFileURL(path.join(ROOT, "pkg/tools.js")).href));
    ({ mayPass, plainTable } = await load("js/early/table.ts", {
      location: { hostname: "www.acme.example" },
    }));
    vectors = JSON.parse(await readFile(path.join(ROOT, "tests/vectors/early.json"), "utf8"));
  });

  const cut = (address) => {
    const { hostname, pathname, search } = new URL(address);
    return [hostname, pathname + search];
  };

  test("the kept vectors", () => {
    for (const { name, config, pass, hold } of vectors) {
      const table = earlyTable(config.join("\n"));
      for (const address of pass)
        assert.notEqual(mayPass(table, ...cut(address)), false, `${name}: ${address}`);
      for (const address of hold) assert.equal(mayPass(table, ...cut(address)), false, `${name}: ${address}`);
    }
  });

  test("drawn configs and addresses: as the gate has it", async () => {
    console.log(`# early: seed ${SEED}`);
    const draw = random(SEED);
    const one = (list) => list[Math.floor(draw() * list.length)];
    const some = (make, most) => Array.from({ length: Math.floor(draw() * most) }, make);
    const host = () =>
      some(() => one(["a", "b", "www", "co", "com"]), 3)
        .concat(one(["x.com", "y.example", "google.de", "shop.co.uk", "z.com.au"]))
        .join(".");
    const where = (star) =>
      `/${some(() => one(["a", "b", "ads", "js", star ? "*" : "c"]), 4).join(one(["/", ""]))}`;
    const pair = () => `${one(["id", "k"])}=${one(["G-", "AW-", "G-1", ""])}`;
    const claim = () => {
      const name = draw() < 0.15 ? `${one(["www.google", "shop", "a.b"])}.*` : host();
      return name + (draw() < 0.6 ? where(true) + (draw() < 0.4 ? `?${pair()}` : "") : "");
    };
    let held = 0;
    for (let round = 0; round < 40; round++) {
      const vendors = Array.from(
        { length: 6 },
        (_, at) =>
          `v\tv${at}\t${one(["necessary", "targeting", "targeting", "nowhere"])}\t\t\t\t\t${Array.from({ length: 3 }, claim).join(" ")}\t`,
      );
      const holds = one(["allow", "hold"]);
      const config = [
        `p\t1\t1\topt-in\t${holds}\t\tacme.example ${host()}\t\t0`,
        "c\tnecessary\ta",
        "c\ttargeting\ts",
        ...vendors,
      ].join("\n");
      const table = earlyTable(config);
      const allows = await gate(config);
      for (let n = 0; n < DRAWN / 40; n++) {
        const name = host() + (draw() < 0.05 ? "." : "");
        const address = where(false) + (draw() < 0.5 ? `?${pair()}&${pair()}1` : "");
        const expected = allows(name, address);
        held += expected ? 0 : 1;
        assert.equal(mayPass(table, name, address) !== false, expected, `${name}${address}\n${config}`);
      }
    }
    assert.ok(held > DRAWN / 20 && held < DRAWN * 0.95, `both answers are drawn: ${held} of ${DRAWN} held`);
  });

  test("the plain table holds a host that a vendor shares with one that is always active", () => {
    const table = plainTable({ unclassified: "hold", site: { hosts: ["cdn.acme-static.example"] } }, [
      { id: "pay", category: "necessary", hosts: ["pay.example/checkout", "shared.example"] },
      { id: "ads", category: "targeting", hosts: ["shared.example/ads?x=1", "www.google.*/ads"] },
    ]);
    const passes = (address) => mayPass(table, ...cut(address));
    for (const address of [
      "https://js.pay.example/v3.js",
      "https://acme.example/",
      "https://x.cdn.acme-static.example/",
    ])
      assert.equal(passes(address), true, address);
    for (const address of ["https://shared.example/", "https://www.google.de/", "https://other.example/"])
      assert.equal(passes(address), false, address);
  });
});

describe("the early phase's judge", () => {
  test("calls wait or are refused, elements are held, and the log hears what the gate would log", async () => {
    const { earlyJudge } = await load("js/early/judge.ts", { location: { hostname: "www.acme.example" } });
    const table = { claims: [["ads.example", "", "", 0]], own: ["acme.example"], holds: 0 };
    const log = [];
    const held = [];
    const judge = (waits) => earlyJudge(table, waits, log, (address) => held.push(address));
    const ask = (question, waits = true) => judge(waits).ask(question);
    assert.equal(ask("e\t\tads.example\t/a.js"), 1);
    assert.equal(ask("c\t\tads.example\t/a"), 3);
    assert.equal(ask("c\t\tads.example\t/a", false), 2);
    assert.equal(ask("c\t\twww.acme.example\t/a"), 0);
    assert.equal(ask("e\t\t\t"), 0, "what is no request");
    assert.deepEqual(log, []);
    assert.equal(ask("c\t\tother.example\t/x"), 0);
    assert.deepEqual(
      log.map(({ kind, what, target }) => [kind, what, target]),
      [["request", "allowed", "other.example/x"]],
    );
    assert.equal(ask("h\t1\tm\tads.example\t/a.js"), 1);
    assert.equal(ask("n\t__Host-portcullis"), 2, "nobody writes our record");
    assert.equal(ask("n\tportcullis"), 2);
    assert.equal(ask("n\t_ga"), 0);
    judge(true).note("script", "held", "https://ads.example/a.js", 0, {});
    assert.deepEqual(held, ["https://ads.example/a.js"]);
  });
});
