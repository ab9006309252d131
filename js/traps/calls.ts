// Traps on calls. What cannot wait is refused the way a content blocker refuses it.

import type { Holder } from "../held.ts";
import { maker, method } from "../patch.ts";
import { REFUSE, WAIT } from "./judge.ts";
import type { Realm } from "./realm.ts";

/** The verdict on a call; what is refused is logged. */
export type Call = (kind: string, url: string) => number;

/** Until there is another judge. */
type Arrival = () => Promise<void>;

export function trapCalls(realm: Realm, call: Call, arrival: Arrival): void {
  trapFetch(realm, call, arrival);
  trapXhr(realm, call, arrival);
  trapBeacon(realm, call, arrival);
  const refused = (kind: string, url: unknown): boolean => call(kind, String(url)) >= REFUSE;
  for (const name of ["WebSocket", "EventSource", "WebTransport", "Worker", "SharedWorker"]) {
    maker(realm, name, (values, make) => {
      // As where the page's own policy forbids it.
      if (refused(name, values[0]))
        throw new realm.DOMException(`Failed to construct '${name}'`, "SecurityError");
      return make(values);
    });
  }
  const worklet = (realm as { Worklet?: { prototype: object } }).Worklet;
  if (worklet) {
    method(worklet.prototype, "addModule", (add: (this: unknown, ...values: unknown[]) => Promise<void>) => {
      return function (this: unknown, ...values: unknown[]) {
        return refused("worklet", values[0])
          ? realm.Promise.reject(new realm.DOMException("Unable to load a worklet's module.", "AbortError"))
          : add.apply(this, values);
      };
    });
  }
  maker(realm, "FontFace", (values, make) => {
    const urls = /url\(\s*["']?([^"')]+)/g;
    const [family, source, ...rest] = values;
    return [...String(source).matchAll(urls)].some(([, url]) => refused("FontFace", url))
      ? make([family, 'local("")', ...rest])
      : make(values);
  });
}

/** `new Audio(url)` writes its address past every setter: what is held is kept once it is made. */
export function trapAudio(realm: Realm, held: Holder): void {
  maker(realm, "Audio", (values, make) => {
    const [url] = values;
    if (url === undefined || !held.isHeld("src", String(url))) return make(values);
    const audio = make([]) as HTMLAudioElement;
    audio.preload = "auto"; // as one that is made with its address has it
    held.keep(audio, "src", String(url));
    return audio;
  });
}

function trapFetch(realm: Realm, call: Call, arrival: Arrival): void {
  const address = (input: unknown): string => (input as Request)?.url ?? String(input);
  method(realm, "fetch", (native: typeof fetch) => {
    const trapped = function (
      this: unknown,
      input: RequestInfo | URL,
      init?: RequestInit,
    ): Promise<Response> {
      const verdict = call("fetch", address(input));
      if (verdict === WAIT) return arrival().then(() => trapped.call(this, input, init));
      if (verdict === REFUSE) return realm.Promise.reject(new realm.TypeError("Failed to fetch"));
      // biome-ignore lint/complexity/noArguments: a call without a parameter is another error
      return native.apply(this as never, arguments as never);
    };
    return trapped;
  });
  method(realm as object, "fetchLater", (native: (...values: never[]) => unknown) => {
    return function (this: never, input: never, init: never) {
      return call("fetch", address(input)) >= REFUSE
        ? { activated: false }
        : native.call(this, input, init as never);
    };
  });
}

function trapXhr(realm: Realm, call: Call, arrival: Arrival): void {
  const { prototype } = realm.XMLHttpRequest;
  /** Whether each opened request is asynchronous, and where it goes. */
  const opened = new WeakMap<XMLHttpRequest, { url: string; later: boolean }>();
  method(prototype, "open", (native: XMLHttpRequest["open"]) => {
    return function (this: XMLHttpRequest, _verb: string, url: string | URL, later?: boolean) {
      // biome-ignore lint/complexity/noArguments: how many there are has a meaning
      const all = arguments as unknown as Parameters<typeof native>;
      const wasRefused = Object.hasOwn(this, "readyState");
      delete (this as { readyState?: number }).readyState;
      native.apply(this, all);
      // One that was refused looked finished, and was open all the time: that it is opened is news to the page.
      if (wasRefused) this.dispatchEvent(new realm.Event("readystatechange"));
      opened.set(this, { url: String(url), later: all.length < 3 || !!later });
    } as typeof native;
  });
  method(prototype, "send", (native: XMLHttpRequest["send"]) => {
    return function send(this: XMLHttpRequest, body) {
      const { url, later } = opened.get(this) ?? { url: "", later: true };
      const verdict = url ? call("xhr", url) : 0;
      if (verdict === WAIT && later) {
        arrival().then(() => send.call(this, body));
      } else if (verdict >= REFUSE) {
        if (!later) throw new realm.DOMException("Failed to load", "NetworkError");
        setTimeout(() => fail(this, realm));
      } else {
        native.call(this, body);
      }
    } as typeof native;
  });
}

/** What a request that the network refused looks like from the page. */
function fail(request: XMLHttpRequest, realm: Realm): void {
  Object.defineProperty(request, "readyState", { value: 4, configurable: true });
  request.dispatchEvent(new realm.Event("readystatechange"));
  for (const type of ["error", "loadend"]) request.dispatchEvent(new realm.ProgressEvent(type));
}

function trapBeacon(realm: Realm, call: Call, arrival: Arrival): void {
  method(realm.Navigator.prototype, "sendBeacon", (native: Navigator["sendBeacon"]) => {
    return function beacon(this: Navigator, url: string | URL, data?: BodyInit | null): boolean {
      const verdict = call("beacon", String(url));
      if (verdict === WAIT) arrival().then(() => beacon.call(this, url, data));
      // A content blocker lets the call succeed and drops the request; vendors cope with that.
      // biome-ignore lint/complexity/noArguments: a call without a parameter is an error
      return verdict >= REFUSE || native.apply(this, arguments as never);
    };
  });
}
