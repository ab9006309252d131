// Traps on the ways in: cookies and storage keys that a page's script may not write.

import { method, property } from "../patch.ts";
import { type Judge, REFUSE } from "./judge.ts";
import type { Realm } from "./realm.ts";

export function trapNames(realm: Realm, judge: () => Judge): void {
  const mayWrite = (name: string): boolean => {
    const finding = judge().ask(`n\t${name}`);
    const refused = (finding & 3) === REFUSE;
    if (refused) judge().note("cookie", "refused", name, finding);
    return !refused;
  };
  property<Document, string>(realm.Document.prototype, "cookie", ({ set }) => ({
    set(text) {
      const value = String(text);
      // A cookie without a name is read back by its value alone: "=a=b" is seen as "a=b".
      const name = value.replace(/^[\s=]+/, "").split(/[=;]/, 1)[0] ?? "";
      if (mayWrite(name.trim())) set.call(this, value);
    },
  }));
  const store = (realm as { CookieStore?: { prototype: object } }).CookieStore;
  if (store) {
    method(store.prototype, "set", (set: (this: unknown, ...values: unknown[]) => Promise<void>) => {
      return function (this: unknown, ...values: unknown[]) {
        const [first] = values as [{ name?: string } | string];
        const name = typeof first === "object" ? first?.name : first;
        return mayWrite(String(name)) ? set.apply(this, values) : realm.Promise.resolve();
      };
    });
  }
  method(realm.Storage.prototype, "setItem", (set: Storage["setItem"]) => {
    return function (this: Storage, key, value) {
      const kind = this === realm.sessionStorage ? "session" : "local";
      if (mayWrite(`${kind}:${String(key)}`)) set.call(this, key, value);
    } as typeof set;
  });
}
