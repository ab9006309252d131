// What the vendors' scripts share. A script is a function here, so that it is formatted and checked
// like other code, and is sent as text with its values.

/** The text of a script that runs `main(values, tools)` in the page. */
export function script(main, values = {}) {
  return `(${main})(${JSON.stringify(values)}, (${tools})());`;
}

function tools() {
  const site = location.hostname.split(".").slice(-2).join(".");
  const domain = location.hostname === "localhost" ? "" : `; Domain=.${site}`;
  return {
    /** Sets a first-party cookie on the highest domain that takes it, as vendors do. */
    cookie(name, value, days) {
      // biome-ignore lint/suspicious/noDocumentCookie: this is what vendors' scripts do
      document.cookie = `${name}=${value}; Path=/${domain}; Max-Age=${days * 86400}; SameSite=Lax`;
    },
    has: (name) => document.cookie.split("; ").some((pair) => pair.startsWith(`${name}=`)),
    /** A pixel. Real ones carry a number against caches: a page fetches an image it has only once. */
    pixel(url) {
      new Image().src = `${url}${url.includes("?") ? "&" : "?"}z=${Math.random()}`;
    },
    load(url) {
      const element = document.createElement("script");
      element.async = true;
      element.src = url;
      document.head.appendChild(element);
    },
    frame(url) {
      const element = document.createElement("iframe");
      element.src = url;
      element.hidden = true;
      (document.body ?? document.documentElement).appendChild(element);
    },
    /** Notes that a vendor's script has run, for tests that count. */
    ran(name) {
      window.__farmRan = [...(window.__farmRan ?? []), name];
    },
    /** Tests send this event to ask whether a running script still sends. */
    onTick(send) {
      addEventListener("farm:tick", send);
    },
  };
}
