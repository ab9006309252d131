// The package's own checks, as its users have them.

import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const file = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../pkg/tools.js");

export const loadTools = () => import(pathToFileURL(file).href);
