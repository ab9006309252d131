// The preference centre: fetched when the visitor opens it. The draft is kept in Rust; this carries
// actions in and trees out.

import css from "#glue/style/preferences.css";
import { module } from "#glue/ui-preferences/module.js";
import {
  adopt,
  ask,
  giveFocus,
  instantiate,
  provenance,
  record,
  records,
  render,
  rootRule,
  slot,
  stage,
  type Texts,
} from "#pkg/ui.js";
import type { Consent, Decision, Vendor, WithdrawalReport } from "../types.ts";
import type { Exports } from "../wasm.ts";
import type { Assets } from "./assets.ts";

type Stage = Awaited<ReturnType<typeof stage>>;

interface View extends Exports {
  open(): number;
  act(): number;
  report(): number;
}

let view: View | undefined;

/** Opens the preference centre; the focus goes back to `opener` when it closes. */
export async function preferences(
  consent: Consent,
  assets: Assets,
  opener: Element | null,
  closed: () => void,
): Promise<{ close(): void }> {
  const { words, root, facts } = await stage(consent, assets, "all");
  adopt(root, css);
  view ??= instantiate<View>(module, "preferences");
  const own = view;
  const tree = ask(own, own.open, input(consent, words, facts));
  const place = slot(root, "preferences");
  render(place, tree);
  const dialog = place.firstElementChild as HTMLDialogElement;
  // What is said afterwards is heard if its place stood there before.
  const reported = slot(root, "report");
  reported.setAttribute("role", "status");
  // The banner would stand beside the dialog that it opened: it is put away until that closes.
  const asking = root.querySelector("[data-slot=banner]");
  asking?.remove();
  const page = rootRule();
  // The page does not scroll behind the dialog, and nothing in it moves when its scroll bar goes.
  if (innerWidth > document.documentElement.clientWidth) page.style.setProperty("scrollbar-gutter", "stable");
  page.style.setProperty("overflow", "hidden");
  dialog.showModal();
  dialog.querySelector<HTMLElement>("#title")?.focus();

  const back = () =>
    giveFocus(opener === root.host ? null : opener, asking?.querySelector("[data-action=settings]"));
  const shut = () => {
    dialog.close();
    place.remove();
    page.undo();
    closed();
  };
  const askAgain = () => asking?.firstChild && root.prepend(asking);
  const close = () => {
    if (!place.isConnected) return;
    shut();
    askAgain();
    back();
  };
  /** The dialog goes first; what was decided follows. */
  const answer = async (word: string, lines: readonly string[]) => {
    shut();
    back();
    const from = provenance("preferences", words, tree);
    try {
      const { report } =
        word === "accept"
          ? await consent.acceptAll(from)
          : word === "reject"
            ? await consent.rejectAll(from)
            : await consent.choose(decision(lines), from);
      if (report?.vendors.length) showReport(own, reported, consent, words, report, back);
    } finally {
      askAgain();
    }
  };
  const run = (action: string, id = "") => {
    const done = ask(own, own.act, `${action}\x1f${id}`);
    const [word = "", ...lines] = done.split("\n");
    if (done[0] === "<") render(place, done);
    else if (word === "close") close();
    else answer(word, lines).catch(reportError);
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

function decision(lines: readonly string[]): Decision {
  const answers = (letter: string) =>
    Object.fromEntries(
      lines.filter((line) => line[0] === letter).map((line) => [line.slice(2), line[1] === "1"]),
    );
  return { categories: answers("c"), vendors: answers("v") };
}

function input(consent: Consent, words: Texts, facts: Stage["facts"]): string {
  const { config, choices } = consent;
  const names = new Intl.ListFormat(words.tag);
  const categoryText = (id: string, part: "name" | "description"): string => {
    const own = consent.categories.find((category) => category.id === id)?.texts ?? {};
    const text = (own[words.tag] ?? own.en ?? Object.values(own)[0])?.[part];
    return text ?? words.all[`category.${id}.${part}`] ?? (part === "name" ? id : "");
  };
  const at = consent.record && new Date(consent.record.at);
  let text = records(words, /^(preferences|vendor|banner\.(reject|gpc))/, {
    ...facts,
    rights: config.site?.exerciseRights ?? "",
    record: consent.record?.id ?? "",
    date: at ? new Intl.DateTimeFormat(words.tag, { dateStyle: "long" }).format(at) : "",
  });
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
  const own = location.protocol === "https:" ? "__Host-portcullis" : "portcullis";
  const kept = [
    words.get("purpose.consent"),
    words.get("party.first"),
    duration(`P${config.validDays ?? 180}D`, words),
  ];
  text +=
    record("v", "portcullis", "necessary", 1, facts.site) + record("k", "portcullis", own, kept.join(" · "));
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
  return text;
}

function who({ company, country }: Vendor, { tag, dir }: Texts): string {
  const place = country && new Intl.DisplayNames(tag, { type: "region" }).of(country);
  // Arabic has a comma of its own.
  return [company, place].filter(Boolean).join(dir === "rtl" ? "، " : ", ");
}

/** An ISO 8601 duration of one unit in words; what is none stays as it is. */
function duration(lifetime: string, words: Texts): string {
  const [, time, count, unit] = /^P(T?)(\d+)([YMDHS])$/.exec(lifetime) ?? [];
  if (!unit) return lifetime === "session" ? words.get("lifetime.session") : lifetime;
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
function showReport(
  own: View,
  place: HTMLElement,
  consent: Consent,
  words: Texts,
  report: WithdrawalReport,
  back: () => void,
): void {
  const list = new Intl.ListFormat(words.tag);
  let text = records(words, /^report/, {});
  // What ran comes first: the rest has less to tell.
  const ran = report.vendors.filter(({ wasRunning }) => wasRunning);
  const idle = report.vendors.filter(({ wasRunning }) => !wasRunning);
  for (const { id, wasRunning, erased, left, resumes } of [...ran, ...idle]) {
    const names = (of: readonly string[]) =>
      list.format(of.map((name) => name.replace(/^(local|session):/, "")));
    const of = (why: string) => left.filter((one) => one.why === why).map(({ name }) => name);
    const browser = [...of("third-party"), ...of("http-only")];
    const visible = of("still-visible");
    text += record(
      "v",
      id,
      consent.vendors.find((vendor) => vendor.id === id)?.name ?? id,
      ...[
        words.get(wasRunning ? "report.stopped" : "report.held"),
        erased.length && words.get("report.erased", { names: names(erased) }),
        visible.length && words.get("report.visible", { names: names(visible) }),
        browser.length && words.get("report.browser", { names: names(browser) }),
        wasRunning && resumes === "next-page" && words.get("report.nextPage"),
      ].filter((line): line is string => !!line),
    );
  }
  render(place, ask(own, own.report, text));
  place.onclick = (event) => {
    if (!(event.target as Element).closest("[data-action]")) return;
    place.replaceChildren();
    back();
  };
}
