// The playground: a form whose controls are named by their place in the config. What the form holds at first is
// what Portcullis does by itself, so that whatever was left as it was stays out of the config. It uses the files
// that `portcullis build` has written for this site, and public functions of the package.

const BUILT = "/portcullis/";
const SCHEMA = "./node_modules/portcullis/schema.json";
const PREVIEW = "/playground-preview.html";
/** Where the preview finds what it is to show. */
const HANDED_OVER = "portcullis-playground";
/** How long nothing changes before the preview follows, in milliseconds. */
const PAUSE = 250;

/** What a container may bring. */
const CATEGORIES = {
  performance: "Performance",
  functional: "Functional",
  targeting: "Targeting",
  social: "Social media",
};
/** Colours by what they are for, with Portcullis' own: light and dark. */
const COLOURS = {
  accent: ["Buttons and links", "#1f4fd8", "#8aa8ff"],
  "accent-ink": ["Text on buttons", "#ffffff", "#0d1430"],
  surface: ["Background", "#ffffff", "#171a21"],
  ink: ["Text", "#16181d", "#f1f3f7"],
  "surface-2": ["Second background", "#f6f7f9", "#20242e"],
  "ink-2": ["Quieter text", "#4a5160", "#b3bac7"],
  line: ["Lines", "#dde1e8", "#323845"],
  "line-strong": ["Edges of controls", "#7a8394", "#8892a5"],
};
/** The texts that sites most often word themselves, by key of the locale file. */
const TEXTS = {
  "banner.title": "Title",
  "banner.body": "What is asked",
  "banner.accept": "To accept",
  "banner.reject": "To refuse",
  "banner.settings": "To the settings",
};
/** Wording of the models that do not ask first has keys of its own. */
const TEXTS_OF_OTHERS = {
  "banner.optOut.body": "What is said (opt-out)",
  "banner.doNotSell": "To refuse (opt-out)",
  "banner.notice.title": "Title (notice)",
  "banner.notice.body": "What is said (notice)",
  "banner.ok": "To go on",
};

const find = (id) => document.getElementById(id);
const form = find("form");
const frame = find("preview");

/** An element with attributes and children. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const field = (label, control, ...more) =>
  make("div", { class: "field" }, make("label", { for: control.id }, label), control, ...more);

const check = (label, attributes) =>
  make(
    "label",
    { class: "check" },
    make("input", { type: "checkbox", ...attributes }),
    make("span", {}, label),
  );

// Vendors: the catalogue as the schema of the config describes it.

/** The vendors of the catalogue: id, name, what the site has to fill in, and whether it is a container. */
function catalogue(schema) {
  return schema.$defs.vendor.allOf
    .map(({ then }) => then)
    .filter((entry) => entry?.properties?.use?.const)
    .map(({ properties: { use, ...properties }, required }) => ({
      id: use.const,
      name: use.description,
      parameters: required
        .filter((name) => properties[name]?.description)
        .map((name) => ({ name, ...properties[name] })),
      isContainer: required.includes("carries"),
    }));
}

/** The control of a vendor's value, of what it carries, or of whether the site uses it. */
const vendorId = (vendor, part) => `vendors.${vendor}.${part}`;

function drawVendor({ id, name, parameters, isContainer }) {
  const details = make("div", { class: "details", hidden: "" });
  for (const { name: parameter, description, examples = [] } of parameters) {
    const input = make("input", {
      id: vendorId(id, parameter),
      placeholder: examples[0] ?? "",
      spellcheck: "false",
    });
    details.append(field(description, input));
  }
  if (isContainer) {
    const boxes = Object.entries(CATEGORIES).map(([category, label], at) =>
      check(label, { value: category, ...(at === 0 && { id: vendorId(id, "carries") }) }),
    );
    details.append(
      make(
        "fieldset",
        { class: "carries" },
        make("legend", {}, "Categories of the tags that it brings"),
        ...boxes,
      ),
    );
  }
  const use = check(name, { id: vendorId(id, "use") });
  use.addEventListener("input", ({ target }) => {
    details.hidden = !target.checked;
  });
  return make("div", { class: "vendor-choice" }, use, details);
}

/** A vendor's entry in the config. */
function vendorEntry({ id, parameters, isContainer }) {
  const values = parameters
    .map(({ name }) => [name, find(vendorId(id, name)).value.trim()])
    .filter(([, value]) => value);
  if (!isContainer) return { use: id, ...Object.fromEntries(values) };
  const group = find(vendorId(id, "carries")).closest("fieldset");
  const carries = [...group.querySelectorAll(":checked")].map(({ value }) => value);
  return { use: id, ...Object.fromEntries(values), ...(carries.length && { carries }) };
}

const picked = (vendors) => vendors.filter(({ id }) => find(vendorId(id, "use")).checked);

// Colours: one field for what is pasted, one for what is picked.

function drawColour(property, label, value) {
  const id = `interface.theme.${property}`;
  const text = make("input", { id, name: id, value, spellcheck: "false" });
  const swatch = make("input", { type: "color", value, "aria-label": `${label}: pick` });
  swatch.addEventListener("input", () => {
    text.value = swatch.value;
  });
  text.addEventListener("input", () => {
    if (/^#[0-9a-f]{6}$/i.test(text.value.trim())) swatch.value = text.value.trim();
  });
  return make("div", { class: "field colour" }, make("label", { for: id }, label), text, swatch);
}

function drawColours() {
  for (const [property, [label, light, dark]] of Object.entries(COLOURS)) {
    find("light").append(drawColour(property, label, light));
    find("dark").append(drawColour(`dark-${property}`, label, dark));
  }
}

// Languages and wording.

const nameOf = new Intl.DisplayNames("en", { type: "language" });
const placeOf = new Intl.DisplayNames("en", { type: "region" });

function drawLanguages(tags) {
  const named = tags
    .map((tag) => [nameOf.of(tag), tag])
    .sort(([one], [other]) => one.localeCompare(other, "en"));
  find("interface.language").append(...named.map(([name, tag]) => new Option(name, tag)));
}

/** Regions by name; a state of a country keeps its code, for which browsers have no name. */
function nameRegions() {
  for (const option of find("region").options) {
    const [country, state] = option.value.split("-");
    if (country) option.text = state ? `${placeOf.of(country)}: ${state}` : placeOf.of(country);
  }
}

/** Own words by language, those of other languages than the present one included. */
const worded = {};

const language = () => {
  const tag = find("interface.language").value;
  // The preview's page is English, and so most likely is the site of who reads this.
  return tag === "auto" ? "en" : tag;
};

function drawTexts() {
  const draw = ([key, label]) => {
    const control = make(key.endsWith("body") ? "textarea" : "input", { id: key, "data-text": key });
    if (control.localName === "textarea") control.rows = 3;
    control.addEventListener("input", () => {
      worded[language()] = { ...worded[language()], [key]: control.value.trim() };
    });
    return field(label, control);
  };
  const others = make("details", {}, make("summary", {}, "Where nobody is asked first"));
  others.append(make("div", { class: "group" }, ...Object.entries(TEXTS_OF_OTHERS).map(draw)));
  find("wording").append(...Object.entries(TEXTS).map(draw), others);
}

/** Another language has other words. */
function showTexts() {
  find("worded").textContent = nameOf.of(language());
  for (const control of form.querySelectorAll("[data-text]")) {
    control.lang = language();
    control.value = worded[language()]?.[control.dataset.text] ?? "";
  }
}

/** What was worded, without what was emptied again. */
function ownTexts() {
  const said = Object.entries(worded).map(([tag, texts]) => [
    tag,
    Object.fromEntries(Object.entries(texts).filter(([, text]) => text)),
  ]);
  return said.filter(([, texts]) => Object.keys(texts).length);
}

// The config.

/** Sets `value` at a path with dots, and makes the objects on the way. */
function put(config, path, value) {
  const names = path.split(".");
  const last = names.pop();
  let at = config;
  for (const name of names) {
    at[name] ??= {};
    at = at[name];
  }
  at[last] = value;
}

/** What a control says, or undefined where that is what Portcullis does anyway. */
function said(control) {
  if (control.type === "checkbox")
    return control.checked === control.defaultChecked ? undefined : control.checked;
  if (control.localName === "select")
    return control.selectedOptions[0].defaultSelected ? undefined : control.value;
  const value = control.value.trim();
  return value === "" || value === control.defaultValue ? undefined : value;
}

/** The config as it belongs into the file. */
function configOf(vendors) {
  const config = { $schema: SCHEMA };
  for (const control of form.elements) {
    const value = control.name ? said(control) : undefined;
    if (value !== undefined) put(config, control.name, value);
  }
  for (const [tag, texts] of ownTexts()) {
    config.interface ??= {};
    config.interface.texts = { ...config.interface.texts, [tag]: texts };
  }
  return { ...config, vendors: picked(vendors).map(vendorEntry) };
}

const pretty = (value) => JSON.stringify(value, null, 2);

/** The two scripts of a page without a build; nothing in the JSON may end the first one early. */
const snippetOf = (config) => `<script type="application/json">
${pretty(config).replaceAll("<", "\\u003c")}
</script>
<script src="/portcullis/portcullis.js" data-cfasync="false"></script>
`;

// The problems.

/** The control that a problem is about, if there is one. */
function controlOf(path, vendors) {
  const [, at, part] = /^vendors\[(\d+)\]\.?(\w*)/.exec(path) ?? [];
  if (at === undefined) return find(path);
  const { id } = picked(vendors)[at];
  return find(vendorId(id, part)) ?? find(vendorId(id, "use"));
}

function drawProblem({ path, problem, nearest }, vendors) {
  const control = controlOf(path, vendors);
  const text = `${problem}${nearest ? ` (for example ${nearest})` : ""}`;
  if (!control) return make("li", {}, make("code", {}, path), `: ${text}`);
  const link = make("a", { href: `#${control.id}` }, make("code", {}, path));
  link.addEventListener("click", (event) => {
    event.preventDefault();
    // A control in a folded part of the form could not take the focus.
    const folded = control.closest("details");
    if (folded) folded.open = true;
    control.focus();
  });
  control.setAttribute("aria-invalid", "true");
  return make("li", {}, link, `: ${text}`);
}

function drawProblems(issues, vendors) {
  for (const control of form.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
  find("problems").replaceChildren(...issues.map((issue) => drawProblem(issue, vendors)));
  find("nothing").hidden = issues.length > 0;
  const verdict =
    issues.length === 0
      ? "The config is complete."
      : `Still to do in the config: ${issues.length} ${issues.length === 1 ? "thing" : "things"}.`;
  // What is said again is heard again: only news is.
  if (find("verdict").textContent !== verdict) find("verdict").textContent = verdict;
}

// The preview.

let view = "banner";

/** Scripts of vendors stay out: nobody is to be contacted from here, whatever is pressed in the preview. */
const forPreview = (config) => ({
  ...config,
  vendors: config.vendors.map(({ script, ...vendor }) => vendor),
});

let shown = "";

/** Hands the config over, and loads the preview anew if anything is new. */
function showPreview(library, config) {
  const handedOver = JSON.stringify({ library, config: forPreview(config), view });
  if (handedOver === shown) return;
  shown = handedOver;
  sessionStorage.setItem(HANDED_OVER, handedOver);
  // Not by the frame's own address: that would be a step back in the history for each letter typed.
  frame.contentWindow.location.replace(PREVIEW);
}

/** What had the focus here last. A dialog that opens in the preview takes it, from who is typing perhaps. */
let focused = null;

addEventListener("focusin", ({ target }) => {
  if (target !== frame) focused = target;
});
addEventListener("message", ({ source }) => {
  if (source === frame.contentWindow) focused?.focus({ preventScroll: true });
});

// What is taken home.

/** Copies an output; where the browser keeps the clipboard to itself, selects it. */
async function copy(id) {
  const output = find(id);
  const status = find(`${id}-copied`);
  try {
    await navigator.clipboard.writeText(output.value);
    status.textContent = "Copied.";
  } catch {
    output.focus();
    output.select();
    status.textContent = "Selected: copy it with Ctrl+C, or ⌘C.";
  }
}

function drawOutputs(file, resolved) {
  find("config").value = file;
  find("download").href = `data:application/json;charset=utf-8,${encodeURIComponent(file)}`;
  find("snippet").value = snippetOf(resolved);
  for (const id of ["config-copied", "snippet-copied"]) find(id).textContent = "";
}

/** Runs `act` once nothing has asked for it for a while. */
function debounced(act) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, PAUSE);
  };
}

async function begin() {
  const { files } = await (await fetch(`${BUILT}build.json`)).json();
  const library = "/package/";
  const { schema, validate, resolve } = await import(`${library}tools.js`);
  const vendors = catalogue(JSON.parse(schema()));
  const tags = files.map((file) => /\/locales\/([\w-]+)\.js$/.exec(file)?.[1]).filter(Boolean);

  find("catalogue").append(...vendors.map(drawVendor));
  drawColours();
  drawLanguages(tags);
  nameRegions();
  drawTexts();
  showTexts();

  const draw = () => {
    const isAuto = find("regime").value === "auto";
    find("from").hidden = !isAuto;
    const file = `${pretty(configOf(vendors))}\n`;
    const { config } = resolve(file);
    // Nothing is drawn anew, perhaps under a click, that says what it said.
    if (find("config").value !== file) {
      drawProblems(validate(file), vendors);
      drawOutputs(file, config);
    }
    const region = find("region").value;
    showPreview(library, isAuto && region ? { ...config, region } : config);
    for (const button of document.querySelectorAll("[data-view]"))
      button.setAttribute("aria-pressed", String(button.dataset.view === view));
  };
  find("interface.language").addEventListener("input", showTexts);
  form.addEventListener("input", debounced(draw));
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const button of document.querySelectorAll("[data-view]"))
    button.addEventListener("click", () => {
      view = button.dataset.view;
      // Again, even if it is the same: the banner may have been answered.
      shown = "";
      draw();
    });
  for (const button of document.querySelectorAll("[data-copy]"))
    button.addEventListener("click", () => copy(button.dataset.copy));

  // Something to see at once.
  find("site.name").value = "Acme";
  for (const id of ["google-analytics", "meta-pixel"]) find(vendorId(id, "use")).click();
  draw();
}

begin().catch((error) => {
  find("broken").hidden = false;
  find("broken").textContent = `The playground could not start: ${error.message}. Was the site built?`;
});
