// Real browsers behind the farm's proxy, one isolated profile a visitor.

import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import puppeteer from "puppeteer-core";
import { webkit } from "./webkit.mjs";

const BINARIES = {
  chromium: "/usr/bin/chromium",
  firefox: "/usr/bin/firefox-esr",
  webkit: "/usr/bin/WebKitWebDriver",
};
const PACKAGES = { chromium: "chromium", firefox: "firefox-esr", webkit: "webkit2gtk-driver xvfb" };

/** Whether Puppeteer drives an engine: for tests that need more of its interface than `webkit.mjs` gives. */
export const isPuppeteers = (name) => name !== "webkit";

/** Starts a browser. `cookies: "blocked"` refuses all storage. A missing browser is an error, never a skip. */
export async function launch(name, farm, { cookies = "allowed" } = {}) {
  const executablePath = BINARIES[name];
  if (!existsSync(executablePath)) throw new Error(`${name} is missing: apt-get install ${PACKAGES[name]}`);
  const profile = await mkdtemp(path.join(tmpdir(), "portcullis-"));
  const start = { chromium, firefox, webkit }[name];
  const browser = await start(executablePath, profile, farm, cookies === "blocked");
  return {
    name,
    /** Whether it still runs; WebKit has a process for each visitor. */
    get isAlive() {
      return browser.connected ?? true;
    },
    /** A visitor nobody has seen before. */
    async newVisitor(options = {}) {
      const context =
        cookies === "blocked" && name !== "webkit"
          ? browser.defaultBrowserContext()
          : await browser.createBrowserContext();
      return new Visitor(name, context, options);
    },
    async close() {
      await browser.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function chromium(executablePath, profile, farm, blocked) {
  if (blocked) {
    await mkdir(path.join(profile, "Default"));
    const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
    await writeFile(path.join(profile, "Default", "Preferences"), JSON.stringify(preferences));
  }
  return puppeteer.launch({
    executablePath,
    userDataDir: profile,
    headless: true,
    acceptInsecureCerts: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      // What the browser draws around the page is not looked at.
      "--disable-features=WebUIOmniboxPopup,WebUIOmniboxFullPopup,WebUIOmniboxAimPopup",
      "--ignore-certificate-errors",
      ...(farm
        ? [`--proxy-server=http://127.0.0.1:${farm.proxyPort}`, "--proxy-bypass-list=<-loopback>"]
        : []),
    ],
  });
}

async function firefox(executablePath, profile, farm, blocked) {
  const proxy = farm && {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": farm.proxyPort,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": farm.proxyPort,
    "network.proxy.allow_hijacking_localhost": true,
    "network.proxy.no_proxies_on": "",
  };
  return puppeteer.launch({
    browser: "firefox",
    executablePath,
    userDataDir: profile,
    headless: true,
    acceptInsecureCerts: true,
    extraPrefsFirefox: {
      ...proxy,
      // The farm plays trackers: the browser's own protection would hide what is tested.
      "privacy.trackingprotection.enabled": false,
      "privacy.trackingprotection.pbmode.enabled": false,
      "privacy.trackingprotection.annotate_channels": false,
      "privacy.partition.network_state": false,
      "network.cookie.cookieBehavior": blocked ? 2 : 0,
      "network.dns.disableIPv6": true,
      "network.captive-portal-service.enabled": false,
      "network.connectivity-service.enabled": false,
    },
  });
}

/** One person with one profile. */
class Visitor {
  #options;

  constructor(browserName, context, options) {
    this.browserName = browserName;
    this.context = context;
    this.#options = options;
  }

  /** Opens a page and waits until it has loaded; `page.problems` collects errors. */
  async page(url, { viewport, colorScheme, waitUntil = "load" } = {}) {
    const page = await this.context.newPage();
    page.problems = [];
    page.on("pageerror", (error) => page.problems.push(String(error?.message ?? error)));
    page.on("console", (message) => {
      if (message.type() === "error") page.problems.push(message.text());
    });
    await page.setViewport(viewport ?? this.#options.viewport ?? { width: 1280, height: 860 });
    const scheme = colorScheme ?? this.#options.colorScheme;
    if (scheme && this.browserName === "chromium") {
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    }
    if (url) await page.goto(url, { waitUntil });
    return page;
  }

  async close() {
    await this.context.close().catch(() => {});
  }
}

/** The visible first-party cookies of a page, by name. */
export function cookies(page) {
  return page.evaluate(() =>
    Object.fromEntries(
      document.cookie
        .split("; ")
        .filter(Boolean)
        .map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
    ),
  );
}

/** Whether an element of the interface is there, in its shadow root, and drawn. */
const isDrawn = (tag, inside) => {
  const found = Document.prototype.querySelector.call(document, tag)?.shadowRoot?.querySelector(inside);
  return !!found && found.getClientRects().length > 0;
};
/** A function cannot be given along: each of these stands alone in the page. */
const isGone = (tag, inside) => {
  const found = Document.prototype.querySelector.call(document, tag)?.shadowRoot?.querySelector(inside);
  return !found || found.getClientRects().length === 0;
};

/** Waits until something is true of the page. Mostly it is already, and a question costs less than a wait. */
async function comesTo(page, check, ...given) {
  // A document that goes away meanwhile is waited for.
  if (await page.evaluate(check, ...given).catch(() => false)) return;
  await page.waitForFunction(check, { timeout: 30_000, polling: 50 }, ...given);
}

/** Waits for an element of the interface, in its shadow root, to be there and drawn. */
export const shown = (page, selector, host = "portcullis-ui") => comesTo(page, isDrawn, host, selector);

/** Waits until no such element is drawn. */
export const gone = (page, selector, host = "portcullis-ui") => comesTo(page, isGone, host, selector);

/** A click by mouse on an element of the interface: a real one, with user activation. */
export async function click(page, selector, host = "portcullis-ui") {
  await shown(page, selector, host);
  const point = await page.evaluate(
    (tag, inside) => {
      const target = Document.prototype.querySelector.call(document, tag).shadowRoot.querySelector(inside);
      target.scrollIntoView({ block: "center" });
      const { left, top, width, height } = target.getBoundingClientRect();
      return { x: left + width / 2, y: top + height / 2 };
    },
    host,
    selector,
  );
  await page.mouse.click(point.x, point.y);
}

/** What the visitor's system prefers, by media feature; Chromium alone. Before the page is loaded. */
export async function prefer(page, media) {
  const features = Object.entries(media).map(([name, value]) => ({ name, value }));
  await (await page.createCDPSession()).send("Emulation.setEmulatedMedia", { features });
}
