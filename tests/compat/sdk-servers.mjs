// The servers that the vendors' own SDKs talk to, as far as the SDKs listen to the answers.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { FOLDER } from "./compat.mjs";

const json = (value) => ({ type: "application/json", body: JSON.stringify(value) });
const script = (body) => ({ type: "text/javascript", body });

const POSTHOG = path.join(FOLDER, "node_modules/posthog-js/dist");

/** The names of events in a request's body. */
const names = ({ body }) =>
  [...body.matchAll(/"(?:event|message|value)":"([^"]*)"/g)].map(([, name]) => name);

/**
 * Each SDK: its hosts, what its servers answer, the names of events in a request's body, what it stores,
 * and which events have to arrive: once on a page, and of each run. What it does `whenever` is not compared.
 */
export const SDKS = {
  sentry: {
    hosts: ["o1.ingest.us.sentry.io"],
    answer: () => json({}),
    events: names,
    storage: [{ kind: "session", key: "sentryReplaySession", purpose: "session" }],
    once: [],
    sends: (run) => [`message ${run}`, `listener ${run}`, `later ${run}`],
  },
  posthog: {
    hosts: ["us.i.posthog.com", "us-assets.i.posthog.com"],
    async answer({ path: where }) {
      if (where.startsWith("/static/"))
        return script(await readFile(path.join(POSTHOG, path.basename(where)), "utf8"));
      if (where.endsWith("/config"))
        return json({
          supportedCompression: [],
          hasFeatureFlags: true,
          sessionRecording: { endpoint: "/s/", scriptConfig: { script: "posthog-recorder" } },
          surveys: false,
          siteApps: [],
        });
      if (where.startsWith("/flags"))
        return json({
          flags: {
            beta: { key: "beta", enabled: true, reason: { code: "" }, metadata: { id: 1, version: 1 } },
          },
          errorsWhileComputingFlags: false,
        });
      return json({});
    },
    events: names,
    cookies: [{ name: "ph_phc_compat_*", party: "first", lifetime: "P1Y", purpose: "visitor-id" }],
    storage: ["local", "session"].flatMap((kind) =>
      ["ph_phc_compat_*", "__ph_opt_in_out_*"].map((key) => ({ kind, key, purpose: "visitor-id" })),
    ),
    once: ["$pageview", "$identify", "$snapshot"],
    sends: (run) => [`event ${run}`, `later ${run}`],
  },
  mixpanel: {
    hosts: ["api-js.mixpanel.com"],
    answer: () => json({ status: 1, error: null }),
    events: ({ body }) => names({ body: decodeURIComponent(body) }),
    // Recordings are kept and sent in their own time.
    whenever: /^\/record\/$|__mprec_/,
    cookies: [{ name: "mp_*", party: "first", lifetime: "P1Y", purpose: "visitor-id" }],
    storage: ["local", "session"].flatMap((kind) =>
      ["mp_*", "__mp*"].map((key) => ({ kind, key, purpose: "visitor-id" })),
    ),
    once: ["$mp_web_page_view", "$mp_click"],
    sends: (run) => [`event ${run}`, `later ${run}`],
  },
  segment: {
    hosts: ["cdn.segment.com", "api.segment.io"],
    answer({ path: where }) {
      if (where.endsWith("/settings"))
        return json({
          integrations: { "Segment.io": { apiKey: "compat" } },
          plan: { track: { __default: { enabled: true } } },
          remotePlugins: [
            {
              name: "Destination",
              creationName: "Destination",
              url: "https://cdn.segment.com/actions/destination.js",
              libraryName: "compatDestination",
              settings: {},
            },
          ],
        });
      if (where.endsWith("/destination.js"))
        return script(`window.compatDestination = () => ({
          name: "Destination", type: "destination", version: "1", isLoaded: () => true, load: async () => {},
          track(context) { say("destination", context.event.event); return context; },
        });`);
      return json({ success: true });
    },
    events: names,
    cookies: [{ name: "ajs_*", party: "first", lifetime: "P1Y", purpose: "visitor-id" }],
    storage: [{ kind: "local", key: "ajs_*", purpose: "visitor-id" }],
    once: [],
    sends: (run) => [`event ${run}`, `later ${run}`],
  },
};

/** Puts an SDK's servers into the farm. */
export function serveSdk(farm, { hosts, answer }) {
  for (const host of hosts)
    farm.site(host, async (request) => {
      const { type, body } = await answer(request);
      const headers = {
        "content-type": type,
        "access-control-allow-origin": request.headers.origin ?? "*",
        "access-control-allow-credentials": "true",
        "access-control-allow-headers": request.headers["access-control-request-headers"] ?? "*",
      };
      return { headers, body };
    });
}
