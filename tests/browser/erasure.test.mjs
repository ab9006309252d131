// What a vendor may have stored, in every form that the browser takes, is gone after a withdrawal where a
// script can see it; and the report says what is not.

import assert from "node:assert/strict";
import { test } from "node:test";
import { config, html, ORIGIN } from "./site.mjs";
import { asVisitor, inEachBrowser } from "./suite.mjs";

const names = (prefix, kind) => ({ kind, key: `${prefix}*`, purpose: "visitor-id" });
const cookie = (name, more = {}) => ({
  name,
  party: "first",
  purpose: "visitor-id",
  lifetime: "P1D",
  ...more,
});

const VENDOR = {
  id: "hoarder",
  name: "Hoarder",
  category: "performance",
  hosts: ["hoarder.example", "www.acme.example/hoarder-"],
  cookies: [
    cookie("hoard_*"),
    cookie("__Secure-hoard_*"),
    cookie("__Host-hoard_*"),
    cookie("hidden", { httpOnly: true }),
    cookie("far", { party: "third" }),
  ],
  storage: ["local", "session", "indexeddb", "cache"].map((kind) => names("hoard_", kind)),
};

/** Plants a cookie under every name × path × domain × flags; those that were taken. */
function plant() {
  const taken = [];
  let n = 0;
  for (const prefix of ["", "__Secure-", "__Host-"]) {
    for (const path of ["/", "/shop", "/shop/", "/shop/deep", "/shop/deep/"]) {
      for (const domain of [
        "",
        "; Domain=acme.example",
        "; Domain=www.acme.example",
        "; Domain=.acme.example",
      ]) {
        for (const flags of [
          "",
          "; Secure",
          "; SameSite=Strict",
          "; Secure; SameSite=None",
          "; Secure; SameSite=None; Partitioned",
        ]) {
          const name = `${prefix}hoard_${++n}`;
          // biome-ignore lint/suspicious/noDocumentCookie: planted as a vendor would
          document.cookie = `${name}=1; Path=${path}${domain}${flags}`;
          if (document.cookie.includes(`${name}=`)) taken.push(name);
        }
      }
    }
  }
  return taken;
}

async function store() {
  localStorage.hoard_direct = "1";
  sessionStorage.setItem("hoard_tab", "1");
  localStorage.setItem("kept", "1");
  await new Promise((resolve) => {
    const request = indexedDB.open("hoard_base");
    request.onsuccess = () => {
      request.result.close();
      resolve();
    };
  });
  await (await caches.open("hoard_cache")).put("/own", new Response("kept"));
  await caches.open("own_cache");
  const { serviceWorker } = navigator;
  await serviceWorker?.register("/hoarder-worker.js", { scope: "/hoarder-scope/" }).catch(() => {});
  await serviceWorker?.register("/own-worker.js", { scope: "/own-scope/" }).catch(() => {});
  return (await serviceWorker?.getRegistrations().catch(() => []))?.length ?? 0;
}

const visible = () =>
  Promise.all([
    document.cookie,
    Object.keys(localStorage).sort().join(),
    Object.keys(sessionStorage).join(),
    indexedDB.databases().then((all) => all.map(({ name }) => name).join()),
    caches.keys().then((all) => all.join()),
    navigator.serviceWorker
      ?.getRegistrations()
      .then((all) => all.map(({ scope }) => new URL(scope).pathname).join()),
  ]);

inEachBrowser("erasure", (at) => {
  test("cookies in every form, web storage, databases, caches and workers are gone", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const path = `${ORIGIN}/shop/deep/page`;
      farm.page(path, html({ config: await config([VENDOR]) }));
      farm.page(`${ORIGIN}/shop/deep/bare`, "<!doctype html><title>Bare</title>");
      for (const name of ["hoarder", "own"])
        farm.page(`${ORIGIN}/${name}-worker.js`, "", { "content-type": "text/javascript" });
      const page = await visitor.page(`${ORIGIN}/shop/deep/bare`);
      const planted = await page.evaluate(plant);
      const workers = await page.evaluate(store);
      assert.ok(planted.length >= 40, `${planted.length} cookies were taken`);
      console.log(`# ${planted.length} cookies planted, ${workers} workers`);

      await page.goto(path);
      await page.evaluate(() => window.portcullis.acceptAll());
      const seen = await page.evaluate(() => document.cookie);
      assert.ok(
        planted.every((name) => seen.includes(`${name}=`)),
        "granted, nothing is erased",
      );
      const { vendors } = await page.evaluate(() => window.portcullis.withdraw());
      const [jar, local, session, databases, caches, scopes] = await page.evaluate(visible);
      assert.doesNotMatch(jar, /hoard_/);
      assert.equal(local, "kept");
      assert.equal(session, "");
      assert.equal(databases, "");
      assert.equal(caches, "own_cache");
      if (workers) assert.equal(scopes, "/own-scope/");
      const [{ erased, left }] = vendors;
      const expected = [
        ...planted,
        "local:hoard_direct",
        "session:hoard_tab",
        "indexeddb:hoard_base",
        "cache:hoard_cache",
        ...(workers ? [`worker:${ORIGIN}/hoarder-scope/`] : []),
      ];
      assert.deepEqual([...erased].sort(), expected.sort());
      assert.deepEqual(left, [
        { name: "hidden", why: "http-only" },
        { name: "far", why: "third-party" },
      ]);
    }));

  test("what a running script writes back, past every trap, is gone after the second look", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      farm.page(`${ORIGIN}/again`, html({ config: await config([VENDOR]) }));
      const page = await visitor.page(`${ORIGIN}/again`);
      await page.evaluate(() => window.portcullis.acceptAll());
      await page.evaluate(async () => {
        await window.portcullis.withdraw();
        // An assignment calls no function that could be trapped.
        localStorage.hoard_back = "1";
        // biome-ignore lint/suspicious/noDocumentCookie: refused at once
        document.cookie = "hoard_back=1";
      });
      assert.doesNotMatch(await page.evaluate(() => document.cookie), /hoard_/);
      await page.waitForFunction(
        () => window.portcullis.lastReport.vendors[0].erased.includes("local:hoard_back"),
        { timeout: 30_000 },
      );
      assert.ok(!(await page.evaluate(() => "hoard_back" in localStorage)));
    }));
});
