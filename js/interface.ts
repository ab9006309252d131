// Fetches and shows the interface: only when there is something to ask or the visitor opens it.

import type { Consent, ConsentError, Issue } from "./types.ts";
import type { Assets } from "./ui/assets.ts";

/** How each lazily loaded part is fetched: bundlers and script tags differ. */
export interface Loaders extends Assets {
  banner(): Promise<typeof import("./ui/banner.ts")>;
  wayBack(): Promise<typeof import("./ui/way-back.ts")>;
  withdraw(): Promise<typeof import("./withdraw.ts")>;
  tools(): Promise<{ validateResolved(config: string): Issue[] }>;
}

type Closable = { close(): void };

export class Interface {
  #banner: Promise<Closable> | undefined;
  #preferences: Promise<Closable> | undefined;
  #wayBack: Promise<{ remove(): void }> | undefined;
  #stopped = false;

  constructor(
    private readonly consent: Consent,
    private readonly loaders: Loaders,
    private readonly fail: (error: ConsentError) => void,
  ) {}

  /** There is something to ask, or there is not any more. */
  asking(pending: boolean): void {
    if (this.#stopped) return;
    if (pending) {
      this.#banner ??= this.#fetched(this.loaders.banner()).then(({ banner }) =>
        banner(this.consent, this.loaders),
      );
      this.#banner.catch(() => {});
      return;
    }
    this.#banner = this.#close(this.#banner);
    if (this.consent.config.interface?.wayBack !== false) {
      this.#wayBack ??= this.#fetched(this.loaders.wayBack()).then(({ wayBack }) =>
        wayBack(this.consent, this.loaders),
      );
      this.#wayBack.catch(() => {});
    }
  }

  /** Opens the preference centre; `opener` gets the focus back. */
  async openPreferences(opener?: Element | null): Promise<void> {
    this.#preferences ??= this.#fetched(this.loaders.preferences()).then(({ preferences }) =>
      preferences(this.consent, this.loaders, opener ?? document.activeElement, () => {
        this.#preferences = undefined;
      }),
    );
    // It draws with the banner's means: both are fetched at once.
    this.loaders.banner().catch(() => {});
    // What a withdrawal needs is there before it can be clicked.
    this.loaders.withdraw().catch(() => {});
    await this.#preferences;
  }

  closePreferences(): void {
    this.#preferences = this.#close(this.#preferences);
  }

  stop(): void {
    this.#stopped = true;
    this.#banner = this.#close(this.#banner);
    this.#preferences = this.#close(this.#preferences);
    this.#wayBack?.then((button) => button.remove());
    this.#wayBack = undefined;
  }

  #close(open: Promise<Closable> | undefined): undefined {
    open?.then((part) => part.close()).catch(() => {});
  }

  async #fetched<T>(module: Promise<T>): Promise<T> {
    try {
      return await module;
    } catch (error) {
      this.fail({ code: "no-interface", message: `the interface did not load: ${error}` });
      throw error;
    }
  }
}
