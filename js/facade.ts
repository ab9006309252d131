// What stands in the place of the gate where there is none: not yet, not at all, or on a server. Nothing
// is allowed, and everything else works.

type Act = (...values: unknown[]) => unknown;

/**
 * An object that allows nothing. Once `ready` settles it is the object that came; what is asked of it
 * before is done then.
 */
export function facade(ready: Promise<unknown>, more: object = {}): object {
  let real: object | undefined;
  ready.then(
    (consent) => {
      real = consent as object;
    },
    () => {},
  );
  const now = {
    ...more,
    ready,
    // An object with this one would be waited for.
    // biome-ignore lint/suspicious/noThenProperty: see above
    then: undefined,
    allows: () => false,
    regime: "opt-in",
    jurisdiction: null,
    globalPrivacyControl: false,
    isSignalHonored: false,
    categories: [],
    vendors: [],
    choices: { categories: {}, vendors: {}, objections: {} },
    pending: null,
    config: {},
    record: null,
    lastReport: null,
    explain: () => ({ verdict: "hold", reason: "not-ready" }) as const,
    log: () => [] as const,
  };
  const later =
    (name: string): Act =>
    (...values) => {
      const given = ready.then((consent) => (consent as Record<string, Act>)[name]?.(...values));
      // These give what takes them back.
      return name === "on" || name === "control" ? () => given.then((undo) => (undo as () => void)()) : given;
    };
  return new Proxy(now, {
    get: (own, name) => {
      const from = real ?? own;
      return name in from ? from[name as never] : later(String(name));
    },
  });
}
