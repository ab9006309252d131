// Lists of many vendors, each as its own tool shows it. "By hand" is the least there is: as many plain rows of a
// button and two checkboxes, all of them made on the click. Not here: tarteaucitron, whose page with 1,500 services is
// busy for a minute (64 s measured) before it answers at all.

import { TOOLS } from "./tools.mjs";

const ids = (count) => Array.from({ length: count }, (_, at) => `v${at}`);

/** A tool's lines for the head with so many vendors; `press`: what is clicked, one after another. */
export const LISTS = {
  handwritten: {
    title: "rows by hand",
    head: (count) => `<style>#list { height: 600px; overflow: auto; content-visibility: auto }</style><script>
addEventListener("DOMContentLoaded", () => {
  const button = document.createElement("button");
  button.id = "open";
  button.textContent = "Vendors";
  document.body.prepend(button);
  button.onclick = () => {
    const list = document.createElement("div");
    list.id = "list";
    for (let at = 0; at < ${count}; at++) {
      const row = document.createElement("div");
      const name = document.createElement("button");
      const boxes = [0, 1].map(() => document.createElement("input"));
      for (const box of boxes) box.type = "checkbox";
      name.textContent = "Vendor " + at;
      row.append(name, ...boxes);
      list.append(row);
    }
    document.body.prepend(list);
  };
});</script>`,
    press: ["#open"],
  },
  "vanilla-cookieconsent": {
    head: (
      count,
    ) => `<link rel="stylesheet" href="/vanilla/cookieconsent.css"><script defer src="/vanilla/cookieconsent.js"></script>
<script>addEventListener("DOMContentLoaded", () => CookieConsent.run({ hideFromBots: false,
  categories: { necessary: { enabled: true, readOnly: true }, analytics: { services: ${JSON.stringify(
    Object.fromEntries(ids(count).map((id) => [id, { label: `Vendor ${id}` }])),
  )} } },
  language: { default: "en", translations: { en: {
    consentModal: { title: "We use cookies", description: "To see how the site is used.", acceptAllBtn: "Accept all", acceptNecessaryBtn: "Reject all", showPreferencesBtn: "Manage" },
    preferencesModal: { title: "Preferences", acceptAllBtn: "Accept all", acceptNecessaryBtn: "Reject all", savePreferencesBtn: "Save", sections: [{ title: "Analytics", linkedCategory: "analytics" }] } } } },
}))</script>`,
    press: ["#cc-main [data-role=show]", "#cc-main .pm__section-title"],
  },
  klaro: {
    head: (count) => `<script>window.klaroConfig = { acceptAll: true, privacyPolicy: "/privacy", lang: "en",
  services: ${JSON.stringify(ids(count).map((name) => ({ name, title: `Vendor ${name}`, purposes: ["analytics"] })))} }</script>
<script defer src="/klaro/klaro.js"></script>`,
    press: [".klaro .cn-learn-more", ".klaro .cm-caret a"],
  },
  orejime: {
    head: (
      count,
    ) => `<link rel="stylesheet" href="/orejime/orejime.css"><script>window.orejimeConfig = { privacyPolicyUrl: "/privacy",
  purposes: ${JSON.stringify(ids(count).map((id) => ({ id, title: `Vendor ${id}`, cookies: [] })))} }</script>
<script defer src="/orejime/orejime.js"></script>`,
    press: [".orejime-Banner-learnMoreButton"],
  },
};

export const titleOf = (name) => LISTS[name].title ?? TOOLS[name].title;

/** A page with a tool and `count` vendors. */
export const listPage = (name, count) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${titleOf(name)}</title>${LISTS[name].head(count)}</head>
<body><main><h1>Bench</h1></main></body></html>`;
