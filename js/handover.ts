// Where files that are not bundled with each other find on a page what they share: symbols, since markup can claim any
// name.

import type { EarlyPhase } from "./early/phase.ts";
import type { Parts } from "./parts.ts";

/** The early phase that waits for a gate; nothing once it has come. */
export const OFFER = Symbol.for("portcullis.early");

/** What the gate goes on from. */
export interface Handover {
  readonly early: EarlyPhase;
  readonly parts: Parts;
  /** Where the visitor is, as the site's server says on our script element. */
  readonly region: string | undefined;
  /** Settles when the banner that stands ready is seen, or did not come. */
  readonly seen: Promise<unknown> | undefined;
  /** The gate stands: this is the page's consent from now on. */
  arrive(consent: unknown): void;
}

/** What is left on the page for the gate. */
export interface Offer {
  readonly build: string;
  /** Hands over, once, and only while the script of the gate of this build is running: to no other code of the page. */
  take(): Handover | undefined;
}

/** What all that draws shares. */
const INTERFACE = Symbol.for("portcullis.interface");

/** A banner that stands before what draws it has come: see `ui/prepared.ts`. */
export interface Prepared {
  /** What it was drawn from. */
  readonly tree: string;
  /** The action that was clicked. */
  answer?: string;
  /** Whether a person clicked. */
  byPerson?: boolean;
  /** Hears no more clicks. */
  stop(): void;
  /** Takes it away. */
  close(): void;
}

/** What all that draws on a page shares. */
export interface Shared {
  element?: HTMLElement;
  /** Style sheets that its root has. */
  readonly adopted: Set<string>;
  /** What was focused when the focus came into the interface. */
  cameFrom: EventTarget | null;
  prepared?: Prepared | undefined;
  /** Nothing is to stand ready any more: nobody would hear the answer, or there is no question. */
  isLate?: boolean;
}

/** The page, with what is left there. */
export interface Left {
  portcullis?: unknown;
  [OFFER]?: Offer;
  [INTERFACE]?: Shared;
}

/** The same for all that draws on this page, bundled together or not. */
export function sharedState(): Shared {
  const left = window as Left;
  left[INTERFACE] ??= { adopted: new Set(), cameFrom: null };
  return left[INTERFACE];
}

/** Takes away a banner whose answer nobody would hear, with an answer that it may have; none comes any more. */
export function closePrepared(): void {
  const all = sharedState();
  all.isLate = true;
  all.prepared?.close();
  all.prepared = undefined;
}
