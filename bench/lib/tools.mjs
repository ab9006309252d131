// Who is measured: for each tool the files that a page loads, how its tags are written, and how it is set up.
// Each is set up as its own documentation tells, with one optional category and English texts.

import { mkdtemp, readFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const PEERS = path.resolve(HERE, "../node_modules");
const PKG = path.resolve(HERE, "../../pkg");

const portcullisConfig = (host) => ({
  site: { name: "Bench", cookieNotice: "/privacy" },
  vendors: [{ id: "tags", name: "Tags", category: "performance", hosts: [host.split(":")[0]] }],
});
const heldTag = (url) =>
  `<script type="text/plain" data-category="performance" data-src="${url}" async></script>`;

/** What `portcullis build` writes: the folder, and the lines for the page's head. */
async function buildAsync(host) {
  const out = await mkdtemp(path.join(os.tmpdir(), "portcullis-bench-"));
  const { build } = await import(path.join(PKG, "build.js"));
  await build({ json: JSON.stringify(portcullisConfig(host)), out, base: "/portcullis-async/" });
  return { folder: out, lines: await readFile(path.join(out, "head.html"), "utf8") };
}

const json = (value) => JSON.stringify(value).replaceAll("<", "\\u003c");

/**
 * `files`: path on the server → file on disk. `head(tags)`: the page's head. `tag(url)`: one tag that waits for
 * consent. `accept`: where its accept button is, in the page or in a shadow root of it.
 */
export const TOOLS = {
  none: {
    title: "no consent tool",
    files: {},
    head: () => "",
    tag: (url) => `<script async src="${url}"></script>`,
  },
  portcullis: {
    title: "Portcullis",
    folder: PKG,
    files: {},
    head: (_urls, host) =>
      `<script type="application/json">${json(portcullisConfig(host))}</script><script src="/portcullis/portcullis.js"></script>`,
    tag: heldTag,
    accept: '[data-action="accept"]',
    host: "portcullis-ui",
  },
  "portcullis-async": {
    title: "Portcullis, gate async",
    files: {},
    /** Called once the tags' host is known. */
    async prepare(host) {
      const { folder, lines } = await buildAsync(host);
      Object.assign(this, { folder, lines });
    },
    head() {
      return this.lines;
    },
    tag: heldTag,
    accept: '[data-action="accept"]',
    host: "portcullis-ui",
  },
  handwritten: {
    title: "40 lines by hand",
    files: {
      "/handwritten/banner.css": path.join(HERE, "handwritten/banner.css"),
      "/handwritten/banner.js": path.join(HERE, "handwritten/banner.js"),
    },
    head: () =>
      '<link rel="stylesheet" href="/handwritten/banner.css"><script defer src="/handwritten/banner.js"></script>',
    tag: (url) => `<script type="text/plain" src="${url}"></script>`,
    accept: "#accept",
  },
  "vanilla-cookieconsent": {
    title: "vanilla-cookieconsent",
    files: {
      "/vanilla/cookieconsent.js": `${PEERS}/vanilla-cookieconsent/dist/cookieconsent.umd.js`,
      "/vanilla/cookieconsent.css": `${PEERS}/vanilla-cookieconsent/dist/cookieconsent.css`,
    },
    head: () => `<link rel="stylesheet" href="/vanilla/cookieconsent.css"><script defer src="/vanilla/cookieconsent.js"></script>
<script>addEventListener("DOMContentLoaded", () => CookieConsent.run({ hideFromBots: false,
  categories: { necessary: { enabled: true, readOnly: true }, analytics: {} },
  language: { default: "en", translations: { en: {
    consentModal: { title: "We use cookies", description: "To see how the site is used.", acceptAllBtn: "Accept all", acceptNecessaryBtn: "Reject all", showPreferencesBtn: "Manage" },
    preferencesModal: { title: "Preferences", acceptAllBtn: "Accept all", acceptNecessaryBtn: "Reject all", savePreferencesBtn: "Save", sections: [{ title: "Analytics", linkedCategory: "analytics" }] } } } },
}))</script>`,
    tag: (url) => `<script type="text/plain" data-category="analytics" src="${url}"></script>`,
    accept: '#cc-main [data-role="all"]',
  },
  klaro: {
    title: "Klaro",
    files: { "/klaro/klaro.js": `${PEERS}/klaro/dist/klaro.js` },
    head: () => `<script>window.klaroConfig = { acceptAll: true, privacyPolicy: "/privacy", lang: "en",
  services: [{ name: "tags", title: "Tags", purposes: ["analytics"] }] }</script><script defer src="/klaro/klaro.js"></script>`,
    tag: (url) =>
      `<script type="text/plain" data-type="application/javascript" data-name="tags" data-src="${url}"></script>`,
    accept: ".klaro .cm-btn-success",
  },
  tarteaucitron: {
    title: "tarteaucitron",
    folder: `${PEERS}/tarteaucitronjs`,
    files: {},
    head: (urls) => `<script src="/tarteaucitron/tarteaucitron.min.js"></script><script>
tarteaucitron.init({ privacyUrl: "/privacy", bodyPosition: "bottom", hashtag: "#tarteaucitron", cookieName: "tarteaucitron", orientation: "middle", showAlertSmall: false, cookieslist: false, showIcon: false, adblocker: false, AcceptAllCta: true, DenyAllCta: true, highPrivacy: true, handleBrowserDNTRequest: false, removeCredit: true, moreInfoLink: false, useExternalCss: false, useExternalJs: false, mandatory: true });
tarteaucitron.services.tags = { key: "tags", type: "analytic", name: "Tags", uri: "/privacy", needConsent: true, cookies: [], js() { for (const url of ${json(urls)}) tarteaucitron.addScript(url) } };
(tarteaucitron.job = tarteaucitron.job || []).push("tags");</script>`,
    tag: () => "",
    accept: "#tarteaucitronPersonalize2",
  },
  orejime: {
    title: "Orejime",
    files: {
      "/orejime/orejime.js": `${PEERS}/orejime/dist/orejime-standard-en.js`,
      "/orejime/orejime.css": `${PEERS}/orejime/dist/orejime-standard.css`,
    },
    head: () => `<link rel="stylesheet" href="/orejime/orejime.css"><script>window.orejimeConfig = {
  privacyPolicyUrl: "/privacy", purposes: [{ id: "tags", title: "Tags", cookies: [] }] }</script>
<script defer src="/orejime/orejime.js"></script>`,
    tag: (url) => `<template data-purpose="tags"><script src="${url}"></script></template>`,
    accept: ".orejime-Banner-saveButton",
  },
};

/** A page with `count` tags of a tool. */
export function html(name, count, host) {
  const tool = TOOLS[name];
  const urls = Array.from({ length: count }, (_, at) => `http://${host}/tag/${at}.js`);
  // Everything that the page's own script needs to tell when what happened.
  const clock = `<script>window.ran = [];
    const entries = window.entries = { event: [], longtask: [] };
    for (const type of ["event", "longtask"]) try {
      new PerformanceObserver((list) => entries[type].push(...list.getEntries())).observe({ type, durationThreshold: 16, buffered: true });
    } catch {}
    addEventListener("pointerup", () => { window.clicked = performance.now() }, true);</script>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${tool.title}</title>${clock}
${tool.head(urls, host)}</head><body><main><h1>Bench</h1>${"<p>Words that a page has.</p>".repeat(20)}</main>
${urls.map(tool.tag).join("\n")}</body></html>`;
}
