// PostHog: remote config, flags, events, what it stores, and the scripts that it fetches.

import posthog from "posthog-js";
import { rest, say, scenario, until } from "./scenario.js";

let runs = 0;

scenario(async (root) => {
  const run = ++runs;
  if (run === 1) {
    posthog.init("phc_compat", {
      api_host: "https://us.i.posthog.com",
      defaults: "2025-05-24",
      person_profiles: "always",
      disable_compression: true,
      opt_out_useragent_filter: true,
      request_queue_config: { flush_interval_ms: 250 },
      loaded: () => say("loaded"),
    });
  }
  say("id", typeof posthog.get_distinct_id(), posthog.config.api_host);
  const button = root.appendChild(document.createElement("button"));
  button.textContent = "captured by itself";
  button.click();
  posthog.register({ plan: "free" });
  say("captured", posthog.capture(`event ${run}`, { a: [1] })?.event ?? null);
  posthog.identify("someone");
  posthog.group("company", "acme");
  posthog.opt_in_capturing({ captureEventName: null });
  say("state", posthog.has_opted_out_capturing(), posthog.get_property("plan"));
  return async () => {
    await until("recorder", () => posthog.sessionRecordingStarted());
    say("captured", posthog.capture(`later ${run}`)?.event ?? null);
    await rest(300);
  };
});
