// A consent object of the public kind without a gate, for pages that test the interface alone: it keeps
// choices as the types promise, and writes down what it was asked to do.

import { LANGUAGES } from "/languages.js";

const CATEGORIES = ["necessary", "performance", "functional", "targeting"];

/** Vendors whose facts reach every part of the interface. */
export const VENDORS = [
  {
    id: "stats",
    name: "Stats",
    company: "Stats Ltd",
    country: "IE",
    category: "performance",
    hosts: ["stats.example"],
    cookies: [
      { name: "_st", party: "first", lifetime: "P2Y", purpose: "visitor-id" },
      { name: "_st_*", party: "first", lifetime: "PT30M", purpose: "session" },
    ],
    links: { privacy: "https://stats.example/privacy", optOut: "javascript:alert(1)" },
  },
  {
    id: "heat",
    name: "Heat",
    company: "Heat Inc",
    country: "US",
    category: "performance",
    hosts: ["heat.example"],
    cookies: [{ name: "heat", party: "third", lifetime: "session", purpose: "test" }],
  },
  { id: "chat", name: "Chat", category: "functional", hosts: ["chat.example"] },
  {
    id: "ads",
    name: "Ads",
    company: "Ads SA",
    country: "FR",
    category: "targeting",
    hosts: ["ads.example"],
    cookies: [{ name: "ads", party: "third", lifetime: "P13M", purpose: "advertising" }],
    links: { privacy: "/ads", optOut: "https://ads.example/out" },
  },
  { id: "box", name: "Box", category: "performance", hosts: ["box.example"], carries: ["targeting"] },
];

export const SITE = {
  name: "Acme",
  cookieNotice: "/privacy#cookies",
  exerciseRights: "https://acme.example/rights",
};

/** What each language is fetched with, and the preference centre. */
export const assets = {
  languages: LANGUAGES,
  locale: (tag) => import(`/pkg/locales/${tag}.js`),
  preferences: () => import("/pkg/preferences.js"),
};

/** `granted`: ids of the vendors that are granted; `report`: what a withdrawal is to have done. */
export function mockConsent({
  config = {},
  granted = [],
  regime = "opt-in",
  gpc = false,
  pending = { why: "first", vendors: [] },
  record = null,
  report = null,
  link = "",
  region = "",
  objected = [],
} = {}) {
  const calls = [];
  const given = { site: SITE, vendors: VENDORS, ...config };
  const on = new Set(granted);
  const always = (id) => id === "necessary" || given.categories?.[id]?.alwaysActive !== undefined;
  const ids = [...new Set([...CATEGORIES, ...Object.keys(given.categories ?? {})])];
  const members = (id) => given.vendors.filter(({ category }) => category === id).map((vendor) => vendor.id);
  const listeners = new Set();
  const consent = {
    calls,
    config: given,
    regime,
    jurisdiction: { region, regime, validDays: 180, link },
    settle() {},
    pending,
    record,
    globalPrivacyControl: gpc,
    isSignalHonored: gpc && regime !== "opt-in",
    vendors: given.vendors,
    lastReport: null,
    get categories() {
      return ids.map((id) => ({
        id,
        vendors: members(id),
        ...(always(id) && { alwaysActive: given.categories?.[id]?.alwaysActive ?? "" }),
        ...(given.categories?.[id]?.texts && { texts: given.categories[id].texts }),
      }));
    },
    get choices() {
      const mark = (id) => {
        const of = members(id).map((vendor) => on.has(vendor));
        return always(id) || (of.some(Boolean) ? of.every(Boolean) || "mixed" : false);
      };
      return {
        categories: Object.fromEntries(ids.map((id) => [id, mark(id)])),
        vendors: Object.fromEntries(given.vendors.map(({ id }) => [id, on.has(id)])),
        objections: Object.fromEntries(
          given.vendors
            .filter(({ bases }) => bases?.includes("legitimate-interest"))
            .map(({ id }) => [id, objected.includes(id)]),
        ),
      };
    },
    acceptAll: (from) => done("acceptAll", from),
    rejectAll: (from) => done("rejectAll", from),
    choose: (decision, from) => done("choose", from, decision),
    on(_event, listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async openPreferences(view) {
      const { preferences } = await assets.preferences();
      const opener = document.activeElement;
      consent.open = await preferences(consent, assets, opener, () => calls.push(["closed"]), view);
    },
  };
  /** Whether anything modal or a banner was still drawn when the choice arrived. */
  const stillDrawn = () => {
    const root = document.querySelector("portcullis-ui")?.shadowRoot;
    return [...(root?.querySelectorAll("section.banner, dialog") ?? [])].some(
      (part) => part.getClientRects().length > 0 && !part.matches(".report"),
    );
  };
  async function done(method, from, decision) {
    calls.push([method, from, decision, stillDrawn()]);
    consent.pending = null;
    consent.banner?.close();
    return { choices: consent.choices, granted: [], withdrawn: [], ...(report && { report }) };
  }
  return consent;
}

/** Draws the part named in the page's address, and hands the consent object to the test. */
const asked = JSON.parse(decodeURIComponent(location.search.slice(1)) || "{}");
if (asked.many) {
  const bases = [["consent"], ["consent", "legitimate-interest"], ["legitimate-interest"]];
  const vendors = Array.from({ length: asked.many }, (_, n) => ({
    id: `v${n}`,
    name: `${["Étoile", "Zürich", "Straße", "Plain"][n % 4]} ${n}${asked.uneven && n % 7 < 2 ? " whose name takes several lines where there is little room" : ""}`,
    company: "Company Ltd",
    country: ["IE", "US", "DE", "FR"][n % 4],
    category: ["performance", "targeting", "functional"][n % 3],
    hosts: [`v${n}.example`],
    bases: bases[n % 5] ?? bases[0],
    retention: "P13M",
    cookies: [{ name: `_v${n}`, party: "first", lifetime: "P1Y", purpose: "visitor-id" }],
    links: { privacy: `https://v${n}.example/privacy` },
  }));
  asked.consent = { ...asked.consent, config: { ...asked.consent?.config, vendors } };
}
const consent = mockConsent(asked.consent);
window.consent = consent;
const problems = [];
window.problems = problems;
document.addEventListener("securitypolicyviolation", (event) => problems.push(event.violatedDirective));
if (asked.wayBack) {
  const { wayBack } = await import("/pkg/way-back.js");
  consent.wayBack = await wayBack(consent, assets);
}
if (asked.part !== "none") {
  const { banner } = await import("/pkg/ui.js");
  consent.banner = await banner(consent, assets);
  const status = document.querySelector("portcullis-ui")?.shadowRoot.querySelector("[data-slot=status]");
  window.saidAtFirst = [status?.getAttribute("role"), status?.textContent];
}
