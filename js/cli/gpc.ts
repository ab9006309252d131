// `portcullis gpc`: what a site says of Global Privacy Control in `/.well-known/gpc.json` (w3c/gpc, "GPC Support
// Resource").

import type { Finding } from "./tools.ts";

/** What belongs there: the gate obeys the signal. `date`: of the last change. */
export const gpcResource = (date: Date): string =>
  `${JSON.stringify({ gpc: true, lastUpdate: date.toISOString().slice(0, 10) })}\n`;

/** What is wrong with the text of such a file. Members that the specification does not name are left alone. */
export function checkGpc(text: string): Finding[] {
  const error = (path: string, problem: string, nearest?: string): Finding => ({
    path,
    problem,
    severity: "error",
    ...(nearest && { nearest }),
  });
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (cause) {
    return [error("", `is no JSON: ${(cause as Error).message}`)];
  }
  if (!given || typeof given !== "object" || Array.isArray(given)) return [error("", "must be an object")];
  const { gpc, lastUpdate } = given as { gpc?: unknown; lastUpdate?: unknown };
  const found: Finding[] = [];
  if (typeof gpc !== "boolean") found.push(error("gpc", "must be true or false", "true"));
  else if (!gpc) {
    found.push({
      path: "gpc",
      problem: "says that the site does not obey the signal: with Portcullis it does",
      severity: "warning",
      nearest: "true",
    });
  }
  const isDate =
    typeof lastUpdate === "string" &&
    /^\d{4}-\d\d-\d\d/.test(lastUpdate) &&
    !Number.isNaN(Date.parse(lastUpdate));
  if (lastUpdate !== undefined && !isDate) {
    found.push(error("lastUpdate", "must be a date, as in ISO 8601", new Date().toISOString().slice(0, 10)));
  }
  return found;
}
