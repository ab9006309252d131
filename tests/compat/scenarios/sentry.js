// Sentry: it wraps fetch, XMLHttpRequest, timers, listeners and history, over our traps or without them.

import * as Sentry from "@sentry/browser";
import { rest, say, scenario, until } from "./scenario.js";

let runs = 0;
const sent = [];

scenario(async (root) => {
  const run = ++runs;
  sent.length = 0;
  if (run === 1) {
    Sentry.init({
      dsn: "https://0123456789abcdef0123456789abcdef@o1.ingest.us.sentry.io/2",
      integrations: [Sentry.browserTracingIntegration(), Sentry.replayIntegration()],
      tracesSampleRate: 0,
      replaysSessionSampleRate: 1,
      beforeSend(event) {
        sent.push(event);
        return event;
      },
    });
  }
  say("started", Sentry.isInitialized());
  const button = root.appendChild(document.createElement("button"));
  button.id = "thrower";
  button.addEventListener("click", () => {
    throw new Error(`listener ${run}`);
  });

  Sentry.captureMessage(`message ${run}`);
  Sentry.setUser({ id: "1" });
  say("ids", typeof Sentry.lastEventId());
  say("fetch", (await fetch("/local.gif")).status, await fetch("/missing").then(({ ok }) => ok));
  const request = new XMLHttpRequest();
  const states = [];
  request.addEventListener("readystatechange", () => states.push(request.readyState));
  request.onload = () => states.push("load");
  request.open("GET", "/local.gif");
  request.send();
  await until("request", () => states.at(-1) === "load");
  say("xhr", states, request.status);
  history.pushState(null, "", `/#${run}`);
  // One after the other: right after an error that it has caught itself, Sentry overlooks others.
  const caught = async (number) => {
    await until(`event ${number}`, () => sent.length === number);
    await rest(100);
  };
  await caught(1);
  button.click();
  await caught(2);
  setTimeout(() => {
    throw new Error(`timer ${run}`);
  });
  await caught(3);
  Promise.reject(new Error(`promise ${run}`));
  await caught(4);
  try {
    undefined.property;
  } catch (error) {
    Sentry.captureException(error);
  }
  await caught(5);
  for (const { message, exception, breadcrumbs } of sent) {
    const [first] = exception?.values ?? [];
    say("event", message ?? `${first.type} ${first.mechanism?.type} ${first.mechanism?.handled}`);
    say(
      "breadcrumbs",
      breadcrumbs?.map(({ category, data }) => `${category} ${data?.status_code ?? ""}`).slice(-8) ?? null,
    );
  }
  say("flushed", await Sentry.flush(2000));
  return async () => {
    Sentry.captureMessage(`later ${run}`);
    await Sentry.getReplay().flush();
    say("flushed", await Sentry.flush(2000));
  };
});
