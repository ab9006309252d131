// The demonstration's side panel, which a company's site would not have: what reached the third
// parties, as their server saw it; what was held, released and refused on this page, with reasons; and
// the present choices. It uses the public API and nothing else.

const german = document.documentElement.lang === "de";
const say = (english, deutsch) => (german ? deutsch : english);

const SHOWN_MAX = 150;
const EVERY = 500;
const REMEMBERED = "havelock-panel";

/** The farm's names, where they are not a vendor's of the config. */
const PARTIES = {
  google: "Google",
  unclaimed: say("A third party nobody declared", "Ein Drittanbieter, den niemand eingetragen hat"),
};
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
const decided = make("ol", { class: "list", "aria-labelledby": "decided" });
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
      make("h3", { id: "received" }, say("Received by third parties: ", "Bei Dritten angekommen: "), total),
      clear,
    ),
    chips,
    received,
  ),
  make(
    "section",
    {},
    make("h3", { id: "decided" }, say("Decided on this page", "Auf dieser Seite entschieden")),
    decided,
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
let timer = 0;
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

function drawReceived() {
  tabCount.textContent = total.textContent = String(entries.length);
  const counts = new Map();
  for (const { vendor } of entries) counts.set(vendor, (counts.get(vendor) ?? 0) + 1);
  chips.hidden = !counts.size;
  chips.replaceChildren(
    ...[...counts].map(([vendor, count]) => make("li", {}, `${name(vendor)} `, make("b", {}, String(count)))),
  );
  if (!entries.length) {
    received.replaceChildren(empty(say("Nothing so far.", "Bisher nichts.")));
    return;
  }
  const rows = [];
  let here = true;
  for (const { at, method, host, path, vendor } of entries.slice(-SHOWN_MAX).reverse()) {
    if (here && origin + at < performance.timeOrigin) {
      here = false;
      rows.push(make("li", { class: "mark" }, say("Before this page", "Vor dieser Seite")));
    }
    rows.push(
      make(
        "li",
        {},
        make("div", { class: "row" }, make("b", {}, name(vendor)), time(origin + at)),
        make("code", {}, `${method} ${host}${path}`),
      ),
    );
  }
  received.replaceChildren(...rows);
}

function drawDecided(log) {
  if (!log.length) {
    decided.replaceChildren(empty(say("Nothing so far.", "Bisher nichts.")));
    return;
  }
  decided.replaceChildren(
    ...log
      .slice(-SHOWN_MAX)
      .reverse()
      .map(({ at, kind, what, target, reason, vendor }) => {
        const [word, runs] = WHAT[what] ?? [what, false];
        const who = kind === "vendor" ? name(target) : vendor ? name(vendor) : plain(target).split("/")[0];
        return make(
          "li",
          {},
          make(
            "div",
            { class: "row" },
            make("b", {}, who),
            make("span", { class: `what ${runs ? "go" : "stop"}` }, word),
          ),
          ...(kind === "vendor" ? [] : [make("code", {}, `${KINDS[kind] ?? kind}: ${plain(target)}`)]),
          make("p", {}, `${REASONS[reason] ?? reason} `, time(at)),
        );
      }),
  );
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

/** How much of the window's lower edge the banner covers. */
function measure() {
  const banner = document.querySelector("portcullis-ui")?.shadowRoot?.querySelector(".banner");
  const { top = 0, height = 0 } = banner?.getBoundingClientRect() ?? {};
  panel.style.setProperty("--covered", height ? `${Math.max(0, innerHeight - top)}px` : "0px");
}

/** Draws what the page decided, if anything is new: a list that is being read stays as it is. */
function draw() {
  const consent = window.portcullis;
  const log = consent?.log?.() ?? [];
  const state = JSON.stringify([log.length, log.at(-1), consent?.choices, consent?.pending]);
  measure();
  if (state === drawn) return;
  drawn = state;
  drawDecided(log);
  if (consent?.categories) drawChosen(consent);
  drawReceived();
}

function show(open, byHand = false) {
  panel.hidden = !open;
  tab.hidden = open;
  tab.setAttribute("aria-expanded", String(open));
  document.documentElement.dataset.panel = open ? "open" : "";
  clearInterval(timer);
  if (open) {
    draw();
    timer = setInterval(draw, EVERY);
  }
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
listen().catch(() => {
  received.replaceChildren(
    empty(
      say("The demonstration’s server cannot be reached.", "Der Server der Vorführung ist nicht erreichbar."),
    ),
  );
});
