// The leak matrix, as data: every way by which a page's script, or its markup, can make a browser ask
// somebody. `leak-matrix.test.mjs` runs each of them.

const PUT = "d.body.append(e);";
const make = (name) => `const e=d.createElement("${name}");`;
const svg = (name) =>
  `const s=d.createElementNS("http://www.w3.org/2000/svg","svg");const e=d.createElementNS("http://www.w3.org/2000/svg","${name}");s.append(e);`;

/** A form whose answer goes to a frame, so that the page stays. */
const FORM =
  'const f=d.createElement("iframe");f.name="sink"+Math.random();d.body.append(f);const e=d.createElement("form");e.target=f.name;e.method="post";e.action=url;d.body.append(e);';

/**
 * The ways: a name → the body of a function of `url` (absolute, of a vendor that is not granted), `w` (the window
 * it runs in) and `d` (its document).
 * `kind: "call"`: it is refused at once and does not come back; all others are held and go out when granted.
 * `ext`: what the address ends in. `needs`: what an engine must have; `engines`: the only ones that ask at once.
 */
export const WAYS = {
  // Properties.
  "script.src": { run: `${make("script")}e.src=url;${PUT}`, ext: "js" },
  "script.src, inserted first": { run: `${make("script")}${PUT}e.src=url;`, ext: "js" },
  "script.src, module": { run: `${make("script")}e.type="module";e.src=url;${PUT}`, ext: "js" },
  "iframe.src": { run: `${make("iframe")}e.src=url;${PUT}` },
  "iframe.src, inserted first": { run: `${make("iframe")}${PUT}e.src=url;` },
  "img.src": { run: `${make("img")}e.src=url;` },
  "img.srcset": { run: `${make("img")}e.srcset=url+" 1x, "+url+"&two 2x";${PUT}` },
  "new Image": { run: "new w.Image().src=url;" },
  "new Audio": {
    run: 'const e=new w.Audio(url);e.preload="auto";e.load();(w.kept??=[]).push(e);',
    ext: "mp3",
    media: true,
  },
  "audio.src": { run: `${make("audio")}e.preload="auto";e.src=url;${PUT}`, ext: "mp3" },
  "video.src": { run: `${make("video")}e.preload="auto";e.src=url;${PUT}`, ext: "mp4" },
  "video.poster": { run: `${make("video")}e.poster=url;${PUT}` },
  "source.src": {
    run: 'const v=d.createElement("video");v.preload="auto";const e=d.createElement("source");e.src=url;v.append(e);d.body.append(v);',
    ext: "mp4",
    media: true,
  },
  "source.srcset": {
    run: 'const p=d.createElement("picture");const e=d.createElement("source");e.srcset=url;const i=d.createElement("img");p.append(e,i);d.body.append(p);',
  },
  "input.src": { run: `${make("input")}e.type="image";e.src=url;${PUT}` },
  "embed.src": { run: `${make("embed")}e.type="image/svg+xml";e.src=url;${PUT}`, ext: "svg" },
  "object.data": { run: `${make("object")}e.type="image/svg+xml";e.data=url;${PUT}`, ext: "svg" },
  "link stylesheet": { run: `${make("link")}e.rel="stylesheet";e.href=url;d.head.append(e);`, ext: "css" },
  "link stylesheet, href first": {
    run: `${make("link")}e.href=url;e.rel="stylesheet";d.head.append(e);`,
    ext: "css",
  },
  "link.rel set last": { run: `${make("link")}e.href=url;d.head.append(e);e.rel="stylesheet";`, ext: "css" },
  "link preload": { run: `${make("link")}e.rel="preload";e.as="image";e.href=url;d.head.append(e);` },
  "link modulepreload": {
    run: `${make("link")}e.rel="modulepreload";e.href=url;d.head.append(e);`,
    ext: "js",
  },
  "link prefetch": {
    run: `${make("link")}e.rel="prefetch";e.href=url;d.head.append(e);`,
    engines: ["chromium"], // Firefox asks when it likes, WebKit never
  },
  "link imagesrcset": {
    run: `${make("link")}e.rel="preload";e.as="image";e.imageSrcset=url+" 1x";d.head.append(e);`,
  },
  // Attributes.
  setAttribute: { run: `${make("img")}e.setAttribute("src",url);` },
  "setAttribute, capitals": { run: `${make("img")}e.setAttribute("SRC",url);` },
  setAttributeNS: { run: `${make("img")}e.setAttributeNS(null,"src",url);` },
  setAttributeNode: {
    run: `const a=d.createAttribute("src");a.value=url;${make("img")}e.setAttributeNode(a);`,
  },
  setNamedItem: {
    run: `const a=d.createAttribute("src");a.value=url;${make("img")}e.attributes.setNamedItem(a);`,
  },
  "Attr.value": {
    run: `${make("img")}e.setAttribute("src","/own.png");e.getAttributeNode("src").value=url;`,
  },
  "Attr.nodeValue": {
    run: `${make("img")}e.setAttribute("src","/own.png");e.getAttributeNode("src").nodeValue=url;`,
  },
  "Attr.textContent": {
    run: `${make("img")}e.setAttribute("src","/own.png");e.getAttributeNode("src").textContent=url;`,
  },
  // SVG.
  "svg image": { run: `${svg("image")}e.setAttribute("href",url);d.body.append(s);` },
  "svg image, xlink": {
    run: `${svg("image")}e.setAttributeNS("http://www.w3.org/1999/xlink","xlink:href",url);d.body.append(s);`,
  },
  "svg image, baseVal": { run: `${svg("image")}d.body.append(s);e.href.baseVal=url;` },
  "svg script": { run: `${svg("script")}e.setAttribute("href",url);d.body.append(s);`, ext: "js" },
  // Insertion of what was made elsewhere.
  cloneNode: { run: `${make("img")}e.src=url;d.body.append(e.cloneNode());` },
  importNode: {
    run: "const t=d.createElement(\"template\");t.innerHTML='<img src=\"'+url+'\">';d.body.append(d.importNode(t.content,true));",
  },
  "template.content": {
    run: "const t=d.createElement(\"template\");t.innerHTML='<img src=\"'+url+'\">';d.body.append(t.content);",
  },
  "DOMParser, adopted": {
    run: 'd.body.append(new w.DOMParser().parseFromString(\'<img src="\'+url+\'">\',"text/html").querySelector("img"));',
  },
  "DOMParser, adoptNode": {
    run: '(w.kept??=[]).push(d.adoptNode(new w.DOMParser().parseFromString(\'<img src="\'+url+\'">\',"text/html").querySelector("img")));',
  },
  "responseXML, adopted": {
    run: 'const x=new w.XMLHttpRequest();x.open("GET","data:text/html,"+encodeURIComponent(\'<p><img src="\'+url+\'"></p>\'));x.responseType="document";x.onload=()=>d.body.append(x.responseXML.querySelector("p"));x.send();',
  },
  "parseHTMLUnsafe, adopted": {
    run: "d.body.append(w.Document.parseHTMLUnsafe('<p><img src=\"'+url+'\"></p>').querySelector(\"p\"));",
    needs: "Document.parseHTMLUnsafe",
  },
  "XSLT, a part of what it makes": {
    run: 'const x=new w.XSLTProcessor();const p=(t)=>new w.DOMParser().parseFromString(t,"text/xml");x.importStylesheet(p(\'<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:output method="html"/><xsl:template match="/"><div><img src="\'+url+\'"/></div></xsl:template></xsl:stylesheet>\'));d.body.append(x.transformToFragment(p("<a/>"),d).firstElementChild);',
    needs: "window.XSLTProcessor",
  },
  "link in a tree, rel last": {
    run: `${make("link")}const p=d.createElement("div");p.append(e);e.href=url;e.rel="stylesheet";d.body.append(p);`,
    ext: "css",
  },
  "script in a tree": {
    run: `${make("script")}const p=d.createElement("div");p.append(e);e.src=url;d.body.append(p);`,
    ext: "js",
  },
  "template.content, a part of it": {
    run: "const t=d.createElement(\"template\");t.innerHTML='<p><img src=\"'+url+'\"></p>';d.body.append(t.content.firstChild);",
  },
  // Strings of markup.
  innerHTML: { run: `${make("div")}e.innerHTML='<img src="'+url+'">';` },
  "innerHTML, frame": { run: `${make("div")}${PUT}e.innerHTML='<iframe src="'+url+'"></iframe>';` },
  outerHTML: { run: `${make("div")}${PUT}e.outerHTML='<img src="'+url+'">';` },
  insertAdjacentHTML: { run: `${make("div")}${PUT}e.insertAdjacentHTML("afterend",'<img src="'+url+'">');` },
  setHTMLUnsafe: {
    run: `${make("div")}${PUT}e.setHTMLUnsafe('<img src="'+url+'">');`,
    needs: "Element.prototype.setHTMLUnsafe",
  },
  "shadowRoot.innerHTML": {
    run: `${make("div")}${PUT}e.attachShadow({mode:"closed"}).innerHTML='<img src="'+url+'">';`,
  },
  createContextualFragment: {
    run: "d.body.append(d.createRange().createContextualFragment('<script src=\"'+url+'\"></scr'+'ipt>'));",
    ext: "js",
  },
  "entities in markup": { run: `${make("div")}e.innerHTML='<img src="'+url.replaceAll("/","&#47;")+'">';` },
  "address in white space": { run: `${make("img")}e.src=" \\n"+url.replace("leaky","lea\\nky");` },
  "address without a scheme": { run: `${make("img")}e.src=url.replace("https:","");` },
  "address in capitals": {
    run: `${make("img")}e.src=url.replace("https://tags.leaky","HTTPS://TAGS.LEAKY");`,
  },
  // Frames that scripts fill.
  "frame's Image": { run: `${make("iframe")}${PUT}new e.contentWindow.Image().src=url;` },
  "frame's fetch": {
    run: `${make("iframe")}${PUT}e.contentWindow.fetch(url,{mode:"no-cors"}).catch(()=>{});`,
    kind: "call",
  },
  "frame by index": {
    run: `${make("iframe")}${PUT}w[w.length-1].fetch(url,{mode:"no-cors"}).catch(()=>{});`,
    kind: "call",
  },
  "frame's beacon": {
    run: `${make("iframe")}${PUT}e.contentWindow.navigator.sendBeacon(url);`,
    kind: "call",
  },
  "frame in a tree": {
    run: `${make("iframe")}const p=d.createElement("div");p.append(e);d.body.append(p);w[w.length-1].fetch(url,{mode:"no-cors"}).catch(()=>{});`,
    kind: "call",
  },
  "frame in a copied tree": {
    run: `const p=d.createElement("div");p.innerHTML="<b><iframe></iframe></b>";d.body.append(p.cloneNode(true));w[w.length-1].fetch(url,{mode:"no-cors"}).catch(()=>{});`,
    kind: "call",
  },
  "frame that is put back": {
    run: `${make("iframe")}const p=d.createElement("div");${PUT}p.append(e);d.body.append(p);w[w.length-1].fetch(url,{mode:"no-cors"}).catch(()=>{});`,
    kind: "call",
  },
  "frame in a shadow tree": {
    run: `${make("iframe")}const p=d.createElement("div");const q=d.createElement("div");const s=d.createElement("div");s.attachShadow({mode:"open"}).append(q);d.body.append(s);p.append(e);q.append(p);e.contentWindow.fetch(url,{mode:"no-cors"}).catch(()=>{});`,
    kind: "call",
  },
  "frame by innerHTML": {
    run: `${make("div")}${PUT}e.innerHTML="<iframe></iframe>";e.firstChild.contentWindow.fetch(url,{mode:"no-cors"}).catch(()=>{});`,
    kind: "call",
  },
  "frame's document.write": {
    run: `${make("iframe")}${PUT}const f=e.contentDocument;f.write('<img src="'+url+'">');f.close();`,
  },
  srcdoc: { run: `${make("iframe")}e.srcdoc='<img src="'+url+'">';${PUT}` },
  // Calls.
  fetch: { run: 'w.fetch(url,{mode:"no-cors"}).catch(()=>{});', kind: "call" },
  "fetch, URL": { run: 'w.fetch(new URL(url),{mode:"no-cors"}).catch(()=>{});', kind: "call" },
  "fetch, Request": {
    run: 'w.fetch(new w.Request(url,{mode:"no-cors",keepalive:true})).catch(()=>{});',
    kind: "call",
  },
  fetchLater: {
    run: "w.fetchLater(url,{activateAfter:0});",
    kind: "call",
    needs: "window.fetchLater",
  },
  XMLHttpRequest: { run: 'const x=new w.XMLHttpRequest();x.open("GET",url);x.send();', kind: "call" },
  "XMLHttpRequest, synchronous": {
    run: 'const x=new w.XMLHttpRequest();x.open("GET",url,false);x.send();',
    kind: "call",
  },
  sendBeacon: { run: "w.navigator.sendBeacon(url);", kind: "call" },
  WebSocket: { run: 'new w.WebSocket(url.replace("https","wss"));', kind: "call" },
  EventSource: { run: "(w.kept??=[]).push(new w.EventSource(url));", kind: "call" },
  "audioWorklet.addModule": {
    run: "new w.OfflineAudioContext(1,1,44100).audioWorklet.addModule(url).catch(()=>{});",
    kind: "call",
    ext: "js",
    needs: "window.AudioWorklet",
  },
  "form.submit": { run: `${FORM}e.submit();`, kind: "call" },
  "form.requestSubmit": { run: `${FORM}e.requestSubmit();`, kind: "call" },
  "button formaction": {
    run: `${FORM}e.action="/own";const b=d.createElement("button");b.setAttribute("formaction",url);e.append(b);b.click();`,
    kind: "call",
  },
  ping: {
    run: `${make("a")}e.href="#";e.ping=url;${PUT}e.click();`,
    kind: "call",
    engines: ["chromium"], // the others send none for a click by script, or none at all
  },
  FontFace: { run: "new w.FontFace('leak','url('+url+')').load().catch(()=>{});", kind: "call" },
};

/**
 * Tags as they stand in the HTML: name → markup. `early`: the platform's: the preload scanner, or the parser
 * while it works through one piece of the page, may ask before any script of the page can look. None is ever run.
 */
export const HTML = {
  script: { markup: (url) => `<script src="${url}"></script>`, ext: "js", early: true },
  "script async": { markup: (url) => `<script async src="${url}"></script>`, ext: "js", early: true },
  "script defer": { markup: (url) => `<script defer src="${url}"></script>`, ext: "js", early: true },
  "script module": {
    markup: (url) => `<script type="module" src="${url}"></script>`,
    ext: "js",
    early: true,
  },
  "svg script": { markup: (url) => `<svg><script href="${url}"></script></svg>`, ext: "js", early: true },
  img: { markup: (url) => `<img alt="" src="${url}">`, early: true },
  "img srcset": { markup: (url) => `<img alt="" srcset="${url} 2x">`, early: true },
  picture: { markup: (url) => `<picture><source srcset="${url}"><img alt=""></picture>`, early: true },
  iframe: { markup: (url) => `<iframe src="${url}"></iframe>`, ext: "html", early: true },
  "iframe srcdoc": { markup: (url) => `<iframe srcdoc="<img src='${url}'>"></iframe>` },
  stylesheet: { markup: (url) => `<link rel="stylesheet" href="${url}">`, ext: "css", early: true },
  preload: { markup: (url) => `<link rel="preload" as="image" href="${url}">`, early: true },
  "input image": { markup: (url) => `<input type="image" alt="" src="${url}">`, early: true },
  "video poster": { markup: (url) => `<video poster="${url}"></video>`, early: true },
  audio: { markup: (url) => `<audio preload="auto" src="${url}"></audio>`, ext: "mp3", early: true },
  object: {
    markup: (url) => `<object type="image/svg+xml" data="${url}"></object>`,
    ext: "svg",
    early: true,
  },
  embed: { markup: (url) => `<embed type="image/svg+xml" src="${url}">`, ext: "svg", early: true },
  "svg image": { markup: (url) => `<svg><image href="${url}"/></svg>`, early: true },
  "body of a table": {
    markup: (url) => `<table background="${url}"><tr><td>x</td></tr></table>`,
    early: true,
  },
};

/** What a page's script cannot stop, and which other means covers it. */
export const PLATFORM = [
  ["import() of a foreign module", "syntax, not a function: a policy (`script-src`)"],
  [
    "CSS `url()`, `@import`, `@font-face`",
    "no function is called: a policy (`img-src`, `style-src`, `font-src`)",
  ],
  ["`importScripts` inside a worker of the page", "another realm: a policy (`script-src`)"],
  [
    "what the preload scanner and the parser ask for of tags written in the HTML, before a script can look",
    "rewriting the HTML, or marking the tags; the gate keeps them from running",
  ],
  [
    "`localStorage.key = …`, an assignment",
    "no function is called: what was written is erased after a withdrawal",
  ],
  ["`relList.add()` on a link that stands in the document", "a list does not name its element: a policy"],
  ["what a worker of the page asks for", "another realm: a policy; its script is trapped where it is made"],
  ["WebRTC's servers", "no address of a page: a policy (`webrtc 'block'`)"],
  ["scripts that stand before the gate", "the gate stands first"],
  [
    "our own first file is blocked, or does not come",
    "everything runs: the site serves it from its own host",
  ],
  [
    "marked tags of a category that is always active, where the gate is blocked",
    "registering the vendor: what is registered and always active runs without a gate",
  ],
  [
    "an optimiser that moves our own script behind others",
    "`data-cfasync` and its like on our elements; a rule in the optimiser's settings",
  ],
];
