// What stands in the place of the gate where there is none: not yet, not at all, or on a server. Nothing
// is allowed, and everything else works.

/** An object that allows nothing. `ready` settles once there is a gate. */
export const facade = (ready: Promise<unknown>) => ({
  ready,
  allows: () => false,
  choices: { categories: {}, vendors: {} },
  explain: () => ({ verdict: "hold", reason: "not-ready" }) as const,
  log: () => [] as const,
});
