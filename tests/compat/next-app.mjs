// The Next.js application in `next/`: built for production, with the package as built, and served.

import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import net from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import { PKG } from "../browser/site.mjs";
import { FOLDER } from "./compat.mjs";

const APP = path.join(FOLDER, "next");
const STAMP = path.join(APP, "out/portcullis-stamp");
const NEXT = path.join(FOLDER, "node_modules/next/dist/bin/next");
const INSTALLED = path.join(FOLDER, "node_modules/portcullis");
const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" };

/** What a build is made of. */
async function digest() {
  const hash = createHash("sha256").update(await readFile(path.join(FOLDER, "package-lock.json")));
  for (const folder of [APP, PKG]) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
      .filter((file) => !file.startsWith(path.join(APP, "out")))
      .sort();
    for (const file of files) hash.update(file.slice(folder.length)).update(await readFile(file));
  }
  return hash.digest("hex");
}

/** Builds it, unless it is built as it is. */
async function build() {
  const wanted = await digest();
  if ((await readFile(STAMP, "utf8").catch(() => "")) === wanted) return;
  await rm(INSTALLED, { recursive: true, force: true });
  await cp(PKG, INSTALLED, { recursive: true });
  await promisify(execFile)(process.execPath, [NEXT, "build", APP], { env });
  await writeFile(STAMP, wanted);
}

const freePort = () =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Builds and starts the application: `serve` answers a request of the farm's by asking it. */
export async function startNext() {
  await build();
  const port = await freePort();
  const server = spawn(process.execPath, [NEXT, "start", APP, "-p", String(port), "-H", "127.0.0.1"], {
    env,
  });
  let said = "";
  await new Promise((resolve, reject) => {
    const listen = (chunk) => {
      said += chunk;
      if (said.includes("Ready")) resolve();
    };
    server.stdout.on("data", listen);
    server.stderr.on("data", listen);
    server.on("exit", () => reject(new Error(`Next.js has ended: ${said}`)));
  });
  return {
    serve: ({ method, host, path: where, query, headers, body }) =>
      new Promise((resolve, reject) => {
        const asked = http.request({
          port,
          host: "127.0.0.1",
          method,
          path: Object.keys(query).length ? `${where}?${new URLSearchParams(query)}` : where,
          headers: { ...headers, host, "x-forwarded-proto": "https" },
        });
        asked.on("error", reject);
        asked.on("response", (answer) => {
          const { connection, "transfer-encoding": encoding, ...kept } = answer.headers;
          resolve({ status: answer.statusCode, headers: kept, body: answer });
        });
        asked.end(body);
      }),
    stop: () => server.kill(),
  };
}
