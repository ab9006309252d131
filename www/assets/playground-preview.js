// The playground's preview: a plain page that starts Portcullis with what the playground hands over.

const HANDED_OVER = "portcullis-playground";

/**
 * Cookies are kept in memory, until the page is left: each preview asks as if nobody had answered, and the
 * visitor's answer to this site's own banner, whose cookie has the same name, stays as it is.
 */
function keepCookiesHere() {
  const jar = new Map();
  Object.defineProperty(Document.prototype, "cookie", {
    configurable: true,
    enumerable: true,
    get: () => [...jar].map((pair) => pair.join("=")).join("; "),
    set(text) {
      const [name, ...value] = text.split(";", 1)[0].split("=");
      jar.set(name, value.join("="));
    },
  });
}

/** Opens what the playground wants to see; the vendor list is behind a button of the preference centre. */
async function open(view, consent) {
  await consent.ready;
  if (view === "banner") return;
  await consent.openPreferences();
  if (view === "vendors")
    document.querySelector("portcullis-ui").shadowRoot.querySelector('[data-action="vendors"]').click();
}

async function run() {
  const handedOver = sessionStorage.getItem(HANDED_OVER);
  document.getElementById("missing").hidden = !!handedOver;
  if (!handedOver) return;
  const { library, config, view } = JSON.parse(handedOver);
  document.getElementById("name").textContent = config.site?.name ?? "Your site";
  keepCookiesHere();
  // The package's entry that needs no bundler's help: this site serves the package for it.
  const { start } = await import(`${library}js.js`);
  await open(view, start(config));
}

// Whatever has opened has taken the focus: the playground takes it back.
run().finally(() => parent.postMessage("drawn", location.origin));
