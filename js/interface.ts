// Fetches and shows the interface: only when there is something to ask or the visitor opens it.

import { closePrepared } from "./handover.ts";
import type { Consent, ConsentError, Issue, LogEntry } from "./types.ts";
import type { Assets } from "./ui/assets.ts";
import type { Modules } from "./wasm.ts";

/** How each lazily loaded part is fetched: bundlers and script tags differ. */
export interface Loaders extends Assets {
  wayBack(): Promise<typeof import("./ui/way-back.ts")>;
  embeds(): Promise<typeof import("./ui/embeds.ts")>;
  elements(): Promise<typeof import("./ui/elements.ts")>;
  /** Everything in JavaScript, for where WebAssembly is refused. */
  js(): Promise<{ modules: Modules }>;
  withdraw(): Promise<typeof import("./withdraw.ts")>;
  tools(): Promise<{
    validateResolved(config: string): (Issue & { severity: string })[];
    explainPage(consent: Consent): void;
  }>;
}

/** What a page may hold of ours. */
const PARTS = "portcullis-settings,portcullis-declaration,[data-portcullis-embed]";

/** A part that is drawn, or on its way. */
type Part = Promise<{ close(): void }>;

export interface Interface {
  /** There will be something to ask: what asks is on its way while the gate starts. */
  hasten(): void;
  /** There is something to ask, or there is not any more. */
  asking(pending: boolean): void;
  /** A frame waits: what stands in it says so. */
  embed(frame: HTMLIFrameElement, entry: LogEntry): void;
  /** Looks for elements of ours that the page holds. */
  look(): void;
  /** Opens the preference centre, at the list of vendors where that is what is wanted; `opener` gets the focus back. */
  openPreferences(view?: "settings" | "vendors", opener?: Element | null): Promise<void>;
  closePreferences(): void;
  stop(): void;
}

export function makeInterface(
  consent: Consent,
  loaders: Loaders,
  fail: (error: ConsentError) => void,
): Interface {
  let banner: Part | undefined;
  let preferences: Part | undefined;
  let wayBack: Part | undefined;
  let embeds: ReturnType<Awaited<ReturnType<Loaders["embeds"]>>["embeds"]> | undefined;
  let elements: ReturnType<Awaited<ReturnType<Loaders["elements"]>>["elements"]> | undefined;
  let isStopped = false;
  /** Legal notices can be read without being asked. */
  const isSilent = (consent.config.interface?.silent ?? []).some((path) =>
    new RegExp(`^${path.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`).test(
      location.pathname,
    ),
  );

  const close = (part: Part | undefined): undefined => {
    part?.then((drawn) => drawn.close()).catch(() => {});
  };

  /** What is not needed to go on: that it failed has been said. */
  const quietly = <T>(part: Promise<T>): Promise<T> => {
    part.catch(() => {});
    return part;
  };

  const fetched = <T>(part: Promise<T>): Promise<T> =>
    part.catch((error) => {
      fail({ code: "no-interface", message: `the interface did not load: ${error}` });
      throw error;
    });

  return {
    hasten() {
      if (isSilent) return;
      // Beside the banner's own file, and not after it; the banner may find that it is another.
      const language = consent.config.interface?.language ?? document.documentElement?.lang ?? "";
      if (loaders.languages.includes(language)) quietly(loaders.locale(language));
      quietly(loaders.banner());
    },
    asking(pending) {
      if (isStopped) return;
      if (pending && !isSilent) {
        banner ??= quietly(fetched(loaders.banner()).then((part) => part.banner(consent, loaders)));
        banner.catch(closePrepared);
        return;
      }
      closePrepared();
      banner = close(banner);
      if (consent.config.interface?.wayBack !== false) {
        wayBack ??= quietly(fetched(loaders.wayBack()).then((part) => part.wayBack(consent, loaders)));
      }
    },
    async openPreferences(view, opener) {
      const closed = () => {
        preferences = undefined;
      };
      preferences ??= fetched(loaders.preferences()).then((part) =>
        part.preferences(consent, loaders, opener ?? document.activeElement, closed, view),
      );
      preferences.catch(closed);
      // It draws with the banner's means: both are fetched at once. And what a withdrawal needs is there
      // before it can be clicked.
      quietly(loaders.banner());
      quietly(loaders.withdraw());
      await preferences;
    },
    embed(frame, entry) {
      embeds ??= quietly(fetched(loaders.embeds()).then((part) => part.embeds(consent, loaders)));
      embeds.then((draw) => !isStopped && draw(frame, entry)).catch(() => {});
    },
    look() {
      if (isStopped || !(elements || document.querySelector(PARTS))) return;
      elements ??= quietly(fetched(loaders.elements()).then((part) => part.elements(consent, loaders)));
      elements.then((look) => look()).catch(() => {});
    },
    closePreferences() {
      preferences = close(preferences);
    },
    stop() {
      isStopped = true;
      closePrepared();
      banner = close(banner);
      preferences = close(preferences);
      wayBack = close(wayBack);
    },
  };
}
