// The side panel of the demonstration: what reached the third parties (as their server saw it), and what
// was held, released and refused here, with reasons.

const german = document.documentElement.lang === "de";
const say = (english, deutsch) => (german ? deutsch : english);

const REASONS = {
  "not-asked-yet": say("you have not been asked yet", "Sie wurden noch nicht gefragt"),
  "not-granted": say("you refused it", "Sie haben es abgelehnt"),
  granted: say("you allowed it", "Sie haben es erlaubt"),
  "always-active": say("always active", "immer aktiv"),
  "next-page": say("it can only start on the next page", "es kann erst auf der nächsten Seite starten"),
  unclassified: say("no vendor claims it", "kein Anbieter ist dafür eingetragen"),
  "no-nonce": say("it does not carry the page's nonce", "es trägt nicht die Nonce der Seite"),
  "record-cookie": say("it is our own record", "es ist unser eigener Eintrag"),
  "global-privacy-control": say("your browser opts out", "Ihr Browser widerspricht"),
};
const WHAT = {
  held: say("held", "gehalten"),
  released: say("released", "freigegeben"),
  refused: say("refused", "verweigert"),
  started: say("started", "gestartet"),
  failed: say("failed", "fehlgeschlagen"),
  allowed: say("let through", "durchgelassen"),
  "switched-off": say("switched off", "abgeschaltet"),
};

const css = `
:host { all: initial; font: 15px/1.45 system-ui, sans-serif; color-scheme: light dark; --bg: #fff; --ink: #1d2624; --soft: #4c5955; --line: #d5d9d7; --mark: #17453b; }
@media (prefers-color-scheme: dark) { :host { --bg: #16201d; --ink: #eef2ee; --soft: #b4c0bb; --line: #3a4945; --mark: #9fd3c2; } }
* { box-sizing: border-box; }
.tab { position: fixed; inset-block-start: 40%; inset-inline-end: 0; z-index: 1000; min-height: 44px; padding: 8px 14px; border: 1px solid var(--line); border-inline-end: 0; border-start-start-radius: 10px; border-end-start-radius: 10px; background: var(--bg); color: var(--ink); font: inherit; font-weight: 600; cursor: pointer; }
aside { position: fixed; inset-block: 0; inset-inline-end: 0; z-index: 1001; width: min(400px, 100vw); display: flex; flex-direction: column; gap: 10px; padding: 16px; overflow: auto; background: var(--bg); color: var(--ink); border-inline-start: 1px solid var(--line); box-shadow: 0 0 40px rgb(0 0 0 / .18); }
aside[hidden] { display: none; }
h2 { margin: 0; font-size: 18px; } h3 { margin: 10px 0 0; font-size: 15px; } p { margin: 0; color: var(--soft); }
ol { margin: 0; padding: 0; list-style: none; } li { padding: 5px 0; border-block-end: 1px solid var(--line); overflow-wrap: anywhere; }
li small { display: block; color: var(--soft); } b { color: var(--mark); }
.row { display: flex; gap: 8px; align-items: center; justify-content: space-between; }
button.small { min-height: 32px; padding: 4px 12px; border: 1px solid var(--soft); border-radius: 8px; background: none; color: inherit; font: inherit; cursor: pointer; }
:focus-visible { outline: 3px solid #c2452d; outline-offset: 2px; }`;

const host = document.createElement("havelock-panel");
const root = host.attachShadow({ mode: "open" });
const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
root.adoptedStyleSheets = [sheet];

/** An element with children. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const title = say("What happens?", "Was geschieht?");
const tab = make(
  "button",
  { class: "tab", type: "button", "aria-expanded": "false", "aria-controls": "panel" },
  title,
);
const close = make("button", { class: "small", type: "button" }, say("Close", "Schließen"));
const clear = make("button", { class: "small", type: "button" }, say("Clear", "Leeren"));
const count = make("span", {}, "0");
const received = make("ol", {
  tabindex: "0",
  "aria-label": say("Received by third parties", "Bei Drittanbietern angekommen"),
});
const decided = make("ol", {
  tabindex: "0",
  "aria-label": say("Decided on this page", "Auf dieser Seite entschieden"),
});
const panel = make(
  "aside",
  { id: "panel", "aria-label": title, hidden: "" },
  make("div", { class: "row" }, make("h2", {}, title), close),
  make(
    "p",
    {},
    say(
      "Third parties are played by this machine; nothing leaves it.",
      "Drittanbieter werden von diesem Rechner gespielt; nichts verlässt ihn.",
    ),
  ),
  make(
    "div",
    { class: "row" },
    make("h3", {}, say("Received by third parties: ", "Bei Drittanbietern angekommen: "), count),
    clear,
  ),
  received,
  make("h3", {}, say("Decided on this page", "Auf dieser Seite entschieden")),
  decided,
);
root.append(tab, panel);
document.documentElement.append(host);

let total = 0;
function arrived({ method, host: from, path, vendor }) {
  total++;
  count.textContent = String(total);
  received.prepend(
    make("li", {}, make("b", {}, vendor ?? "?"), ` ${method} ${from}`, make("small", {}, path)),
  );
}

function draw() {
  const log = window.portcullis?.log?.() ?? [];
  decided.replaceChildren(
    ...[...log]
      .reverse()
      .map(({ kind, what, target, reason, vendor }) =>
        make(
          "li",
          {},
          make("b", {}, WHAT[what] ?? what),
          ` ${kind} ${vendor ?? ""}`,
          make("small", {}, `${target} · ${REASONS[reason] ?? reason}`),
        ),
      ),
  );
}

let timer = 0;
function show(open) {
  panel.hidden = !open;
  tab.hidden = open;
  tab.setAttribute("aria-expanded", String(open));
  try {
    sessionStorage.setItem("panel", open ? "1" : "");
  } catch {
    // Storage is blocked: the panel is closed on the next page.
  }
  clearInterval(timer);
  if (open) {
    draw();
    timer = setInterval(draw, 500);
  }
}
tab.addEventListener("click", () => {
  show(true);
  close.focus();
});
close.addEventListener("click", () => {
  show(false);
  tab.focus();
});
clear.addEventListener("click", async () => {
  await fetch("/__farm/reset", { method: "POST" });
  received.replaceChildren();
  total = 0;
  count.textContent = "0";
});
for (const type of ["portcullis:ready", "portcullis:change"]) window.addEventListener(type, draw);
fetch("/__farm/log?after=0")
  .then((response) => response.json())
  .then((entries) => {
    for (const entry of entries) arrived(entry);
    new EventSource("/__farm/events").addEventListener("message", ({ data }) => arrived(JSON.parse(data)));
  });
try {
  show(sessionStorage.getItem("panel") === "1");
} catch {
  show(false);
}
