// WebKit, as GTK has it, driven by WebDriver: the part of Puppeteer's interface that the tests use.

import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const BROWSER = `/usr/lib/${{ x64: "x86_64", arm64: "aarch64" }[process.arch]}-linux-gnu/webkit2gtk-4.1/MiniBrowser`;
const POLLING = 25;
const TIMEOUT = 30_000;
/** A script's own time: as long as the longest test. */
export const SCRIPT_TIMEOUT = 180_000;
/** WebDriver's names of keys that write nothing. */
const KEYS = { Tab: "\uE004", Enter: "\uE007", Shift: "\uE008", Escape: "\uE00C" };
/** The browser's toolbar would not let a window be as narrow as a phone. */
const STYLE = `entry, button { margin: 0; border: 0; padding: 0; min-width: 0; min-height: 0 }
image { -gtk-icon-source: none }`;

/** What the browser draws around a page, once that is known. */
let frame;
/** Counts the documents that were left. */
let left = 0;

/**
 * Every visitor is a process of its own, since a driver has one session; and has a screen of its own, since a window
 * that comes takes the focus from the others.
 */
export async function webkit(executablePath, profile, farm, blocked) {
  await mkdir(path.join(profile, "gtk-3.0"), { recursive: true });
  await writeFile(path.join(profile, "gtk-3.0/gtk.css"), STYLE);
  const env = {
    ...process.env,
    // A desktop's own screen is not ours to use.
    GDK_BACKEND: "x11",
    XDG_CONFIG_HOME: profile,
    XDG_DATA_HOME: profile,
    XDG_CACHE_HOME: profile,
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
    WEBKIT_DISABLE_COMPOSITING_MODE: "1",
    LIBGL_ALWAYS_SOFTWARE: "1",
  };
  const args = [
    "--automation",
    "--ignore-tls-errors",
    // The capability for proxies is not used for https.
    ...(farm ? [`--proxy=http://127.0.0.1:${farm.proxyPort}`] : []),
    `--cookies-policy=${blocked ? "never" : "always"}`,
  ];
  const launch = async () => {
    const { display, screen } = await startScreen();
    try {
      return { screen, session: await Session.start(executablePath, { ...env, DISPLAY: display }, args) };
    } catch (error) {
      screen.kill();
      throw error;
    }
  };
  const end = async ({ screen, session }) => {
    await session.end();
    screen.kill();
  };
  // At times the driver breaks off while it starts a browser: once more, then it counts.
  const begin = () => launch().catch(launch);
  // The next visitor's process starts while this one's page is looked at.
  let next;
  return {
    async createBrowserContext() {
      const taken = next ?? begin();
      next = taken.then(begin, begin);
      // Whoever is given it hears of it.
      next.catch(() => {});
      const visitor = await taken;
      return {
        newPage: () => visitor.session.newPage(),
        close: () => end(visitor),
      };
    },
    async close() {
      await next?.then(end, () => {});
    },
  };
}

/** A process that ends when this one does, however it ends. */
function start(command, args, options) {
  return spawn("setpriv", ["--pdeathsig", "KILL", command, ...args], options);
}

/** A screen that nobody sees, and its name. */
async function startScreen() {
  const screen = start("Xvfb", ["-displayfd", "3", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const display = await new Promise((resolve, reject) => {
    screen.stdio[3].once("data", (number) => resolve(`:${String(number).trim()}`));
    screen.once("exit", () => reject(new Error("Xvfb did not start: apt-get install xvfb")));
  });
  return { display, screen };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** One driver with its session: a browser with no history, whose windows take turns. */
class Session {
  #address;
  #driver;
  #current;
  #last = Promise.resolve();
  #windows = [];
  #spare = [];

  static async start(executablePath, env, args) {
    const session = new Session();
    const port = await freePort();
    const driver = start(executablePath, ["-p", String(port)], { env, stdio: "ignore" });
    session.#driver = driver;
    session.#address = `http://127.0.0.1:${port}`;
    for (const deadline = Date.now() + TIMEOUT; ; await pause(10)) {
      const up = await session.call("GET", "/status").catch(() => null);
      if (up) break;
      if (driver.exitCode !== null || Date.now() > deadline) throw new Error("WebKitWebDriver did not start");
    }
    try {
      const { sessionId } = await session.call("POST", "/session", {
        capabilities: {
          alwaysMatch: {
            browserName: "MiniBrowser",
            // The driver's own waiting would go on before each later command, too.
            pageLoadStrategy: "none",
            timeouts: { script: SCRIPT_TIMEOUT },
            "webkitgtk:browserOptions": { binary: BROWSER, args },
          },
        },
      });
      session.#address += `/session/${sessionId}`;
      session.#current = await session.call("GET", "/window");
      session.#windows.push(session.#current);
      session.#spare.push(session.#current);
    } catch (error) {
      driver.kill();
      throw error;
    }
    return session;
  }

  async call(method, where, body) {
    const response = await fetch(this.#address + where, {
      method,
      body: method === "POST" ? JSON.stringify(body ?? {}) : undefined,
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${method} ${where}: ${value.error}: ${value.message}`);
    return value;
  }

  /** A command to one window, after the commands before it. */
  within(handle, method, where, body) {
    const turn = this.#last.then(async () => {
      if (this.#current !== handle) await this.call("POST", "/window", { handle });
      this.#current = handle;
      return this.call(method, where, body);
    });
    this.#last = turn.catch(() => {});
    return turn;
  }

  async newPage() {
    return new Page(this, this.#spare.pop() ?? (await this.#open()));
  }

  async #open() {
    const { handle } = await this.within(this.#windows[0], "POST", "/window/new", { type: "window" });
    this.#windows.push(handle);
    return handle;
  }

  /** Closes a window; with its last window a session would end. */
  async close(handle) {
    if (this.#windows.length === 1) this.#spare.push(await this.#open());
    this.#windows = this.#windows.filter((other) => other !== handle);
    await this.within(handle, "DELETE", "/window");
  }

  async end() {
    await this.call("DELETE", "").catch(() => {});
    this.#driver.kill();
  }
}

class Page {
  #session;
  #handle;

  constructor(session, handle) {
    this.#session = session;
    this.#handle = handle;
  }

  #send(method, where, body) {
    return this.#session.within(this.#handle, method, where, body);
  }

  /**
   * WebDriver tells of nothing that happens in a page. So `evaluate` listens: `problems` are the errors and
   * rejections between its first call in a document, while that loads, and its latest. What came before,
   * and what a console says, stays unknown.
   */
  on() {}

  async goto(url, { waitUntil = "load" } = {}) {
    await this.#navigate(() => this.#send("POST", "/url", { url }), waitUntil);
  }

  reload() {
    return this.#navigate(() => this.#send("POST", "/refresh"));
  }

  /** Waits until another document is there: to be called before what brings it. */
  waitForNavigation() {
    return this.#navigate(() => {});
  }

  async #navigate(go, waitUntil) {
    // The document that is left is marked: its `timeOrigin` differs from one look to the next, if by little.
    const mark = ++left;
    await this.#look((number) => void Object.assign(window, { [Symbol.for("tests left")]: number }), mark);
    await go();
    const states = waitUntil === "domcontentloaded" ? ["interactive", "complete"] : ["complete"];
    // Markup may stand for a property of its document.
    const arrived = (number, wanted) => {
      const { get } = Object.getOwnPropertyDescriptor(Document.prototype, "readyState");
      return window[Symbol.for("tests left")] !== number && wanted.includes(get.call(document));
    };
    // The document may go away while it is asked.
    const ask = () => this.evaluate(arrived, mark, states).catch(() => false);
    await this.#poll(ask, TIMEOUT, "the page does not load");
  }

  /** Runs a function with arguments and gives what its promise gives, or runs a text. */
  async evaluate(script, ...args) {
    if (typeof script === "string") {
      await this.#send("POST", "/execute/sync", { script, args: [] });
      return undefined;
    }
    const body = `
      const done = arguments[arguments.length - 1];
      const mark = Symbol.for("tests");
      if (!window[mark]) {
        const problems = [];
        Object.defineProperty(window, mark, { value: problems });
        addEventListener("error", ({ message }) => problems.push(message));
        addEventListener("unhandledrejection", ({ reason }) => problems.push(String(reason)));
      }
      const finish = (answer) => done(JSON.stringify({ ...answer, problems: window[mark].splice(0) }));
      Promise.resolve()
        .then(() => (${script})(...JSON.parse(arguments[0])))
        .then((value) => finish({ value }), (error) => finish({ thrown: String(error) }));`;
    const answer = await this.#send("POST", "/execute/async", { script: body, args: [JSON.stringify(args)] });
    const { value, thrown, problems } = JSON.parse(answer);
    this.problems?.push(...problems);
    if (thrown !== undefined) throw new Error(thrown);
    return value;
  }

  /** Evaluates what changes nothing: asked once more where a new window's first document makes way meanwhile. */
  #look(script, ...args) {
    return this.evaluate(script, ...args).catch((error) => {
      if (!`${error}`.includes("no such frame")) throw error;
      return this.evaluate(script, ...args);
    });
  }

  waitForFunction(script, { timeout = TIMEOUT } = {}, ...args) {
    return this.#poll(() => this.evaluate(script, ...args), timeout, `never true: ${script}`);
  }

  async #poll(ask, timeout, otherwise) {
    for (const deadline = Date.now() + timeout; ; await pause(POLLING)) {
      if (await ask()) return;
      if (Date.now() > deadline) throw new Error(otherwise);
    }
  }

  async setViewport({ width, height }) {
    frame ??= await this.#look(() => ({
      width: outerWidth - innerWidth,
      height: outerHeight - innerHeight,
    }));
    const outer = { width: width + frame.width, height: height + frame.height };
    await this.#send("POST", "/window/rect", { x: 0, y: 0, ...outer });
    const fits = () => this.#look((w, h) => innerWidth === w && innerHeight === h, width, height);
    await this.#poll(fits, 5_000, `the window does not get ${width} × ${height}`);
  }

  async bringToFront() {
    // Whichever command it is, its window is switched to first.
    await this.#send("GET", "/window");
  }

  async close() {
    await this.#session.close(this.#handle);
  }

  #act(...actions) {
    return this.#send("POST", "/actions", { actions });
  }

  mouse = {
    click: (x, y) =>
      this.#act({
        type: "pointer",
        id: "mouse",
        parameters: { pointerType: "mouse" },
        actions: [
          { type: "pointerMove", duration: 0, x: Math.round(x), y: Math.round(y) },
          { type: "pointerDown", button: 0 },
          { type: "pointerUp", button: 0 },
        ],
      }),
  };

  #keys(keys, types = ["keyDown", "keyUp"]) {
    const actions = keys.flatMap((key) => types.map((type) => ({ type, value: KEYS[key] ?? key })));
    return this.#act({ type: "key", id: "keyboard", actions });
  }

  keyboard = {
    press: (key) => this.#keys([key]),
    down: (key) => this.#keys([key], ["keyDown"]),
    up: (key) => this.#keys([key], ["keyUp"]),
  };

  async focus(selector) {
    await this.evaluate((wanted) => document.querySelector(wanted).focus(), selector);
  }

  async type(selector, text) {
    await this.focus(selector);
    await this.#keys([...text]);
  }

  async click(selector) {
    const { x, y } = await this.evaluate((wanted) => {
      const target = document.querySelector(wanted);
      target.scrollIntoView({ block: "center", behavior: "instant" });
      const { left, top, width, height } = target.getBoundingClientRect();
      return { x: left + width / 2, y: top + height / 2 };
    }, selector);
    await this.mouse.click(x, y);
  }
}
