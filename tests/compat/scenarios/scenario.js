// What every scenario has: a trace, a place to work in, and a second half for after the release.

const lines = [];

/** Writes a line down. */
export const say = (...parts) => {
  lines.push(parts.map((part) => (typeof part === "string" ? part : JSON.stringify(part))).join(" "));
};

/** For scripts of the pages: their lines, and who has run. */
window.say = say;
window.ran = [];

export const VENDOR = "https://tags.vendor.example";

/** Waits until something is so; what never comes is an error. */
export async function until(what, check) {
  for (let round = 0; round < 250; round++) {
    if (check()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`never: ${what}`);
}

/** Tasks and frames come to rest. */
export const rest = (milliseconds = 30) =>
  new Promise((resolve) => setTimeout(() => requestAnimationFrame(() => setTimeout(resolve)), milliseconds));

/** How an element reads to a page's script, by every way that libraries ask. */
export const reads = (element) => ({
  src: element.src,
  get: element.getAttribute("src"),
  has: element.hasAttribute("src"),
});

window.addEventListener("error", (event) => say("error", event.message ?? event.target?.localName));
window.addEventListener("unhandledrejection", (event) => say("rejection", String(event.reason)));
for (const level of ["error", "warn"]) {
  const native = console[level];
  console[level] = (...parts) => {
    say(`console.${level}`, String(parts[0]));
    native.apply(console, parts);
  };
}

/** Defines the scenario: `first(root)` works in a new element, and gives what is to be done after release. */
export function scenario(first) {
  let second;
  let root;
  const told = async (steps) => {
    lines.length = 0;
    try {
      await steps();
    } catch (error) {
      say("thrown", String(error?.stack ?? error));
    }
    return [...lines];
  };
  window.scenario = {
    run: () =>
      told(async () => {
        root = document.createElement("div");
        root.className = "scenario";
        document.body.append(root);
        second = await first(root);
      }),
    later: () =>
      told(async () => {
        await second?.();
        root.remove();
      }),
  };
}
