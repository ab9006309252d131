// Facebook's JavaScript SDK, as far as a login button needs it.

import { script } from "./script.mjs";

export function facebookLogin(entry, farm) {
  if (entry.path.endsWith("/sdk.js")) {
    return { script: script(sdk, { status: `${farm.address("www.facebook.com")}/x/oauth/status` }) };
  }
  return entry.path.startsWith("/x/oauth/") ? { json: { status: "unknown" } } : { html: "<!doctype html>" };
}

function sdk({ status }, { cookie, ran }) {
  ran("facebook-login");
  let app = "";
  window.FB = {
    init({ appId, cookie: wanted }) {
      app = appId;
      if (wanted) cookie(`fbm_${app}`, "base_domain=", 365);
    },
    login(done) {
      if (!app) throw new Error("FB.login() called before FB.init()");
      fetch(`${status}?client_id=${app}`)
        .then(() => done({ status: "connected", authResponse: { userID: "1" } }))
        .catch(() => done({ status: "unknown" }));
    },
    getLoginStatus: (done) => done({ status: "unknown" }),
    XFBML: { parse() {} },
  };
  window.fbAsyncInit?.();
}
