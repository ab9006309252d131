// Mixpanel: batches, profiles, timed events, what it stores.

import mixpanel from "mixpanel-browser";
import { rest, say, scenario, until } from "./scenario.js";

let runs = 0;

scenario(async (root) => {
  const run = ++runs;
  if (run === 1) {
    mixpanel.init("0123456789abcdef0123456789abcdef", {
      autocapture: true,
      track_pageview: true,
      record_sessions_percent: 100,
      record_min_ms: 0,
      persistence: "localStorage",
      batch_flush_interval_ms: 200,
      loaded: () => say("loaded"),
    });
  }
  const button = root.appendChild(document.createElement("button"));
  button.textContent = "captured by itself";
  button.click();
  mixpanel.register({ plan: "free" });
  mixpanel.time_event(`event ${run}`);
  mixpanel.track(`event ${run}`, { a: [1] });
  mixpanel.identify("someone");
  mixpanel.people.set({ name: "Someone" });
  mixpanel.get_group("company", "acme").set({ size: 1 });
  say("state", mixpanel.has_opted_out_tracking(), mixpanel.get_property("plan"), mixpanel.get_distinct_id());
  await rest(400);
  return async () => {
    mixpanel.track(`later ${run}`);
    await until("recorder", () => mixpanel.get_session_recording_properties().$mp_replay_id);
    await rest(400);
  };
});
