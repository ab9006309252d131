// Which engines a describe runs in. Chromium runs everything. Firefox and WebKit run whatever is not named here: a
// describe is named with the reason why they would say the same again.
//
// `npm test -- --engines all` runs everything in each of them, `--engines firefox` everything in that one.

export const ENGINES = ["chromium", "firefox", "webkit"];

/** Describes that say the same in every engine, by their titles. */
export const ALIKE = {
  "config errors at start": "the config is read by the tools' module, and nothing of it by the engine",
  containers: "the gate decides about what a container brings; that it is held is the leak matrix's to show",
  "damaged records": "one gate reads them everywhere, from a text that the test has put into the cookie",
  demonstration: "a site made of what the other files look at piece by piece",
  playground: "a page for whoever writes a config; what it previews is looked at elsewhere",
  regions: "a table is looked up by the module; time zones are set in Chromium alone",
  signal: "the gate decides what the signal means; the signal itself is a property that the test sets",
};

const asked = process.env.PORTCULLIS_ENGINES ?? "";
const given = asked === "all" ? ENGINES : asked.split(",").filter(Boolean);
for (const name of given) {
  if (!ENGINES.includes(name)) throw new Error(`no engine "${name}": ${ENGINES.join(", ")}`);
}

/** The engines that a describe of this title runs in. */
export const enginesOf = (title) => (given.length ? given : title in ALIKE ? ["chromium"] : ENGINES);
