// Performs the closed vocabulary of vendors' steps. Data never becomes code: a name is looked up, a
// value is passed on, and nothing else can be said.

import type { Natives } from "./natives.ts";
import { warn } from "./report.ts";
import type { Step, StepValue, Vendor } from "./types.ts";

/** Calls kept for a vendor that has not loaded; a page that calls on and on must not grow without bound. */
const KEPT_MAX = 500;

type Bag = { [key: string]: unknown };
type Stub = ((...values: unknown[]) => unknown) & Bag;
type QueueStep = Step & { do: "arguments-queue" | "function-queue" };

/** A stub function of ours, and which of the vendors that share it are refused. */
interface StubState {
  readonly owners: Map<number, boolean>;
  /** Calls that stand in the queue. */
  readonly kept: object[];
  queue(): unknown[];
  /** The vendor's code has been sent for: what is in the queue is its own from now on. */
  isHandedOver: boolean;
}

const stubs = new Map<string, StubState>();

/** Whether every vendor behind a stub is refused: its calls are swallowed then. */
const swallows = ({ owners }: StubState) => ![...owners.values()].includes(false);

/** Takes the calls kept so far out of the queue; what it gives puts them back at its end. */
function take({ kept, queue }: StubState): () => void {
  const all = queue();
  const taken = kept.splice(0).filter((call) => {
    const at = all?.indexOf(call);
    return at >= 0 && Array.prototype.splice.call(all, at, 1);
  });
  return () => all?.push(...taken);
}

/** A call that is made now is ours, and not the page's. */
let isOurs = false;
function asOurs(act: () => void): void {
  isOurs = true;
  try {
    act();
  } finally {
    isOurs = false;
  }
}

/** Runs a vendor's steps. One that fails ends them: the vendor's trouble, not the page's. */
function perform(list: readonly Step[] | undefined, vendor: number, native: Natives): void {
  asOurs(() => {
    for (const step of list ?? []) run(step, vendor, native);
  });
}

/** The visitor's answer for a vendor: its stubs pass calls on, or forget and swallow them. */
function signal(vendor: number, granted: boolean): void {
  for (const state of stubs.values()) {
    if (state.owners.has(vendor)) {
      state.owners.set(vendor, !granted);
      if (swallows(state)) take(state);
    }
  }
}

/** What puts calls back that were kept for several vendors: see {@link deliver}. */
const undelivered: (() => void)[] = [];

/** Takes the calls that a vendor's stubs kept; what it gives puts them back. Once a vendor. */
function takeKept(vendor: number): () => void {
  const back: (() => void)[] = [];
  for (const state of stubs.values()) {
    if (state.owners.has(vendor) && !state.isHandedOver) {
      state.isHandedOver = true;
      (state.owners.size > 1 ? undelivered : back).push(take(state));
    }
  }
  return () => {
    for (const put of back) put();
  };
}

/** Delivers what the page has called to several vendors at once: each of them that starts now has its id by then. */
function deliver(): void {
  asOurs(() => {
    for (const put of undelivered.splice(0)) put();
  });
}

/** A call that the config has made to a vendor, which the page's own snippet must not make again. */
interface Made {
  readonly name: string;
  readonly call: Call;
  readonly vendor: number;
  /** It gives the vendor its id. */
  readonly isNamed: boolean;
}
const made: Made[] = [];
/** The vendors whose id the page's own snippet has given again. */
const repeated = new Set<number>();

/** A call's command and what follows it: `config`, `G-ABC1234567`. */
type Call = ArrayLike<unknown>;

const isSame = (one: Call, other: Call): boolean => one?.[0] === other[0] && one[1] === other[1];

/** The queue that a stub fills, ours or the page's. */
function queueOf(step: QueueStep): unknown[] | undefined {
  const [owner, key] = locate(step.name);
  return (step.do === "function-queue" ? (owner[key] as Bag | undefined) : locate(step.queue)[0])?.[
    step.queue
  ] as unknown[];
}

/** The vendors that have been started. */
const begun = new Set<number>();

/** Whether the page has pushed an event of this name: what a tag manager's snippet does first. */
const hasEvent = (queue: string, { event }: { event?: unknown }): boolean =>
  !!event && ((locate(queue)[0][queue] ?? []) as { event?: unknown }[]).some((item) => item?.event === event);

/**
 * Starts a vendor: its own first calls, and then what the page has called. Where the page's own snippet has given the
 * vendor the same id already, or has begun to load it (`isLoaded`) with the same event, the snippet counts, and the first
 * calls are left out.
 */
function begin(
  { id, stub = [], start = [], values = {} }: Vendor,
  at: number,
  native: Natives,
  isLoaded = false,
): void {
  begun.add(at);
  const ids: unknown[] = Object.values(values);
  const stubsOf = stub.filter((step): step is QueueStep => "queue" in step);
  const calls = start.flatMap((step): Made[] => {
    if (step.do !== "call") return [];
    const { name, arguments: call } = step;
    return [{ name, call, vendor: at, isNamed: call.some((argument) => ids.includes(argument)) }];
  });
  const isPages =
    calls.some(
      ({ name, call, isNamed }) =>
        isNamed &&
        stubsOf.some(
          (step) =>
            step.name === name && [...(queueOf(step) ?? [])].some((item) => isSame(item as Call, call)),
        ),
    ) ||
    (isLoaded && start.some((step) => step.do === "push" && hasEvent(step.name, Object(step.value))));
  // What the page called before is delivered after the vendor's own first calls: its id comes first.
  const putBack = takeKept(at);
  try {
    if (isPages) warn(`${id}: the page's own snippet counts, ours is left out`);
    else {
      made.push(...calls);
      perform(start, at, native);
    }
  } finally {
    asOurs(putBack);
  }
  // A function of the page's own in the stub's place fills the queue by itself.
  for (const step of stubsOf) if (step.do === "arguments-queue") guard(step);
}

/**
 * Whether the page's own snippet repeats a call of ours; it is left out then. First it repeats the vendor's id. Later calls
 * are no snippet: a site that draws its pages itself counts each view by such a call.
 */
function isRepeated(name: string, call: Call): boolean {
  if (isOurs || document.readyState === "complete") return false;
  const at = made.findIndex(
    (one) => one.name === name && isSame(call, one.call) && (one.isNamed || repeated.has(one.vendor)),
  );
  const [found] = at < 0 ? [] : made.splice(at, 1);
  if (found) {
    repeated.add(found.vendor);
    warn(`${name}(${call[0]}, ${call[1]}): ours counts, the page's own is left out`);
  }
  return !!found;
}

/** Keeps calls of ours from being repeated in an array, to whose `push` vendors put their own. */
function guard({ name, queue }: QueueStep): void {
  type All = { push(...items: unknown[]): number; length: number };
  const all = locate(queue)[0][queue] as All;
  if (!all || guarded.has(all)) return;
  guarded.add(all);
  const guarding =
    (push: All["push"]): All["push"] =>
    (...items) => {
      const wanted = items.filter((item) => !isRepeated(name, item as Call));
      return wanted.length || !items.length ? push.apply(all, wanted) : all.length;
    };
  let push = guarding(all.push);
  Object.defineProperty(all, "push", {
    configurable: true,
    get: () => push,
    set: (next) => {
      push = guarding(next);
    },
  });
}
const guarded = new WeakSet<object>();

function run(step: Step, vendor: number, native: Natives): void {
  if (step.do === "cookie") {
    eraseOrSet(step.name, step.value, native);
    return;
  }
  const [owner, key] = locate(step.name);
  switch (step.do) {
    case "array":
      owner[key] ??= [];
      break;
    case "set":
      owner[key] = live(step.value);
      break;
    case "push": {
      const all = owner[key] as unknown[];
      // An id that the page's own snippet has put there stands there once.
      if (!all.includes(step.value)) all.push(live(step.value));
      break;
    }
    case "call": {
      const target = owner[key];
      if (typeof target === "function") target.apply(owner, step.arguments.map(live));
      break;
    }
    default:
      keepCalls(step, vendor, owner, key);
  }
}

/** The object that holds a name, and the last part of the name. */
function locate(path: string): [Bag, string] {
  const parts = path.split(".");
  const key = parts.pop() ?? "";
  let owner = window as unknown as Bag;
  for (const part of parts) owner = (owner[part] ?? {}) as Bag;
  return [owner, key];
}

function live(value: StepValue): unknown {
  if (Array.isArray(value)) return value.map(live);
  if (value && typeof value === "object") {
    const { $ } = value as { $?: string };
    if ($ === "date") return new Date();
    if ($ === "millis") return Date.now();
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, live(part)]));
  }
  return value;
}

/**
 * A stub that keeps calls until its vendor's code takes over: in an array of the page's as Arguments objects,
 * which is gtag's way, or in a list of its own, which is fbq's. A stub that the page has already is its own.
 */
function keepCalls(step: QueueStep, vendor: number, owner: Bag, key: string): void {
  const own = step.do === "function-queue" ? step : undefined;
  const kept: object[] = [];
  const stub = function (this: unknown) {
    if (swallows(state)) return;
    // biome-ignore lint/complexity/noArguments: see below
    if (isRepeated(step.name, arguments)) return;
    // Some vendors take true Arguments objects for calls, and nothing else.
    // biome-ignore lint/complexity/noArguments: see above
    const call = arguments as unknown as unknown[];
    const forward = own?.forward && stub[own.forward];
    if (typeof forward === "function") return forward.apply(stub, call);
    const item = own?.item === "list" ? Array.from(call) : call;
    if (!state.isHandedOver && kept.push(item) > KEPT_MAX) kept.pop();
    else state.queue().push(item);
  } as Stub;
  const state = stubs.get(step.name) ?? {
    owners: new Map(),
    kept,
    queue: () => (own ? stub : locate(step.queue)[0])[step.queue] as unknown[],
    isHandedOver: false,
  };
  stubs.set(step.name, state);
  state.owners.set(vendor, false);
  if (owner[key]) return;
  owner[key] = stub;
  if (own) {
    Object.assign(stub, live(own.with ?? {}));
    stub[own.queue] = [];
    for (const name of own.also ?? []) {
      const [holder, alias] = locate(name);
      holder[alias] ??= stub; // as the vendor’s own snippet does
    }
  }
}

function eraseOrSet(name: string, value: string | null, native: Natives): void {
  const age = value === null ? 0 : 34_560_000; // 400 days, the most a browser keeps
  native.setCookie(document, `${name}=${value ?? ""}; Path=/; SameSite=Lax; Max-Age=${age}`);
}

/** What a page's vendors are started, stopped and stubbed by; a page has one of it, which keeps the stubs. */
export const steps = { perform, begin, begun, deliver, signal };
export type Steps = typeof steps;
