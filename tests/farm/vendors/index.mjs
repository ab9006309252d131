// Which vendor a host plays, and how each answers: `(entry, farm) => { script | html | json | cookie }`,
// an empty object for a pixel, nothing for what the vendor does not serve.

import { facebookLogin } from "./facebook-login.mjs";
import { google } from "./gtag.mjs";
import { container } from "./gtm.mjs";
import { leaky } from "./leaky.mjs";
import { linkedin } from "./linkedin.mjs";
import { marketo } from "./marketo.mjs";
import { meta } from "./meta.mjs";
import { unclaimed } from "./unclaimed.mjs";
import { x } from "./x-ads.mjs";

export const vendors = {
  "google-tag-manager": container,
  google,
  "linkedin-insight": linkedin,
  "marketo-munchkin": marketo,
  "meta-pixel": meta,
  "facebook-login": facebookLogin,
  "x-ads": x,
  leaky,
  unclaimed,
};

const HOSTS = [
  [
    /(^|\.)(google-analytics|googleadservices|googlesyndication|doubleclick)\.(com|net)$|^(www|analytics)\.google\.com$/,
    "google",
  ],
  [/(^|\.)(licdn|linkedin)\.com$/, "linkedin-insight"],
  [/(^|\.)(marketo\.net|mktoresp\.com)$/, "marketo-munchkin"],
  [/(^|\.)(ads-twitter\.com|t\.co|twitter\.com)$/, "x-ads"],
  [/(^|\.)leaky\.example$/, "leaky"],
  [/(^|\.)example-cdn\.net$/, "unclaimed"],
];

export function vendorOf(host, url) {
  if (host === "www.googletagmanager.com")
    return url.pathname.startsWith("/gtm.js") ? "google-tag-manager" : "google";
  if (/(^|\.)facebook\.(com|net)$/.test(host)) {
    return /sdk\.js|\/x\/oauth|\/plugins\//.test(url.pathname) ? "facebook-login" : "meta-pixel";
  }
  return HOSTS.find(([pattern]) => pattern.test(host))?.[1] ?? null;
}
