// Traps on what the visitor's own click sends: a form to somebody's host, and a link's pings.

import type { Natives } from "../natives.ts";
import { method } from "../patch.ts";
import type { Call } from "./calls.ts";
import { REFUSE } from "./judge.ts";
import type { Realm } from "./realm.ts";

export function trapClicks(realm: Realm, call: Call, native: Natives): void {
  /** Where a form goes: its button may say otherwise. */
  const isRefused = (form: Element, button?: Element | null): boolean => {
    const to = (button && native.getAttribute(button, "formaction")) || native.getAttribute(form, "action");
    return !!to && call("form", to) >= REFUSE;
  };
  // Asked last, when the page has had its say.
  native.addEventListener(realm, "submit", (event) => {
    const { target, submitter } = event as SubmitEvent;
    if (!event.defaultPrevented && isRefused(target as Element, submitter)) event.preventDefault();
  });
  method(realm.HTMLFormElement.prototype, "submit", (submit: HTMLFormElement["submit"]) => {
    return function (this: HTMLFormElement) {
      // What is no form is the native one's to complain about.
      if (!(this?.localName === "form" && isRefused(this))) submit.call(this);
    };
  });
  native.addEventListener(
    realm,
    "click",
    ({ target }) => {
      const link = (target as Element).closest?.("[ping]");
      const pings = (link && native.getAttribute(link, "ping")?.split(/\s+/)) ?? [];
      const whole = pings.join(" ");
      const allowed = pings.filter((url) => url && call("ping", url) < REFUSE).join(" ");
      if (link && allowed !== whole) {
        native.setAttribute(link, "ping", allowed);
        setTimeout(() => native.setAttribute(link, "ping", whole));
      }
    },
    true,
  );
}
