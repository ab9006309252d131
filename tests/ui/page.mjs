// A static page with the package as built and a mock consent object, under a strict policy.

import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { after, before, describe } from "node:test";
import { fileURLToPath } from "node:url";
import { isPuppeteers, prefer } from "../browser/harness.mjs";
import { withoutFarm } from "../browser/pool.mjs";
import { enginesOf } from "../engines.mjs";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const PKG = path.join(HERE, "../../pkg");
const POLICY =
  "default-src 'none'; img-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";

const links = Array.from({ length: 40 }, (_, n) => `<p><a href="#${n}">Link ${n}</a></p>`).join("");
const html = (lang, dir) => `<!doctype html><html lang="${lang}" dir="${dir}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Acme</title>
<script type="module" src="/mock-consent.mjs"></script></head><body><main><h1>Acme</h1>
<p><input id="field" aria-label="Field"> <button id="footer">Settings</button></p>${links}</main></body></html>`;

/** Every language there is, a region variant before its language. */
async function languages() {
  const files = await readdir(path.join(PKG, "locales"));
  const tags = files.filter((file) => /^[^.]+\.js$/.test(file)).map((file) => file.slice(0, -3));
  return JSON.stringify(tags.sort().reverse());
}

/** Serves the page; `stop()` ends it. */
export async function startPage() {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    if (pathname.endsWith(".js") || pathname.endsWith(".mjs")) {
      const file = pathname.startsWith("/pkg/")
        ? path.join(PKG, pathname.slice(5))
        : path.join(HERE, pathname);
      response.setHeader("content-type", "text/javascript; charset=utf-8");
      if (pathname === "/languages.js") return response.end(`export const LANGUAGES = ${await languages()}`);
      return response.end(await readFile(file).catch(() => "throw new Error('missing')"));
    }
    const [, lang = "en", dir = "ltr"] = pathname.split("/");
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.setHeader("content-security-policy", POLICY);
    response.end(html(lang || "en", dir));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    address: `http://127.0.0.1:${server.address().port}`,
    stop: () => new Promise((ended) => server.close(ended)),
  };
}

/** Calls a function in the page, with the interface's shadow root and what is given besides. */
export const inside = (page, look, ...given) =>
  page.evaluate(`(${look})(document.querySelector("portcullis-ui").shadowRoot, ...${JSON.stringify(given)})`);

/** The texts of what a selector finds in there. */
export const texts = (page, selector) =>
  inside(page, (root, wanted) => [...root.querySelectorAll(wanted)].map((one) => one.textContent), selector);

/**
 * `define` gets `open(options)`, which gives a page of a new visitor; pages are closed afterwards. `again`: an open page,
 * in which another document is drawn.
 */
export function inEachBrowser(title, define) {
  for (const name of enginesOf(title).filter(isPuppeteers)) {
    describe(`${title} (${name})`, () => {
      let site;
      let browser;
      const visitors = [];
      const opened = async (viewport) => {
        const visitor = await browser.newVisitor();
        visitors.push(visitor);
        return visitor.page(undefined, viewport && { viewport });
      };
      before(async () => {
        site = await startPage();
        browser = await withoutFarm(name);
      });
      after(async () => {
        await Promise.all(visitors.map((visitor) => visitor.close()));
        await site?.stop();
      });
      define(async ({ lang = "en", dir = "ltr", viewport, media, again, ...asked } = {}) => {
        const page = again ?? (await opened(viewport));
        if (media) await prefer(page, media);
        await page.goto(`${site.address}/${lang}/${dir}?${encodeURIComponent(JSON.stringify(asked))}`);
        return page;
      }, name);
    });
  }
}
