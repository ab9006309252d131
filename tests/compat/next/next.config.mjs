import path from "node:path";
import { fileURLToPath } from "node:url";

export default {
  distDir: "out",
  compress: false,
  // The libraries are one folder up.
  turbopack: { root: path.resolve(fileURLToPath(import.meta.url), "../..") },
};
