// The tag farm: one server that plays every third party, under its real name, and logs what reached it.
// Tests take its log as the truth. README.md says what it plays.

import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import path from "node:path";
import { Readable } from "node:stream";
import { keyPair } from "./key-pair.mjs";
import { vendorOf, vendors } from "./vendors/index.mjs";

/** Content types by the end of a file's name. */
export const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
};

/** A one-pixel GIF, as pixels answer. */
const PIXEL = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");
/** What browsers ask for by themselves, whatever the page: never logged as a third party of the page. */
const BROWSERS_OWN =
  /(^|\.)(googleapis\.com|gvt1\.com|mozilla\.(com|net|org)|firefox\.com)$|^(accounts|clients\d?)\.google\.com$/;
const BODY_MAX = 64 * 1024;
/** How long after its tunnel stands a request arrives, at the latest. */
const TUNNEL_MS = 250;

/**
 * Starts a farm. Tests: TLS on a free port, behind a CONNECT proxy that pipes every tunnel to it,
 * whatever the host. `demo`: plain HTTP on `port`, third parties at `<host>.localhost:<port>`.
 */
export async function startFarm({ demo = false, port = 0 } = {}) {
  const farm = new Farm(demo);
  await farm.listen(port);
  return farm;
}

class Farm {
  /** Every third-party request: `{ n, at, method, host, path, query, headers, body, vendor }`. */
  log = [];
  /** The same for the site's own hosts. */
  siteLog = [];
  /** Hosts of tunnels that were opened, even if no request followed. */
  connections = [];
  cspReports = [];
  /** Container id → its tags: see `vendors/gtm.mjs`. */
  containers = {};
  /** What a page's HTML becomes as it is served. */
  fill = async (html) => html;
  /** Scripts that a page with enforced Trusted Types can run. */
  trustedTypes = false;

  #sites = new Map();
  #pages = new Map();
  #faults = new Map();
  #waiting = new Set();
  #streams = new Set();
  #hanging = new Set();
  #settling = new Set();
  #servers = [];
  /** Tunnels that nothing has come through yet, by their port here; each with what takes it from this list. */
  #opening = new Map();
  #sockets = new Set();
  #count = 0;
  #unique = 0;

  constructor(demo) {
    this.demo = demo;
  }

  async listen(port) {
    const answer = (request, response) => {
      this.#answer(request, response).catch((error) => {
        response.writeHead(500).end(String(error?.stack));
      });
    };
    if (this.demo) {
      this.port = await this.#start(http.createServer(answer), port);
      return;
    }
    const server = https.createServer(await keyPair(), answer);
    // A tunnel is known to the server by the port that it comes from.
    server.on("request", ({ socket }) => this.#opening.get(socket.remotePort)?.());
    this.port = await this.#start(server, 0);
    const proxy = http.createServer(answer);
    proxy.on("connect", (request, client) => {
      this.connections.push(request.url.split(":")[0]);
      const upstream = net.connect(this.port, "127.0.0.1", () => {
        this.#opens(upstream);
        client.write("HTTP/1.1 200 OK\r\n\r\n");
        upstream.pipe(client).pipe(upstream);
      });
      this.#track(upstream);
      for (const end of [client, upstream])
        end.on("error", () => [client, upstream].forEach((s) => void s.destroy()));
    });
    this.proxyPort = await this.#start(proxy, 0);
  }

  #start(server, port) {
    this.#servers.push(server);
    server.on("connection", (socket) => this.#track(socket));
    return new Promise((resolve, reject) => {
      server.on("error", reject);
      server.listen(port, "127.0.0.1", () => resolve(server.address().port));
    });
  }

  #track(socket) {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", () => {});
  }

  /** A tunnel stands: its first request is awaited, for a while. A browser may open one and ask for nothing. */
  #opens(upstream) {
    const port = upstream.localPort;
    const timer = setTimeout(() => done(), TUNNEL_MS);
    const done = () => {
      clearTimeout(timer);
      this.#opening.delete(port);
      for (const wait of this.#settling) wait();
    };
    this.#opening.set(port, done);
    upstream.once("close", done);
  }

  /** No tunnel stands whose first request is still under way. */
  #settled() {
    return new Promise((resolve) => {
      const wait = () => {
        if (this.#opening.size) return;
        this.#settling.delete(wait);
        resolve();
      };
      this.#settling.add(wait);
      wait();
    });
  }

  async stop() {
    for (const response of [...this.#hanging, ...this.#streams]) response.end();
    for (const server of this.#servers) server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  /**
   * The site at `host`: a folder, or a function
   * `({ method, host, path, query, headers, body }) => ({ status, headers, body })`, whose `body` may be a stream.
   */
  site(host, handler) {
    this.#sites.set(host, handler);
  }

  /** One page of a site. */
  page(url, html, headers = {}) {
    const { host, pathname } = new URL(url);
    if (!this.#sites.has(host)) this.#sites.set(host, () => ({ status: 404, body: "not found" }));
    this.#pages.set(host + pathname, { html, headers });
  }

  /** Ends every connection: what pages that are closed still had under way arrives no more. */
  async hangUp() {
    const closed = [...this.#sockets].map((socket) => once(socket, "close"));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  /** Forgets what arrived, and heals what was broken. */
  reset() {
    this.log.length = this.siteLog.length = this.connections.length = this.cspReports.length = 0;
    this.#faults.clear();
    this.trustedTypes = false;
    for (const response of this.#hanging) response.end();
    this.#hanging.clear();
  }

  /** As if it had just been started: no site, no page, no container, nothing that arrived. */
  async forget() {
    await this.hangUp();
    this.reset();
    this.#sites.clear();
    this.#pages.clear();
    this.#waiting.clear();
    this.containers = {};
  }

  /** From now on `hostOrPath` hangs, answers 404, throws in the page, or is slow (`"slow:500"`). */
  fault(hostOrPath, kind) {
    this.#faults.set(hostOrPath, kind);
  }

  /** The address of a vendor's host, as this farm's pages reach it. */
  address(host) {
    return this.demo ? `http://${host}.localhost:${this.port}` : `https://${host}`;
  }

  requests({ host, path: start, vendor } = {}) {
    return this.log.filter(
      (entry) =>
        (!host || entry.host === host) &&
        (!start || entry.path.startsWith(start)) &&
        (!vendor || entry.vendor === vendor),
    );
  }

  /** The first request that matches, arrived or still to come. */
  waitFor(predicate, { timeout = 30_000 } = {}) {
    const found = this.log.find(predicate);
    if (found) return Promise.resolve(found);
    return new Promise((resolve, reject) => {
      const wait = (entry) => {
        if (!predicate(entry)) return;
        clearTimeout(timer);
        this.#waiting.delete(wait);
        resolve(entry);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(wait);
        const arrived = this.log
          .map(({ method, host, path: where }) => `  ${method} ${host}${where}`)
          .join("\n");
        reject(new Error(`no request matches ${predicate}; arrived:\n${arrived}`));
      }, timeout);
      this.#waiting.add(wait);
    });
  }

  /** Ends the wait for a zero: what the page has set going has reached the network by then. */
  async sentinel(page) {
    const mark = `/__sentinel/${++this.#unique}`;
    await page.evaluate(async (url) => {
      // A frame, a worker or a beacon goes by another process of the browser's than what is fetched.
      await fetch(url);
      await new Promise((resolve) => setTimeout(resolve, 50));
      await fetch(`${url}/again`);
    }, mark);
    if (!this.siteLog.some((entry) => entry.path === `${mark}/again`))
      throw new Error("the sentinel did not arrive");
    await this.#settled();
  }

  async #answer(request, response) {
    const absolute = request.url.startsWith("http://") ? new URL(request.url) : null;
    const url = absolute ?? new URL(request.url, `https://${request.headers.host ?? "nowhere"}`);
    let host = url.hostname;
    if (this.demo && host.endsWith(".localhost")) host = host.slice(0, -".localhost".length);
    const entry = {
      n: ++this.#count,
      at: performance.now(),
      method: request.method,
      host,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
      body: await body(request),
      vendor: vendorOf(host, url),
    };
    const site = this.#sites.get(url.host) ?? this.#sites.get(host);
    if (site) {
      this.siteLog.push(entry);
      return this.#own(entry, site, request, response);
    }
    if (BROWSERS_OWN.test(host)) return void response.writeHead(404).end();
    this.log.push(entry);
    for (const wait of this.#waiting) wait(entry);
    const { n, at, method, path: where, query, vendor } = entry;
    for (const stream of this.#streams)
      stream.write(`data: ${JSON.stringify({ n, at, method, host, path: where, query, vendor })}\n\n`);
    return this.#third(entry, response);
  }

  #third(entry, response) {
    const headers = {
      "access-control-allow-origin": entry.headers.origin ?? "*",
      "access-control-allow-credentials": "true",
      "access-control-allow-headers": "*",
      "cache-control": "no-store",
    };
    const send = (status, type, text) =>
      response.writeHead(status, { ...headers, "content-type": type }).end(text);
    const fault =
      this.#faults.get(entry.host + entry.path) ??
      this.#faults.get(entry.host) ??
      this.#faults.get(entry.path);
    if (fault === "hang") return void this.#hanging.add(response);
    if (fault === 404) return send(404, "text/plain", "gone");
    if (fault === "throw") return send(200, TYPES[".js"], 'throw new Error("the vendor is broken");');
    if (entry.method === "OPTIONS") return send(204, "text/plain", "");
    const answer = vendors[entry.vendor]?.(entry, this);
    const finish = () => {
      if (!answer) return send(404, "text/plain", "unknown");
      if (answer.cookie)
        headers["set-cookie"] =
          `${answer.cookie}; Path=/; ${this.demo ? "SameSite=Lax" : "SameSite=None; Secure"}`;
      if (answer.script !== undefined) return send(200, TYPES[".js"], answer.script);
      if (answer.html !== undefined) return send(200, TYPES[".html"], answer.html);
      if (answer.json !== undefined) return send(200, TYPES[".json"], JSON.stringify(answer.json));
      return send(200, "image/gif", PIXEL);
    };
    const delay = typeof fault === "string" && fault.startsWith("slow:") ? Number(fault.slice(5)) : 0;
    if (delay) setTimeout(finish, delay);
    else finish();
  }

  async #own(entry, site, request, response) {
    const send = (status, headers, text) =>
      response.writeHead(status, { "cache-control": "no-store", ...headers }).end(text);
    if (entry.path === "/__csp-report") {
      this.cspReports.push(JSON.parse(entry.body || "{}"));
      return send(204, {}, "");
    }
    if (entry.path === "/favicon.ico") return send(204, {}, "");
    if (entry.path.startsWith("/__sentinel/")) return send(204, {}, "");
    if (this.demo && entry.path.startsWith("/__farm/")) return this.#panel(entry, request, response, send);
    const page = this.#pages.get(entry.headers.host + entry.path) ?? this.#pages.get(entry.host + entry.path);
    if (page)
      return send(200, { "content-type": TYPES[".html"], ...page.headers }, await this.fill(page.html));
    if (typeof site === "function") {
      const { status = 200, headers = {}, body: text = "" } = await site(entry);
      if (text instanceof Readable) {
        response.writeHead(status, headers);
        return void text.pipe(response);
      }
      return send(status, headers, text);
    }
    const file = await fileOf(site, decodeURIComponent(entry.path));
    if (!file) return send(404, { "content-type": "text/plain" }, "not found");
    return send(
      200,
      { "content-type": TYPES[path.extname(file)] ?? "application/octet-stream" },
      await readFile(file),
    );
  }

  /** What the demonstration's side panel reads. */
  #panel({ path: where, query }, request, response, send) {
    if (where === "/__farm/reset") {
      this.log.length = 0;
      return send(204, {}, "");
    }
    if (where === "/__farm/events") {
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      response.write("\n");
      this.#streams.add(response);
      request.on("close", () => this.#streams.delete(response));
      return undefined;
    }
    const entries = this.log
      .filter(({ n }) => n > Number(query.after ?? 0))
      .map(({ n, at, method, host, path: where, query: asked, vendor }) => ({
        n,
        at,
        method,
        host,
        path: where,
        query: asked,
        vendor,
      }));
    return send(200, { "content-type": TYPES[".json"] }, JSON.stringify(entries));
  }
}

/** The file that a folder has for a path; null if it has none, or the path leads out. */
export async function fileOf(folder, where) {
  for (const candidate of [where, `${where}.html`, path.join(where, "index.html")]) {
    const file = path.join(folder, candidate);
    if (!file.startsWith(folder)) return null;
    const found = await stat(file).catch(() => null);
    if (found?.isFile()) return file;
  }
  return null;
}

async function body(request) {
  let text = "";
  for await (const chunk of request) if (text.length < BODY_MAX) text += chunk;
  return text;
}
