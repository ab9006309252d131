// The traps: they stand at the page's exits, ask for a verdict, and do as told. No rule is in here.
//
// Held elements keep their identity: the address is kept aside and reads back as written; `held.ts`
// has them. Calls that must answer are refused the way a content blocker refuses them.

import { type Holder, makeHolder } from "./held.ts";
import type { Natives } from "./natives.ts";
import { hideTexts } from "./patch.ts";
import { trapAudio, trapCalls } from "./traps/calls.ts";
import { trapClicks } from "./traps/clicks.ts";
import { trapElements } from "./traps/elements.ts";
import { type Judge, REFUSE } from "./traps/judge.ts";
import { trapMarkup } from "./traps/markup.ts";
import { trapNames } from "./traps/names.ts";
import { isBare, type Realm } from "./traps/realm.ts";

/** What stands once the traps are set. */
export interface Traps {
  readonly natives: Natives;
  readonly held: Holder;
  /** Host, and path with query, of an address; an empty host for what is no network request. */
  address(value: string): string;
  /** Puts a judge in, and lets what waited ask again. */
  connect(judge: Judge): void;
}

/** Lets everything pass: for the moment between setting the traps and connecting the gate. */
const NOBODY: Judge = { ask: () => 0, note() {}, wake() {} };

/** Sets the traps. Until `connect` everything passes. */
export function setTraps(native: Natives): Traps {
  let judge = NOBODY;
  let arrived: () => void = () => {};
  let arrival: Promise<void>;
  const expect = (): void => {
    arrival = new Promise((resolve) => {
      arrived = resolve;
    });
  };
  expect();

  const address = (value: string): string => {
    try {
      const url = new native.URL(value, native.baseURI(document));
      return /^(http|ws)s?:$/.test(url.protocol) ? `${url.hostname}\t${url.pathname}${url.search}` : "\t";
    } catch {
      return "\t"; // The browser will not request it either.
    }
  };

  /** The verdict on a call; what is refused is logged. */
  const call = (kind: string, url: string): number => {
    const finding = judge.ask(`c\t\t${address(url)}`);
    if ((finding & 3) === REFUSE) judge.note(kind, "refused", url, finding);
    return finding & 3;
  };

  /** Documents that have their traps. */
  const stood = new WeakSet<object>();
  const stand = (realm: Realm): void => {
    stood.add(realm.Document);
    hideTexts(realm);
    trapElements(realm, held, native);
    trapMarkup(realm, held, native, held.watch(realm.document));
    trapCalls(realm, call, () => arrival);
    trapAudio(realm, held);
    trapClicks(realm, call, native);
    trapNames(realm, () => judge);
  };
  const held = makeHolder(
    native,
    address,
    () => judge,
    (frame) => {
      try {
        const realm = native.contentWindow(frame) as Realm | null;
        // A frame that scripts fill is a way around every trap of this page: it gets its own.
        if (realm && !stood.has(realm.Document) && isBare(realm)) stand(realm);
      } catch {
        // Another origin's, or no frame.
      }
    },
  );
  stand(window as unknown as Realm);

  return {
    natives: native,
    held,
    address,
    connect(gate) {
      judge = gate;
      held.askAgain();
      const ask = arrived;
      // This one may wait for another.
      expect();
      ask();
    },
  };
}
