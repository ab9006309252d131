// The leak matrix as a page to read: `node tests/browser/leaks-table.mjs > docs/leaks.md`.

import { HTML, PLATFORM, WAYS } from "./leaks.mjs";
import { promises } from "./ways.mjs";

const cell = (text) => text.replaceAll("|", "\\|");

export function table() {
  const ways = Object.entries(WAYS).map(
    ([name, { kind, engines }]) =>
      `| ${cell(name)} | no | ${kind === "call" ? "refused" : "held, released when granted"} | ${engines?.join(", ") ?? "all"} |`,
  );
  const html = Object.entries(HTML).map(
    ([name, { early }]) => `| ${cell(name)} | no | ${early ? "perhaps: the platform's" : "no"} |`,
  );
  const platform = PLATFORM.map(([what, means]) => `| ${cell(what)} | ${cell(means)} |`);
  return `# Every way out

Made from \`tests/browser/leaks.mjs\`, which is what the tests run: each line, for a vendor that is not granted, in Chromium, Firefox and
WebKit, with the log of the third parties' server as the witness. Each "no" has its control: granted, the request arrives.

## In each way of shipping

\`linked\` and \`inline\` as \`portcullis build\` writes them, \`file\` the one blocking file, \`npm\` a bundled app, \`javascript\` linked
where WebAssembly is refused. Each promise is a test in each way (\`tests/browser/ways.test.mjs\`); the lines by a script
below are run in all of them, too, and once more before the gate has come.

${promises(cell)}

## By a script

Run by a script of the page, in a frame, by another vendor's tag that was held, and by a tag manager.

| way | asked before a grant | what becomes of it | engines that have it |
|---|---|---|---|
${ways.join("\n")}

## In the HTML, unmarked

Nothing of it runs before a grant.

| tag | run before a grant | asked before a grant |
|---|---|---|
${html.join("\n")}

## What no script of a page can stop

| what | what covers it |
|---|---|
${platform.join("\n")}
`;
}

if (process.argv[1] === new URL(import.meta.url).pathname) process.stdout.write(table());
