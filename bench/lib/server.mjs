// One server for pages, tools and tags, over plain HTTP on this machine.

import { readFile } from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { listPage } from "./lists.mjs";
import { headOf, html, TOOLS } from "./tools.mjs";

const brotli = (body) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });

/** Bytes after brotli at level 11. */
export const compressed = (body) => brotli(body).length;

/** A body as servers send it: in the best encoding that the browser takes, made once. */
const encoded = new Map();
function encode(body, accepted = "") {
  const encoding = ["br", "gzip"].find((one) => accepted.includes(one));
  if (!encoding) return { body, headers: {} };
  const key = `${encoding}\n${body}`;
  if (!encoded.has(key)) encoded.set(key, encoding === "br" ? brotli(body) : gzipSync(body));
  return { body: encoded.get(key), headers: { "content-encoding": encoding, vary: "accept-encoding" } };
}

const TYPES = { ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8" };

export async function startServer() {
  /** What was asked for, newest last: path → bytes after brotli. */
  const asked = [];
  const bodies = new Map();
  const fileOf = (where) => {
    for (const [name, { files, folder }] of Object.entries(TOOLS)) {
      if (files[where]) return files[where];
      if (folder && where.startsWith(`/${name}/`))
        return path.join(folder, path.normalize(where.slice(name.length + 1)));
    }
    return null;
  };
  const server = http.createServer(async (request, response) => {
    const url = new URL(request.url, "http://localhost");
    const send = (type, text, cacheControl = "max-age=3600") => {
      const { body, headers } = encode(text, request.headers["accept-encoding"]);
      response.writeHead(200, { "content-type": type, "cache-control": cacheControl, ...headers }).end(body);
    };
    const page = (text) => send("text/html; charset=utf-8", text, "no-store");
    const [, folder, name, count] = url.pathname.split("/");
    if (folder === "tag") return send(TYPES[".js"], "window.ran.push(performance.now())");
    if (folder === "page") {
      const given = [name, Number(count), `tags.localhost:${server.address().port}`];
      // A tool's lines in the head are downloaded like its files.
      const head = headOf(...given);
      if (head) asked.push({ path: url.pathname, body: Buffer.from(head) });
      return page(html(...given));
    }
    if (folder === "list") return page(listPage(name, Number(count)));
    const file = fileOf(url.pathname);
    if (!file) return response.writeHead(404).end();
    const body = bodies.get(file) ?? (await readFile(file).catch(() => null));
    if (!body) return response.writeHead(404).end();
    if (!bodies.has(file)) bodies.set(file, body);
    asked.push({ path: url.pathname, body });
    return send(TYPES[path.extname(file)] ?? "application/octet-stream", body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `tags.localhost:${server.address().port}`;
  for (const tool of Object.values(TOOLS)) await tool.prepare?.(host);
  return {
    port: server.address().port,
    asked,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}
