// Performs the closed vocabulary of vendors' steps. Data never becomes code: a name is looked up, a
// value is passed on, and nothing else can be said.

import type { Natives } from "./natives.ts";
import type { Step, StepValue } from "./types.ts";

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

/** Runs a vendor's steps. One that fails ends them: the vendor's trouble, not the page's. */
export function perform(steps: readonly Step[] | undefined, vendor: number, native: Natives): void {
  for (const step of steps ?? []) run(step, vendor, native);
}

/** The visitor's answer for a vendor: its stubs pass calls on, or forget and swallow them. */
export function signal(vendor: number, granted: boolean): void {
  for (const state of stubs.values()) {
    if (state.owners.has(vendor)) {
      state.owners.set(vendor, !granted);
      if (swallows(state)) take(state);
    }
  }
}

/** Takes the calls that a vendor's stubs kept; what it gives puts them back. Once a vendor. */
export function takeKept(vendor: number): () => void {
  const back: (() => void)[] = [];
  for (const state of stubs.values()) {
    if (state.owners.has(vendor) && !state.isHandedOver) {
      state.isHandedOver = true;
      back.push(take(state));
    }
  }
  return () => {
    for (const put of back) put();
  };
}

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
    case "push":
      (owner[key] as unknown[]).push(live(step.value));
      break;
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
