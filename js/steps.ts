// Performs the closed vocabulary of vendors' steps. Data never becomes code: a name is looked up, a
// value is passed on, and nothing else can be said.

import type { Natives } from "./natives.ts";
import type { Step, StepValue } from "./types.ts";

/** Calls kept for a vendor that has not loaded; a page that calls on and on must not grow without bound. */
const KEPT_MAX = 500;

type Bag = { [key: string]: unknown };
type Stub = ((...values: unknown[]) => unknown) & Bag;

/** A stub function of ours, and which of the vendors that share it are refused. */
interface StubState {
  readonly owners: Map<number, boolean>;
  /** Takes the calls kept so far out of the queue; what it gives puts them back at its end. */
  take(): () => void;
  /** The vendor's code has been sent for: what is in the queue is its own from now on. */
  isHandedOver: boolean;
}

const stubs = new Map<string, StubState>();

/** Whether every vendor behind a stub is refused: its calls are swallowed then. */
const swallows = ({ owners }: StubState) => ![...owners.values()].includes(false);

/** Runs a vendor's steps. One that fails ends them: the vendor's trouble, not the page's. */
export function perform(steps: readonly Step[] | undefined, vendor: number, native: Natives): void {
  for (const step of steps ?? []) run(step, vendor, native);
}

/** The visitor's answer for a vendor: its stubs pass calls on, or forget and swallow them. */
export function signal(vendor: number, granted: boolean): void {
  for (const state of stubs.values()) {
    if (state.owners.has(vendor)) {
      state.owners.set(vendor, !granted);
      if (swallows(state)) state.take();
    }
  }
}

/** Takes the calls that a vendor's stubs kept; what it gives puts them back. Once a vendor. */
export function takeKept(vendor: number): () => void {
  const back: (() => void)[] = [];
  for (const state of stubs.values()) {
    if (state.owners.has(vendor) && !state.isHandedOver) {
      state.isHandedOver = true;
      back.push(state.take());
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
    case "arguments-queue":
      argumentsQueue(step, vendor, owner as Bag, key);
      break;
    case "function-queue":
      functionQueue(step, vendor, owner as Bag, key);
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

function share(name: string, vendor: number, state: () => StubState): StubState {
  const known = stubs.get(name) ?? state();
  known.owners.set(vendor, false);
  stubs.set(name, known);
  return known;
}

/** gtag's way: every call's Arguments object goes to one array, which the vendor takes over. */
function argumentsQueue(
  step: Step & { do: "arguments-queue" },
  vendor: number,
  owner: Bag,
  key: string,
): void {
  const ours: object[] = [];
  const queue = () => locate(step.queue)[0][step.queue] as object[];
  const state = share(step.name, vendor, () => ({
    owners: new Map(),
    isHandedOver: false,
    take() {
      const all = queue();
      const taken = ours.splice(0);
      for (const call of taken) {
        const at = all.indexOf(call);
        if (at >= 0) Array.prototype.splice.call(all, at, 1);
      }
      return () => all.push(...taken);
    },
  }));
  owner[key] ??= function () {
    if (swallows(state) || ours.length >= KEPT_MAX) return;
    // The vendor takes true Arguments objects for commands, and nothing else.
    // biome-ignore lint/complexity/noArguments: see above
    const call = arguments;
    ours.push(call);
    queue().push(call);
  };
}

/** fbq's way: a function that keeps calls in a list of its own until its vendor's code takes over. */
function functionQueue(step: Step & { do: "function-queue" }, vendor: number, owner: Bag, key: string): void {
  let stub = owner[key] as Stub | undefined;
  const list = () => stub?.[step.queue] as unknown[];
  const state = share(step.name, vendor, () => ({
    owners: new Map(),
    isHandedOver: false,
    take() {
      const all = list();
      const taken = Array.isArray(all) ? all.splice(0) : [];
      return () => all?.push(...taken);
    },
  }));
  if (stub) return;
  stub = function (this: unknown) {
    if (swallows(state)) return;
    // biome-ignore lint/complexity/noArguments: some vendors' code expects an Arguments object
    const call = arguments as unknown as unknown[];
    const forward = step.forward && stub?.[step.forward];
    if (typeof forward === "function") return forward.apply(stub, call);
    if (list().length < KEPT_MAX) list().push(step.item === "arguments" ? call : Array.from(call));
  } as Stub;
  Object.assign(stub, live(step.with ?? {}));
  stub[step.queue] = [];
  owner[key] = stub;
  for (const name of step.also ?? []) {
    const [holder, alias] = locate(name);
    holder[alias] ??= stub; // as the vendor’s own snippet does
  }
}

function eraseOrSet(name: string, value: string | null, native: Natives): void {
  const age = value === null ? 0 : 34_560_000; // 400 days, the most a browser keeps
  native.cookie.set.call(document, `${name}=${value ?? ""}; Path=/; SameSite=Lax; Max-Age=${age}`);
}
