// Tags as vendors tell sites to paste them, in our own words, and tags written plainly in the HTML.

/** What a published snippet does: a stub, its first calls, and a script element put before the first one. */
const insert = (src) =>
  `var s=document.createElement("script");s.async=true;s.src="${src}";var f=document.getElementsByTagName("script")[0];f.parentNode.insertBefore(s,f);`;

const queue = (name, forward) =>
  `window.${name}||(function(){var n=window.${name}=function(){n.${forward}?n.${forward}.apply(n,arguments):n.queue.push(arguments)};n.push=n;n.loaded=true;n.version="2.0";n.queue=[]})();`;

const GTAG =
  "window.dataLayer=window.dataLayer||[];window.gtag=window.gtag||function(){dataLayer.push(arguments)};";
const google = (id) =>
  `${GTAG}gtag("js",new Date());gtag("config","${id}");${insert(`https://www.googletagmanager.com/gtag/js?id=${id}`)}`;

/** Vendor → the text of its inline script. */
export const SNIPPETS = {
  "google-tag-manager": `window.dataLayer=window.dataLayer||[];dataLayer.push({"gtm.start":Date.now(),event:"gtm.js"});${insert("https://www.googletagmanager.com/gtm.js?id=GTM-ABC123")}`,
  "google-analytics": google("G-ABC1234567"),
  "google-ads": google("AW-123456789"),
  "google-floodlight": google("DC-1234567"),
  "linkedin-insight": `window._linkedin_data_partner_ids=["1234567"];${insert("https://snap.licdn.com/li.lms-analytics/insight.min.js")}`,
  "marketo-munchkin": `(function(){var s=document.createElement("script");s.async=true;s.src="https://munchkin.marketo.net/munchkin.js";s.onload=function(){Munchkin.init("123-ABC-456")};document.getElementsByTagName("head")[0].appendChild(s)})();`,
  "meta-pixel": `${queue("fbq", "callMethod")}window._fbq=window._fbq||fbq;fbq("init","123456789012345");fbq("track","PageView");${insert("https://connect.facebook.net/en_US/fbevents.js")}`,
  "x-ads": `${queue("twq", "exe")}twq("config","o1abc");${insert("https://static.ads-twitter.com/uwt.js")}`,
};

/** The snippets as a page's HTML has them. */
export const pasted = () =>
  Object.values(SNIPPETS)
    .map((text) => `<script>${text}</script>`)
    .join("\n");

/** The snippets put in by a script of the page, as text of script elements. */
export const inserted = () =>
  `<script>for(const text of ${JSON.stringify(Object.values(SNIPPETS)).replaceAll("<", "\\u003c")}){const s=document.createElement("script");s.textContent=text;document.head.appendChild(s)}</script>`;

/** The same, marked: an inline part and an external part. */
export const marked = () => `
<script type="text/plain" data-category="performance">${GTAG}gtag("js",new Date());gtag("config","G-ABC1234567")</script>
<script type="text/plain" data-category="performance" data-src="https://www.googletagmanager.com/gtag/js?id=G-ABC1234567" async></script>
<script type="text/plain" data-vendor="linkedin-insight">window._linkedin_partner_id="1234567"</script>
<script type="text/plain" data-category="targeting" data-src="https://snap.licdn.com/li.lms-analytics/insight.min.js"></script>
<script type="text/plain" data-category="targeting" data-vendor="marketo-munchkin" src="https://munchkin.marketo.net/munchkin.js"></script>
<script type="text/plain" data-category="targeting" data-vendor="marketo-munchkin">Munchkin.init("123-ABC-456")</script>
<script type="text/plain" data-vendor="meta-pixel">${queue("fbq", "callMethod")}fbq("init","123456789012345");fbq("track","PageView")</script>
<script type="text/plain" data-vendor="meta-pixel" data-src="https://connect.facebook.net/en_US/fbevents.js" async></script>
<script type="text/plain" data-vendor="x-ads">${queue("twq", "exe")}twq("config","o1abc")</script>
<script type="text/plain" data-vendor="x-ads" data-src="https://static.ads-twitter.com/uwt.js" async></script>
<img data-category="targeting" data-src="https://ad.doubleclick.net/activity;src=1234567;type=marked" alt="">
<iframe data-category="targeting" data-src="https://fls.doubleclick.net/activityi;src=1234567;type=marked" title="Floodlight"></iframe>`;

/** Written plainly in the HTML: the request may be gone before any script runs, the execution never. */
export const plain = () => `
<script>window._linkedin_partner_id="1234567"</script>
<script src="https://snap.licdn.com/li.lms-analytics/insight.min.js"></script>
<script src="https://www.googletagmanager.com/gtag/js?id=G-ABC1234567" async></script>
<script src="https://munchkin.marketo.net/munchkin.js" defer></script>
<script src="https://static.ads-twitter.com/uwt.js"></script>
<script src="https://connect.facebook.net/en_US/fbevents.js" type="module"></script>
<iframe src="https://fls.doubleclick.net/activityi;src=1234567;type=plain" title="Floodlight"></iframe>
<img src="https://ad.doubleclick.net/activity;src=1234567;type=plain" alt="">`;
