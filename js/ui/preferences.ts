// The preference centre: fetched when the visitor opens it. The draft is kept in Rust; this carries
// actions in and trees out.

import { module } from "#glue/ui-preferences/module.js";
import { act, report as drawReport, initSync, open } from "#glue/ui-preferences/portcullis_ui.js";
import type { Consent, Decision, Provenance, Vendor, WithdrawalReport } from "../types.ts";
import type { Assets } from "./assets.ts";
import { bodyReady, dress, host, look, slot } from "./host.ts";
import { record, type Texts, textRecords, texts } from "./language.ts";
import { render } from "./render.ts";
import bannerCss from "./style/banner.css";
import css from "./style/preferences.css";

let ready = false;

function start(): void {
  if (ready) return;
  initSync({ module: new WebAssembly.Module(Uint8Array.from(module, (letter) => letter.charCodeAt(0))) });
  ready = true;
}

/** Opens the preference centre; the focus goes back to `opener` when it closes. */
export async function preferences(
  consent: Consent,
  assets: Assets,
  opener: Element | null,
  closed: () => void,
): Promise<{ close(): void }> {
  const [words] = await Promise.all([texts(consent, assets), bodyReady()]);
  start();
  const { config } = consent;
  const drawn = open(input(consent, words), look(config));
  const root = host();
  dress(root, bannerCss + css, words, config);
  const place = slot(root, "preferences");
  render(place, drawn.slice(8));
  const dialog = place.firstElementChild as HTMLDialogElement;
  // The banner would stand beside the dialog that it opened.
  root.host.toggleAttribute("data-open", true);
  dialog.showModal();
  root.getElementById("title")?.focus();
  dialog.querySelector<HTMLElement>("#title")?.focus();

  const close = () => {
    if (!place.isConnected) return;
    dialog.close();
    place.remove();
    root.host.toggleAttribute("data-open", false);
    closed();
    giveBack(opener, root);
  };
  const run = (action: string, id = "") => {
    const [word = "", ...lines] = act(action, id).split("\n");
    if (word.startsWith("=")) return render(place, word.slice(1));
    close();
    if (word === "close") return;
    const from: Provenance = { source: "preferences", language: words.tag, shown: drawn.slice(0, 8) };
    const done =
      word === "accept"
        ? consent.acceptAll(from)
        : word === "reject"
          ? consent.rejectAll(from)
          : consent.choose(decision(lines), from);
    done
      .then(({ report }) => report?.vendors.length && showReport(consent, words, report))
      .catch(reportError);
  };
  place.addEventListener("click", (event) => {
    const button = (event.target as Element).closest("[data-action]");
    if (button) run(button.getAttribute("data-action") ?? "", button.getAttribute("data-id") ?? "");
    else if (event.target === dialog && isOutside(dialog, event as MouseEvent)) run("close");
  });
  place.addEventListener("change", (event) => {
    const { category, vendor } = (event.target as HTMLElement).dataset;
    if (category) run("category", category);
    if (vendor) run("vendor", vendor);
  });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    run("close");
  });
  return { close };
}

/** A click on the backdrop has the dialog as its target, and falls outside of its box. */
function isOutside(dialog: Element, { clientX, clientY }: MouseEvent): boolean {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}

/** The focus is never lost: back to the opener, else to the way back, else to the page's start. */
function giveBack(opener: Element | null, root: ShadowRoot): void {
  const target = opener === root.host ? root.querySelector<HTMLElement>('[data-action="settings"]') : opener;
  const wayBack = document.querySelector("portcullis-way-back")?.shadowRoot?.querySelector("button");
  for (const candidate of [target, wayBack]) {
    if (candidate instanceof HTMLElement && candidate.isConnected && candidate !== document.body) {
      candidate.focus();
      if (candidate.matches(":focus") || candidate.matches(":focus-within")) return;
    }
  }
}

function decision(lines: readonly string[]): Decision {
  const answers = (letter: string) =>
    Object.fromEntries(
      lines.filter((line) => line[0] === letter).map((line) => [line.slice(2), line[1] === "1"]),
    );
  return { categories: answers("c"), vendors: answers("v") };
}

function input(consent: Consent, words: Texts): string {
  const { config, choices } = consent;
  const names = new Intl.ListFormat(words.tag);
  const categoryText = (id: string, part: "name" | "description"): string => {
    const own = consent.categories.find((category) => category.id === id)?.texts;
    return (own?.[words.tag] ?? own?.en)?.[part] ?? words.get(`category.${id}.${part}`);
  };
  let text = textRecords(words, /^(preferences|vendor|banner\.(reject|gpc))/);
  for (const { id, alwaysActive, vendors } of consent.categories) {
    const mark = choices.categories[id];
    text += record(
      "c",
      id,
      alwaysActive === undefined ? "" : alwaysActive || 1,
      mark === "mixed" ? "m" : mark ? 1 : 0,
      categoryText(id, "name"),
      categoryText(id, "description"),
      vendors.length ? `· ${words.plural("vendors", vendors.length)}` : "",
    );
  }
  // The one cookie that is ours, so that nothing stored goes unsaid.
  const site = config.site?.name ?? location.hostname;
  const own = location.protocol === "https:" ? "__Host-portcullis" : "portcullis";
  const kept = [
    words.get("purpose.consent"),
    words.get("party.first"),
    duration(`P${config.validDays ?? 180}D`, words),
  ];
  text +=
    record("v", "portcullis", "necessary", 1, site, "", "", "", "") +
    record("k", "portcullis", own, kept.join(" · "));
  for (const vendor of consent.vendors) {
    const { id, name, category, links, carries } = vendor;
    text += record(
      "v",
      id,
      category,
      choices.vendors[id] ? 1 : 0,
      name,
      who(vendor, words),
      links?.privacy ?? "",
      links?.optOut ?? "",
      carries
        ? words.get("vendor.carries", { names: names.format(carries.map((of) => categoryText(of, "name"))) })
        : "",
    );
    for (const { name: cookie, party, lifetime, purpose } of vendor.cookies ?? []) {
      const parts = [words.get(`purpose.${purpose}`), words.get(`party.${party}`), duration(lifetime, words)];
      text += record("k", id, cookie, parts.join(" · "));
    }
  }
  const at = consent.record && new Date(consent.record.at);
  const facts = {
    site,
    notice: config.site?.cookieNotice ?? config.site?.privacyPolicy ?? "",
    rights: config.site?.exerciseRights ?? "",
    gpc: consent.globalPrivacyControl && consent.regime === "opt-out" ? 1 : 0,
    record: consent.record?.id ?? "",
    date: at ? new Intl.DateTimeFormat(words.tag, { dateStyle: "long" }).format(at) : "",
  };
  return (
    text +
    Object.entries(facts)
      .map(([name, value]) => record("f", name, value))
      .join("")
  );
}

function who({ company, country }: Vendor, { tag }: Texts): string {
  const place = country && new Intl.DisplayNames(tag, { type: "region" }).of(country);
  return [company, place].filter(Boolean).join(", ");
}

/** An ISO 8601 duration of one unit in words. */
function duration(lifetime: string, words: Texts): string {
  const [, time, count, unit] = /^P(T?)(\d+)([YMDHS])$/.exec(lifetime) ?? [];
  if (!unit) return words.get("lifetime.session");
  const units: { readonly [letter: string]: string } = time
    ? { H: "hour", M: "minute", S: "second" }
    : { Y: "year", M: "month", D: "day" };
  return new Intl.NumberFormat(words.tag, {
    style: "unit",
    unit: units[unit] ?? "day",
    unitDisplay: "long",
  }).format(Number(count));
}

/** What a withdrawal did, in plain words, until it is read. */
function showReport(consent: Consent, words: Texts, report: WithdrawalReport): void {
  const list = new Intl.ListFormat(words.tag);
  let text = textRecords(words, /^report/);
  for (const { id, wasRunning, erased, left, resumes } of report.vendors) {
    const of = (why: string) => left.filter((one) => one.why === why).map(({ name }) => name);
    const browser = [...of("third-party"), ...of("http-only")];
    const visible = of("still-visible");
    text += record(
      "v",
      id,
      consent.vendors.find((vendor) => vendor.id === id)?.name ?? id,
      ...[
        words.get(wasRunning ? "report.stopped" : "report.held"),
        erased.length && words.get("report.erased", { names: list.format(erased) }),
        visible.length && words.get("report.visible", { names: list.format(visible) }),
        browser.length && words.get("report.browser", { names: list.format(browser) }),
        wasRunning && resumes === "next-page" && words.get("report.nextPage"),
      ].filter((line): line is string => !!line),
    );
  }
  const place = slot(host(), "report");
  render(place, drawReport(text));
  place.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-action]")) place.remove();
  });
}
