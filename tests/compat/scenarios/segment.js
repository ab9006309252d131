// Segment's analytics.js: settings from its network, plugins, events, what it stores.

import { AnalyticsBrowser } from "@segment/analytics-next";
import { rest, say, scenario } from "./scenario.js";

let runs = 0;
let analytics;

const load = () => {
  analytics = AnalyticsBrowser.load({ writeKey: "compat" });
  analytics.addSourceMiddleware(({ payload, next }) => {
    say("middleware", payload.type());
    next(payload);
  });
};

scenario(async (root) => {
  const run = ++runs;
  if (run === 1) load();
  const ready = await analytics.then(
    () => true,
    (error) => say("not loaded", error.name),
  );
  if (!ready) {
    // What a site does once it may: it loads anew.
    return async () => {
      load();
      await analytics.track(`later ${run}`);
    };
  }
  for (const context of await Promise.all([
    analytics.page("Home"),
    analytics.identify("someone", { plan: "free" }),
    analytics.track(`event ${run}`, { a: [1] }),
    analytics.group("acme"),
  ]))
    say("context", context.event.type, context.event.event ?? null, context.attempts);
  const link = root.appendChild(document.createElement("a"));
  link.href = "#there";
  analytics.trackLink(link, `link ${run}`);
  link.click();
  say("user", (await analytics.user()).id());
  await rest(400);
  return async () => {
    await analytics.track(`later ${run}`);
    await rest(100);
  };
});
