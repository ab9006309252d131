// What a withdrawal did, in plain words, until it is read.

import { ask, render } from "#pkg/ui.js";
import type { Consent, WithdrawalReport } from "../types.ts";
import { record, records, type Texts } from "./records.ts";
import type { View } from "./view.ts";

/** Draws it into a place that stood there before, so that it is heard; `done` takes the focus afterwards. */
export function drawReport(
  view: View,
  place: HTMLElement,
  consent: Consent,
  words: Texts,
  { vendors }: WithdrawalReport,
  done: () => void,
): void {
  const list = new Intl.ListFormat(words.tag);
  // Where one opts out, that it was done is confirmed.
  const isOptOut = consent.regime === "opt-out";
  let text = records(words, /^report/, isOptOut ? { "report.title": words.get("banner.optedOut") } : {});
  // What ran comes first: the rest has less to tell.
  const ran = vendors.filter(({ wasRunning }) => wasRunning);
  const idle = vendors.filter(({ wasRunning }) => !wasRunning);
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
  render(place, ask(view, view.report, text));
  place.onclick = (event) => {
    if (!(event.target as Element).closest("[data-action]")) return;
    place.replaceChildren();
    done();
  };
}
