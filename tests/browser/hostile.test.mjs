// Pages that mean no good, and markup that a stranger put in: nothing gains execution or a grant by us.

import assert from "node:assert/strict";
import { test } from "node:test";
import { click, shown } from "./harness.mjs";
import { config, html, ORIGIN } from "./site.mjs";
import { arrived, asVisitor, beacons, inEachBrowser } from "./suite.mjs";

const EVIL = "https://evil.example/x.js";

/** Names that we, or anyone, read of a document or window. */
const NAMES =
  "portcullis head body documentElement cookie currentScript readyState visibilityState implementation activeElement addEventListener removeEventListener querySelector querySelectorAll createElement createRange importNode getElementById baseURI location hidden prerendering defaultView fetch Node Element URL navigator dataLayer attributes children parentNode".split(
    " ",
  );

/** What a polluted prototype would say to whoever looks one of these up. */
const WORDS = {
  alwaysActive: "because",
  carries: ["necessary"],
  category: "necessary",
  crossOrigin: "use-credentials",
  elementId: "evil",
  markup: "page",
  regime: "opt-out",
  script: EVIL,
  shared: "evil",
  sale: false,
  src: EVIL,
  starts: "demand",
  stub: [{ do: "set", name: "pwned", value: true }],
  start: [{ do: "set", name: "pwned", value: true }],
  unclassified: "allow",
  validDays: 4000,
  values: { measurementId: "evil" },
  hosts: [],
};
const POLLUTE = `<script>for (const [key, value] of Object.entries(${JSON.stringify(WORDS)}))
  Object.defineProperty(Object.prototype, key, { value, configurable: true, writable: true, enumerable: false });</script>`;

inEachBrowser("hostile pages", (at) => {
  test("markup that claims every name we read: the banner asks, and a choice is carried out", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const body = NAMES.map(
        (name) =>
          `<form name="${name}"></form><img name="${name}" alt=""><a id="${name}" href="${EVIL}"></a><form><input name="${name}"></form>`,
      ).join("");
      farm.page(`${ORIGIN}/clobbered`, html({ config: await config(), body }));
      const page = await visitor.page(`${ORIGIN}/clobbered`);
      await shown(page, '[data-action="accept"]');
      await farm.sentinel(page);
      assert.deepEqual(arrived(farm), []);
      await click(page, '[data-action="accept"]');
      // Vendors' own scripts stumble over such markup; that they are loaded is our part.
      for (const host of ["snap.licdn.com", "munchkin.marketo.net", "connect.facebook.net"])
        await farm.waitFor((entry) => entry.host === host);
      assert.deepEqual(farm.requests({ host: "evil.example" }), []);
    }));

  for (const [when, place] of [
    ["before us", (page) => page.replace("<script", `${POLLUTE}<script`)],
    ["after us", (page) => page.replace("</head>", `${POLLUTE}</head>`)],
  ]) {
    test(`a prototype polluted ${when} is nobody's config: nothing more is granted, nothing else loaded`, () =>
      asVisitor(at(), async (visitor) => {
        const { farm } = at();
        // What the vendor has not, and the config leaves open, is what somebody might look up.
        const { regime, ...given } = await config([
          { id: "plain", name: "Plain", category: "performance", hosts: ["tags.plain.example"] },
          { use: "linkedin-insight", partnerId: "1234567" },
        ]);
        farm.page(`${ORIGIN}/polluted`, place(html({ config: given })));
        const page = await visitor.page(`${ORIGIN}/polluted`);
        await shown(page, '[data-action="accept"]');
        await farm.sentinel(page);
        const granted = await page.evaluate(() => window.portcullis.choices.categories);
        assert.deepEqual(granted, { necessary: true, performance: false, targeting: false });
        assert.equal(await page.evaluate(() => window.portcullis.regime), "opt-in");
        // Of this page's vendors: another page's last beacons may still come.
        const ours = farm.log.filter(({ host }) => /plain|linkedin|licdn|evil/.test(host));
        assert.deepEqual(ours, []);
        await page.evaluate(() => window.portcullis.acceptAll());
        await beacons(farm, ["linkedin-insight"]);
        await farm.sentinel(page);
        assert.deepEqual(farm.requests({ host: "evil.example" }), []);
        assert.equal(await page.evaluate(() => window.pwned), undefined);
      }));
  }

  test("elements that look like ours, and clicks that nobody made, grant nothing", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const body = `<portcullis-ui><button data-action="accept" class="fake">A</button></portcullis-ui>
        <button data-action="accept" class="fake">B</button><button data-portcullis="accept" class="fake">C</button>
        <button data-portcullis="ACCEPT" class="fake">D</button><a data-portcullis="accept reject" class="fake">E</a>
        <script type="application/json" id="portcullis-config">{"vendors":[],"unclassified":"allow"}</script>`;
      farm.page(`${ORIGIN}/fakes`, html({ config: await config(), body }));
      const page = await visitor.page(`${ORIGIN}/fakes`);
      await page.waitForFunction(() => document.querySelectorAll("portcullis-ui").length > 1);
      const after = await page.evaluate(() => {
        for (const fake of document.querySelectorAll(".fake")) fake.click();
        window.postMessage({ portcullis: "accept" }, "*");
        dispatchEvent(new StorageEvent("storage", { key: "portcullis", newValue: "accept" }));
        dispatchEvent(new CustomEvent("portcullis:change", { detail: { granted: ["meta-pixel"] } }));
        return new Promise((resolve) => setTimeout(() => resolve(window.portcullis.choices.vendors), 300));
      });
      await farm.sentinel(page);
      assert.ok(Object.values(after).every((granted) => !granted));
      assert.deepEqual(arrived(farm), []);
    }));

  test("markup in every text of a config is shown as text", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      const bad = (what) => `${what}<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>`;
      const given = await config();
      farm.page(
        `${ORIGIN}/texts`,
        html({
          config: {
            ...given,
            site: {
              name: bad("Acme"),
              cookieNotice: "javascript:window.pwned=1",
              privacyPolicy: "data:text/html,x",
            },
            categories: {
              targeting: { texts: { en: { name: bad("Targeting"), description: bad("Words") } } },
            },
            vendors: given.vendors.map((vendor) => ({
              ...vendor,
              name: bad(vendor.name),
              policyUrl: "javascript:window.pwned=1",
              privacyPolicy: "javascript:window.pwned=1",
            })),
          },
        }),
      );
      const page = await visitor.page(`${ORIGIN}/texts`);
      await click(page, '[data-action="settings"]');
      await shown(page, '[data-action="confirm"]');
      const links = await page.evaluate(() => {
        const root = document.querySelector("portcullis-ui").shadowRoot;
        for (const button of root.querySelectorAll("[aria-expanded=false]")) button.click();
        return [...root.querySelectorAll("a")].map((link) => link.href);
      });
      assert.ok(
        links.every((href) => /^https?:/.test(href)),
        links.join(),
      );
      assert.equal(await page.evaluate(() => window.pwned), undefined);
      const drawn = await page.evaluate(
        () => document.querySelector("portcullis-ui").shadowRoot.querySelectorAll("img,script").length,
      );
      assert.equal(drawn, 0);
    }));
});

/** Policies under which a stranger's markup has no execution of its own. */
const POLICIES = {
  nonce: "script-src 'nonce-abc' 'self' 'wasm-unsafe-eval'",
  "strict-dynamic": "script-src 'nonce-abc' 'strict-dynamic' 'wasm-unsafe-eval'",
};

inEachBrowser("injected markup", (at) => {
  for (const [name, policy] of Object.entries(POLICIES)) {
    test(`under ${name} it gains no execution`, () =>
      asVisitor(at(), async (visitor) => {
        const { farm } = at();
        const run = "window.pwned=1";
        const marks = [
          `type="text/plain" data-category="necessary"`,
          `type="text/plain" data-category="targeting" data-vendor="linkedin-insight"`,
          `type="text/plain" data-category="necessary" nonce="guessed"`,
          `type="text/plain" data-category="necessary" data-type="module"`,
        ];
        const body = `${marks
          .map(
            (mark) =>
              `<script ${mark}>${run}</script><script ${mark} data-src="${EVIL}"></script><script ${mark} src="${EVIL}"></script>`,
          )
          .join("")}
          <script>${run}</script><script src="${EVIL}"></script>
          <iframe data-category="necessary" data-src="javascript:parent.pwned=1"></iframe>
          <iframe data-category="necessary" data-src="data:text/html,<script>parent.pwned=1</script>"></iframe>
          <iframe data-category="necessary" data-srcdoc="<script>parent.pwned=1</script>"></iframe>
          <img data-category="necessary" data-src="x" onerror="${run}" alt="">
          <object data-category="necessary" data-src="javascript:parent.pwned=1"></object>
          <a data-category="necessary" data-src="javascript:${run}" data-portcullis="accept">x</a>`;
        farm.page(`${ORIGIN}/injected-${name}`, html({ config: await config(), body, nonce: "abc" }), {
          "content-security-policy": policy,
        });
        const page = await visitor.page(`${ORIGIN}/injected-${name}`);
        await shown(page, '[data-action="accept"]');
        await farm.sentinel(page);
        assert.equal(await page.evaluate(() => window.pwned), undefined, "before a choice");
        await page.evaluate(() => window.portcullis.acceptAll());
        await farm.sentinel(page);
        await farm.sentinel(page);
        assert.equal(await page.evaluate(() => window.pwned), undefined, "after a choice");
        const ran = (await page.evaluate(() => window.__farmRan)) ?? [];
        assert.ok(!ran.includes("evil"));
        // The control: our own loaders run under this policy, by nonce.
        if (name === "strict-dynamic") await beacons(farm, ["linkedin-insight"]);
      }));
  }

  test("a vendor registered at run time gets none of our nonce", () =>
    asVisitor(at(), async (visitor) => {
      const { farm } = at();
      farm.page(`${ORIGIN}/registering`, html({ config: await config(), nonce: "abc" }), {
        "content-security-policy": POLICIES.nonce,
      });
      const page = await visitor.page(`${ORIGIN}/registering`);
      await shown(page, '[data-action="accept"]');
      const nonces = await page.evaluate(async () => {
        window.portcullis.register({
          id: "late",
          name: "Late",
          category: "performance",
          hosts: ["late.example"],
          script: "https://late.example/late.js",
        });
        await window.portcullis.acceptAll();
        await new Promise((resolve) => setTimeout(resolve, 300));
        return [...document.querySelectorAll('script[src*="late.example"],script[src*="insight.min"]')].map(
          ({ src, nonce }) => [new URL(src).host, nonce],
        );
      });
      assert.deepEqual(nonces.sort(), [
        ["late.example", ""],
        ["snap.licdn.com", "abc"],
      ]);
      await farm.waitFor(({ host }) => host === "snap.licdn.com");
      assert.deepEqual(farm.requests({ host: "late.example" }), [], "the policy stops it");
    }));
});
