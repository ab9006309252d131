// The demonstration site with its tag farm, for a person's own browser: `node tests/farm/demo.mjs`.
//
// Third parties answer at `http://<their host>.localhost:<port>`, which browsers resolve to this
// machine; the site's policy lets nothing else be contacted.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { fileOf, startFarm, TYPES } from "./farm.mjs";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const WWW = path.join(ROOT, "www");
const PKG = path.join(ROOT, "pkg");
const PORTS_TRIED = 20;
/** The site's host, before `.localhost`. */
const SITE = "havelock";

/** Starts the demonstration; gives its address and what stops it. */
export async function startDemo({ port = 8080 } = {}) {
  const farm = await listen(port);
  const out = await mkdtemp(path.join(tmpdir(), "portcullis-demo-"));
  const { build } = await import(pathToFileURL(path.join(ROOT, "pkg/build.js")).href);
  const { resolve } = await import(pathToFileURL(path.join(ROOT, "pkg/tools.js")).href);
  const { config } = resolve(await readFile(path.join(WWW, "portcullis.config.json"), "utf8"));
  const { csp } = await build({
    json: JSON.stringify({ ...config, vendors: config.vendors.map((vendor) => local(vendor, farm.port)) }),
    out,
    base: "/portcullis/",
    pkg: PKG,
  });
  const head = await readFile(path.join(out, "head.html"), "utf8");
  const thirdParties = `http://*.localhost:${farm.port}`;
  const policy = [
    "default-src 'self'",
    `script-src 'self' ${csp.join(" ")} 'wasm-unsafe-eval' ${thirdParties}`,
    `connect-src 'self' ${thirdParties}`,
    `img-src 'self' data: ${thirdParties}`,
    `frame-src ${thirdParties}`,
    "style-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
  ].join("; ");

  // What the marketing team put into the container: some of it is nobody's that the config knows.
  farm.containers["GTM-DEMO123"] = [
    { tag: "floodlight", id: "1234567" },
    { tag: "img", host: "www.facebook.com", path: "/tr/?id=123456789012345&ev=PageView&noscript=1" },
    { tag: "img", host: "px.ads.linkedin.com", path: "/collect/?pid=1234567&fmt=gif" },
    { tag: "script", host: "unknown.example-cdn.net", path: "/thing.js" },
  ];
  const site = async (request) => {
    if (request.path === "/__demo/clock") {
      // The log's times count from here: the panel shows them as times of day.
      const { timeOrigin } = performance;
      return { headers: { "content-type": TYPES[".json"] }, body: JSON.stringify({ timeOrigin }) };
    }
    // What `build` wrote; the package, for the playground, which builds nothing; and else the site's own files.
    const [, root = "", below = request.path] = /^\/(portcullis|package)(\/.*)/.exec(request.path) ?? [];
    const folder = { portcullis: out, package: PKG }[root] ?? WWW;
    const file = await fileOf(folder, decodeURIComponent(below));
    if (!file) return { status: 404, headers: { "content-type": "text/plain" }, body: "not found" };
    const type = TYPES[path.extname(file)] ?? "application/octet-stream";
    const headers = { "content-type": type };
    if (!file.endsWith(".html")) return { headers, body: await readFile(file) };
    const page = (await readFile(file, "utf8")).replace("<!-- portcullis -->", () => head);
    return { headers: { ...headers, "content-security-policy": policy }, body: page };
  };
  farm.site(SITE, site);
  // All third parties live below `localhost`, and a host's subdomains are its own: a page there would
  // take every one of them for the site's. So browsers are sent to a host of the site's.
  for (const host of ["localhost", "127.0.0.1"]) {
    farm.site(host, (request) =>
      request.headers["sec-fetch-dest"] === "document"
        ? { status: 302, headers: { location: `http://${SITE}.localhost:${farm.port}${request.path}` } }
        : site(request),
    );
  }
  return {
    farm,
    address: `http://localhost:${farm.port}/`,
    async stop() {
      await farm.stop();
      await rm(out, { recursive: true, force: true });
    },
  };
}

async function listen(port) {
  for (let tried = port; ; tried++) {
    try {
      return await startFarm({ demo: true, port: tried });
    } catch (error) {
      if (error.code !== "EADDRINUSE" || tried >= port + PORTS_TRIED) throw error;
    }
  }
}

/** A vendor whose hosts and loader are played here. */
function local(vendor, port) {
  const hosts = vendor.hosts.map((host) =>
    host.replace(/^([^/?]*?)(\.\*)?(?=[/?]|$)/, (_, name, any) => `${any ? `${name}.com` : name}.localhost`),
  );
  const move = (address) => address.replace(/^https:\/\/([^/]+)/, `http://$1.localhost:${port}`);
  const { script } = vendor;
  const moved = typeof script === "string" ? move(script) : script && { ...script, src: move(script.src) };
  return { ...vendor, hosts, ...(moved && { script: moved }) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { port: { type: "string", default: "8080" } } });
  const demo = await startDemo({ port: Number(values.port) });
  console.log(
    `\n  ${demo.address}\n\n  Open it, answer the banner, and watch "What happens?" at the edge of the page. Ctrl-C ends it.\n`,
  );
  for (const signal of ["SIGINT", "SIGTERM"])
    process.on(signal, () => demo.stop().then(() => process.exit(0)));
}
