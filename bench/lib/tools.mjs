// Who is measured: for each tool the files that a page loads, how its tags are written, and how it is set up.
// Each is set up as its own documentation tells, with one optional category and English texts.

import { mkdtemp, readFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build as bundle } from "esbuild";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const PEERS = path.resolve(HERE, "../node_modules");
const PKG = path.resolve(HERE, "../../pkg");

const portcullisConfig = (host) => ({
  site: { name: "Bench", cookieNotice: "/privacy" },
  vendors: [{ id: "tags", name: "Tags", category: "performance", hosts: [host.split(":")[0]] }],
});
const heldTag = (url) =>
  `<script type="text/plain" data-category="performance" data-src="${url}" async></script>`;

const temporary = (name) => mkdtemp(path.join(os.tmpdir(), `${name}-bench-`));

/** An entry for what `portcullis build` writes: the folder, and its lines for the page's head. */
const built = (name, title, head) => ({
  title,
  files: {},
  /** Called once the tags' host is known. */
  async prepare(host) {
    const out = await temporary(name);
    const { build } = await import(path.join(PKG, "build.js"));
    await build({ json: json(portcullisConfig(host)), out, base: `/${name}/`, head });
    this.folder = out;
    this.lines = await readFile(path.join(out, "head.html"), "utf8");
  },
  head() {
    return this.lines;
  },
  tag: heldTag,
  accept: '[data-action="accept"]',
  host: "portcullis-ui",
});

const json = (value) => JSON.stringify(value).replaceAll("<", "\\u003c");

/**
 * `files`: path on the server → file on disk; `folder`: what is served below the tool's name. `head(tags)`: the page's
 * head. `tag(url)`: one tag that waits for consent. `accept`: where its accept button is, in the page or in a shadow
 * root of it.
 */
export const TOOLS = {
  none: {
    title: "no consent tool",
    files: {},
    head: () => "",
    tag: (url) => `<script async src="${url}"></script>`,
  },
  portcullis: built("portcullis", "Portcullis"),
  "portcullis-inline": built("portcullis-inline", "Portcullis, inline", "inline"),
  "portcullis-file": {
    title: "Portcullis, one file",
    folder: PKG,
    files: {},
    head: (_urls, host) =>
      `<script type="application/json">${json(portcullisConfig(host))}</script><script src="/portcullis-file/portcullis.js"></script>`,
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
  c15t: {
    title: "c15t with React",
    files: {},
    /** React and all in one file, and its styles in another, as a bundler makes them for a site. */
    async prepare() {
      if (this.folder) return;
      const outdir = await temporary("c15t");
      await bundle({
        entryPoints: [path.join(HERE, "c15t/main.mjs")],
        outdir,
        bundle: true,
        minify: true,
        legalComments: "none",
        target: "es2022",
        define: { "process.env.NODE_ENV": '"production"' },
      });
      this.folder = outdir;
    },
    head: (urls) =>
      `<link rel="stylesheet" href="/c15t/main.css"><script>window.c15tTags = ${json(urls)}</script><script defer src="/c15t/main.js"></script>`,
    tag: () => "",
    accept: '[data-testid="consent-banner-accept-button"]',
  },
  osano: {
    title: "Osano cookieconsent",
    files: {
      "/osano/cookieconsent.js": `${PEERS}/cookieconsent/build/cookieconsent.min.js`,
      "/osano/cookieconsent.css": `${PEERS}/cookieconsent/build/cookieconsent.min.css`,
    },
    // It holds nothing back itself: its callbacks tell the answer, and a site's own lines insert the tags.
    head: (
      urls,
    ) => `<link rel="stylesheet" href="/osano/cookieconsent.css"><script defer src="/osano/cookieconsent.js"></script>
<script>addEventListener("DOMContentLoaded", () => {
  const insert = () => {
    for (const src of ${json(urls)}) document.head.append(Object.assign(document.createElement("script"), { src }));
  };
  cookieconsent.initialise({ type: "opt-in", content: { href: "/privacy" },
    palette: { popup: { background: "#383b75" }, button: { background: "#f1d600" } },
    onInitialise() { if (this.hasConsented()) insert() },
    onStatusChange() { if (this.hasConsented()) insert() } });
})</script>`,
    tag: () => "",
    accept: ".cc-window .cc-allow",
  },
};

const tagUrls = (count, host) => Array.from({ length: count }, (_, at) => `http://${host}/tag/${at}.js`);

/** What a tool adds to the head of its page. */
export const headOf = (name, count, host) => TOOLS[name].head(tagUrls(count, host), host);

/** A page with `count` tags of a tool. */
export function html(name, count, host) {
  const tool = TOOLS[name];
  const urls = tagUrls(count, host);
  // Everything that the page's own script needs to tell when what happened.
  const clock = `<script>window.ran = [];
    const entries = window.entries = { event: [], longtask: [] };
    for (const type of ["event", "longtask"]) try {
      new PerformanceObserver((list) => entries[type].push(...list.getEntries())).observe({ type, durationThreshold: 16, buffered: true });
    } catch {}
    addEventListener("pointerup", () => { window.clicked = performance.now() }, true);</script>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${tool.title}</title>${clock}
${headOf(name, count, host)}</head><body><main><h1>Bench</h1>${"<p>Words that a page has.</p>".repeat(20)}</main>
${urls.map(tool.tag).join("\n")}</body></html>`;
}
