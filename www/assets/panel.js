// The demonstration's side panel, which a company's site would not have: what reached the third
// parties, as their server saw it; what was held, released and refused on this page, with reasons; and
// the present choices. It uses the public API and nothing else.

const german = document.documentElement.lang === "de";
const say = (english, deutsch) => (german ? deutsch : english);

/** Rows of a list before "Show all", and after. */
const SHOWN = 10;
const SHOWN_MAX = 150;
const EVERY = 500;
const REMEMBERED = "havelock-panel";

/** The server's names, where they are not a vendor's of the config. */
const PARTIES = {
  google: say("Google tag (gtag.js)", "Google-Tag (gtag.js)"),
  unclaimed: say("A third party nobody declared", "Ein Drittanbieter, den niemand eingetragen hat"),
};
/** Google answers for several vendors: the host tells which. */
const GOOGLE = [
  [/(^|\.)google-analytics\.com$/, "google-analytics"],
  [/^(fls|ad)\.doubleclick\.net$/, "google-floodlight"],
  [/(^|\.)(doubleclick\.net|googleadservices\.com|google\.com)$/, "google-ads"],
];
const CATEGORIES = {
  necessary: say("Strictly necessary", "Unbedingt erforderlich"),
  performance: say("Performance", "Leistung"),
  functional: say("Functional", "Funktionell"),
  targeting: say("Targeting", "Werbung"),
};
const CHOICES = {
  true: say("allowed", "erlaubt"),
  false: say("not allowed", "nicht erlaubt"),
  mixed: say("partly allowed", "teilweise erlaubt"),
};
const KINDS = {
  script: say("script", "Skript"),
  iframe: say("frame", "Rahmen"),
  img: say("image", "Bild"),
  fetch: say("request", "Anfrage"),
  xhr: say("request", "Anfrage"),
  beacon: say("beacon", "Beacon"),
  cookie: "Cookie",
  vendor: say("vendor", "Anbieter"),
};
/** What became of it, and whether that lets it run. */
const WHAT = {
  held: [say("held", "zurückgehalten"), false],
  refused: [say("refused", "verweigert"), false],
  failed: [say("failed", "fehlgeschlagen"), false],
  "switched-off": [say("switched off", "abgeschaltet"), false],
  released: [say("released", "freigegeben"), true],
  allowed: [say("let through", "durchgelassen"), true],
  started: [say("started", "gestartet"), true],
  waiting: [say("ready", "bereit"), true],
};
const REASONS = {
  "not-asked-yet": say("You have not chosen yet.", "Sie haben noch nicht gewählt."),
  "not-granted": say("You have not allowed it.", "Sie haben es nicht erlaubt."),
  granted: say("You have allowed it.", "Sie haben es erlaubt."),
  "always-active": say("It is always active.", "Es ist immer aktiv."),
  "next-page": say(
    "Allowed again; it can start on the next page.",
    "Wieder erlaubt; es kann auf der nächsten Seite starten.",
  ),
  unclassified: say(
    "No vendor of this site claims it, and the site holds what it does not know.",
    "Kein Anbieter dieser Website ist dafür eingetragen, und was sie nicht kennt, hält die Website zurück.",
  ),
  "unknown-vendor": say("The site has no such vendor.", "Diesen Anbieter kennt die Website nicht."),
  "unknown-category": say("The site has no such category.", "Diese Kategorie kennt die Website nicht."),
  "markup-off": say(
    "The site releases no marked scripts.",
    "Die Website gibt keine markierten Skripte frei.",
  ),
  "no-nonce": say("It does not carry the site’s nonce.", "Es trägt nicht die Nonce der Website."),
  "not-ready": say("The gate is not there yet.", "Das Tor ist noch nicht da."),
  "record-cookie": say("Only Portcullis writes the record.", "Nur Portcullis schreibt den Eintrag."),
  "global-privacy-control": say(
    "Your browser sends Global Privacy Control.",
    "Ihr Browser sendet Global Privacy Control.",
  ),
  "on-demand": say(
    "You have allowed it. It is loaded when you ask for it, and not before.",
    "Sie haben es erlaubt. Es wird geladen, wenn Sie danach verlangen, und nicht vorher.",
  ),
  "first-party": say("It is the site’s own.", "Es gehört zur Website."),
};

/** An element with attributes and children. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}
const button = (text, act, attributes = {}) => {
  const element = make("button", { type: "button", ...attributes }, text);
  element.addEventListener("click", act);
  return element;
};

const TITLE = say("What happens?", "Was geschieht?");
const tabCount = make("span", { class: "count" }, "0");
const tab = button(TITLE, () => show(true, true), {
  class: "tab",
  "aria-expanded": "false",
  "aria-controls": "panel",
});
tab.append(tabCount, make("span", { class: "hidden" }, say(" requests received", " Anfragen angekommen")));
const close = button(say("Close", "Schließen"), () => show(false, true));
const clear = button(say("Clear", "Leeren"), () => reset());
const settings = button(say("Cookies Settings", "Cookie-Einstellungen"), () =>
  window.portcullis?.openPreferences?.(),
);
const total = make("span", { class: "number" }, "0");
const chips = make("ul", {
  class: "chips",
  "aria-label": say("Requests by company", "Anfragen nach Firmen"),
});
const received = make("ol", { class: "list", "aria-labelledby": "received" });
const verdicts = make("ul", { class: "chips", "aria-label": say("In numbers", "In Zahlen") });
const decided = make("ol", { class: "list", "aria-labelledby": "decided" });
/** Which lists show everything. */
const whole = new Set();
const more = (list, redraw) =>
  button("", () => {
    if (!whole.delete(list)) whole.add(list);
    redraw();
  });
const moreReceived = more(received, () => drawReceived());
const moreDecided = more(decided, () => drawDecided());
const chosen = make("dl");
const body = make(
  "div",
  { class: "body", tabindex: "0", role: "group", "aria-label": TITLE },
  make(
    "section",
    {},
    make("h3", { id: "chosen" }, say("Your choices", "Ihre Auswahl")),
    chosen,
    make("p", {}, settings),
  ),
  make(
    "section",
    {},
    make(
      "div",
      { class: "row" },
      make("h3", { id: "received" }, say("Third parties have received: ", "Bei Dritten angekommen: "), total),
      clear,
    ),
    make(
      "p",
      { class: "soft" },
      say(
        "Since this page was opened, by their server’s own log.",
        "Seit diese Seite offen ist, laut Protokoll ihres Servers.",
      ),
    ),
    chips,
    received,
    moreReceived,
  ),
  make(
    "section",
    {},
    make("h3", { id: "decided" }, say("Decided on this page", "Auf dieser Seite entschieden")),
    verdicts,
    decided,
    moreDecided,
  ),
);
const panel = make(
  "aside",
  { class: "panel", id: "panel", "aria-label": TITLE, hidden: "" },
  make(
    "div",
    { class: "head" },
    make("div", { class: "row" }, make("h2", {}, TITLE), close),
    make(
      "p",
      { class: "soft" },
      say(
        "Third parties are played by this machine; nothing leaves it.",
        "Die Drittanbieter werden von diesem Rechner gespielt; nichts verlässt ihn.",
      ),
    ),
  ),
  body,
);

const entries = [];
/** Milliseconds since 1970 at which the server's clock was zero. */
let origin = Date.now();
let drawn = "";

function name(vendor) {
  const known = window.portcullis?.vendors?.find(({ id }) => id === vendor);
  return known?.name ?? PARTIES[vendor] ?? vendor ?? say("Somebody else", "Jemand anderes");
}

/** An address as the real one would read: without the scheme and what makes it this machine's. */
const plain = (address) => address.replace(/^https?:\/\/([^/]+?)(\.localhost)?(:\d+)?(?=\/|$)/, "$1");

const empty = (text) => make("li", { class: "empty" }, text);
const clock = (at) => new Date(at).toLocaleTimeString(document.documentElement.lang, { hourCycle: "h23" });
const time = (at) => make("time", { datetime: new Date(at).toISOString() }, clock(at));

/** Whose request it was, in a visitor's words. */
function party({ vendor, host }) {
  const [, mine] = (vendor === "google" && GOOGLE.find(([pattern]) => pattern.test(host))) || [];
  return name(mine ?? vendor);
}

/** How many there are of each, as chips. */
function count(list, words) {
  const counts = new Map();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  list.hidden = !counts.size;
  list.replaceChildren(
    ...[...counts].map(([word, times]) => make("li", {}, make("b", {}, String(times)), ` × ${word}`)),
  );
}

/** The button below a list, where there is more than is shown. */
function offer(open, list, all, first) {
  open.hidden = all <= first;
  open.setAttribute("aria-expanded", String(whole.has(list)));
  open.textContent = whole.has(list)
    ? say("Show fewer", "Weniger zeigen")
    : say(`Show all ${all}`, `Alle ${all} zeigen`);
}

function drawReceived() {
  const earlier = entries.filter(({ at }) => origin + at < performance.timeOrigin);
  const here = entries.slice(earlier.length);
  tabCount.textContent = total.textContent = String(here.length);
  count(chips, here.map(party));
  const row = (entry) =>
    make(
      "li",
      {},
      make("div", { class: "row" }, make("b", {}, party(entry)), time(origin + entry.at)),
      make("code", {}, `${entry.method} ${entry.host}${entry.path}`),
    );
  const shown = whole.has(received) ? SHOWN_MAX : SHOWN;
  const rows = here.slice(-shown).reverse().map(row);
  if (!rows.length) rows.push(empty(say("Nothing.", "Nichts.")));
  if (earlier.length && whole.has(received)) {
    rows.push(make("li", { class: "mark" }, say("Before this page", "Vor dieser Seite")));
    rows.push(...earlier.slice(-shown).reverse().map(row));
  }
  received.replaceChildren(...rows);
  offer(moreReceived, received, entries.length, Math.min(here.length, SHOWN));
  if (!whole.has(received) && !moreReceived.hidden && earlier.length) {
    moreReceived.textContent = say(
      `Show all ${entries.length}, ${earlier.length} of them from before this page`,
      `Alle ${entries.length} zeigen, davon ${earlier.length} von vor dieser Seite`,
    );
  }
}

/** Vendors that nothing has been decided about on this page: where they stand. */
function standing(consent, log) {
  const settled = new Set(log.filter(({ kind }) => kind === "vendor").map(({ target }) => target));
  return consent.vendors
    .filter(({ id }) => !settled.has(id))
    .map(({ id, starts }) => {
      const granted = consent.allows({ vendor: id });
      return {
        kind: "vendor",
        target: id,
        what: granted ? "waiting" : "held",
        reason: !granted
          ? consent.pending?.why === "first"
            ? "not-asked-yet"
            : "not-granted"
          : starts === "demand"
            ? "on-demand"
            : "granted",
      };
    });
}

function drawDecided() {
  const consent = window.portcullis;
  const log = consent?.log?.() ?? [];
  const rows = [...log].reverse().concat(consent?.vendors ? standing(consent, log) : []);
  const word = (what) => WHAT[what]?.[0] ?? what;
  count(
    verdicts,
    rows.map(({ what }) => word(what)),
  );
  decided.replaceChildren(
    ...rows
      .slice(0, whole.has(decided) ? SHOWN_MAX : SHOWN)
      .map(({ at, kind, what, target, reason, vendor }) =>
        make(
          "li",
          {},
          make(
            "div",
            { class: "row" },
            make(
              "b",
              {},
              kind === "vendor" ? name(target) : vendor ? name(vendor) : plain(target).split("/")[0],
            ),
            make("span", { class: `what ${WHAT[what]?.[1] ? "go" : "stop"}` }, word(what)),
          ),
          ...(kind === "vendor" ? [] : [make("code", {}, `${KINDS[kind] ?? kind}: ${plain(target)}`)]),
          make("p", {}, `${REASONS[reason] ?? reason} `, ...(at ? [time(at)] : [])),
        ),
      ),
  );
  if (!rows.length) decided.replaceChildren(empty(say("Nothing so far.", "Bisher nichts.")));
  offer(moreDecided, decided, rows.length, SHOWN);
}

function drawChosen({ categories = [], choices, pending }) {
  chosen.replaceChildren(
    ...categories.map(({ id, alwaysActive }) => {
      const always = alwaysActive !== undefined || id === "necessary";
      const state = always
        ? say("always active", "immer aktiv")
        : pending?.why === "first"
          ? say("not chosen yet", "noch nicht gewählt")
          : CHOICES[choices?.categories[id]];
      return make("div", {}, make("dt", {}, CATEGORIES[id] ?? id), make("dd", {}, state ?? ""));
    }),
  );
}

/** How much of the window's lower edge the banner covers: the panel and its tab keep clear of it. */
function measure() {
  const banner = document.querySelector("portcullis-ui")?.shadowRoot?.querySelector(".banner");
  const { top = 0, height = 0 } = banner?.getBoundingClientRect() ?? {};
  host.style.setProperty("--covered", height ? `${Math.max(0, Math.round(innerHeight - top))}px` : "0px");
}

/** Draws what the page decided, if anything is new: a list that is being read stays as it is. */
function draw() {
  measure();
  if (panel.hidden) return;
  const consent = window.portcullis;
  const log = consent?.log?.() ?? [];
  const state = JSON.stringify([log.length, log.at(-1), consent?.choices, consent?.pending]);
  if (state === drawn) return;
  drawn = state;
  drawDecided();
  if (consent?.categories) drawChosen(consent);
  drawReceived();
}

function show(open, byHand = false) {
  panel.hidden = !open;
  tab.hidden = open;
  tab.setAttribute("aria-expanded", String(open));
  document.documentElement.dataset.panel = open ? "open" : "";
  draw();
  if (!byHand) return;
  (open ? close : tab).focus();
  try {
    sessionStorage.setItem(REMEMBERED, open ? "open" : "");
  } catch {
    // Storage is blocked: the panel is closed on the next page.
  }
}

async function reset() {
  await fetch("/__farm/reset", { method: "POST" });
  entries.length = 0;
  drawReceived();
}

/** What arrived before, then what arrives: the stream is opened first, so that nothing falls between. */
async function listen() {
  const known = new Set();
  const add = (entry) => {
    if (known.has(entry.n)) return;
    known.add(entry.n);
    entries.push(entry);
  };
  const stream = new EventSource("/__farm/events");
  stream.addEventListener("message", ({ data }) => {
    add(JSON.parse(data));
    drawReceived();
  });
  await new Promise((resolve) => stream.addEventListener("open", resolve, { once: true }));
  const [{ timeOrigin }, earlier] = await Promise.all(
    ["/__demo/clock", "/__farm/log?after=0"].map(async (address) => (await fetch(address)).json()),
  );
  origin = timeOrigin;
  for (const entry of earlier) add(entry);
  entries.sort((one, other) => one.n - other.n);
  drawReceived();
}

const host = make("havelock-panel");
const root = host.attachShadow({ mode: "open" });
const sheet = make("link", { rel: "stylesheet", href: "/assets/panel.css" });
sheet.addEventListener("load", () => root.append(tab, panel), { once: true });
root.append(sheet);
document.body.append(host);
panel.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") show(false, true);
});
for (const type of ["portcullis:ready", "portcullis:change"]) window.addEventListener(type, draw);

drawReceived();
let remembered = false;
try {
  remembered = sessionStorage.getItem(REMEMBERED) === "open";
} catch {
  // Storage is blocked.
}
show(remembered);
setInterval(draw, EVERY);
listen().catch(() => {
  received.replaceChildren(
    empty(
      say("The demonstration’s server cannot be reached.", "Der Server der Vorführung ist nicht erreichbar."),
    ),
  );
});
