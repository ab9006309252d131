// The farm's key and certificate: made once, and kept under `target/` for every farm to come.

import { X509Certificate } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { generate } from "selfsigned";

const FILE = fileURLToPath(new URL("../../target/farm/key-pair.json", import.meta.url));
const DAY_MS = 864e5;
const DAYS = 365;

/** `{ key, cert }` as a server takes them; made anew when there is none, or when it lapses within a day. */
export async function keyPair() {
  const kept = await readFile(FILE, "utf8")
    .then(JSON.parse)
    .catch(() => null);
  if (kept && isGood(kept.cert)) return kept;
  const { private: key, cert } = await generate([{ name: "commonName", value: "farm" }], {
    keySize: 2048,
    notAfterDate: new Date(Date.now() + DAYS * DAY_MS),
  });
  await mkdir(path.dirname(FILE), { recursive: true });
  // Two processes may make one at once: each reads a whole file, whichever came last.
  await writeFile(`${FILE}.${process.pid}`, JSON.stringify({ key, cert }));
  await rename(`${FILE}.${process.pid}`, FILE);
  return { key, cert };
}

function isGood(cert) {
  try {
    const { validFrom, validTo } = new X509Certificate(cert);
    return new Date(validFrom) <= new Date() && new Date(validTo) > new Date(Date.now() + DAY_MS);
  } catch {
    return false; // Cut short, or none.
  }
}
