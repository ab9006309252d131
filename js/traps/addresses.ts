// What of an element is fetched: the table that every trap of elements reads.

/**
 * Element → its attributes that hold an address, several addresses (`…srcset`) or markup (`srcdoc`). Properties that
 * stand for them are in `elements.ts`, by interface.
 */
const FETCHED: { readonly [element: string]: readonly string[] } = {
  __proto__: null as never,
  script: ["src", "href"],
  iframe: ["src", "srcdoc"],
  frame: ["src"],
  img: ["src", "srcset"],
  input: ["src"],
  source: ["src", "srcset"],
  video: ["src", "poster"],
  audio: ["src"],
  track: ["src"],
  embed: ["src"],
  object: ["data"],
  link: ["href", "imagesrcset"],
  image: ["href"],
  use: ["href"],
  feImage: ["href"],
  body: ["background"],
  table: ["background"],
  tr: ["background"],
  td: ["background"],
  th: ["background"],
};

/** What a link's `rel` says if the link fetches: other links only name a place. */
const FETCHES = /stylesheet|preload|prefetch|preconnect|prerender|icon|manifest/i;

/** The attributes of an element that hold addresses. */
export const addressesOf = (element: Pick<Element, "localName">): readonly string[] =>
  FETCHED[element.localName] ?? [];

/** Names of attributes, by spelling, and what they are in the table; `rel`, which makes a link fetch, is one. */
const NAMES = new Map([
  ["rel", "rel"],
  ["xlink:href", "href"],
  ...Object.values(FETCHED).flatMap((names) => names.map((name) => [name, name] as const)),
]);
/** Spellings that are remembered, those of the table among them. */
const NAMES_MAX = 500;
/** A bit for each length of theirs. What is no text has none, and is asked about. */
let lengths = 1;
for (const name of NAMES.keys()) lengths |= 1 << name.length;

/** The attribute of the table that a page means by a name; nothing for all others. */
export const addressName = (name: unknown): string | undefined => {
  // Most have a length that none of the table has.
  if (!((lengths >> (name as string)?.length) & 1)) return undefined;
  const known = NAMES.get(name as string);
  return known === undefined ? learn(name) : known || undefined;
};

const learn = (name: unknown): string | undefined => {
  const known = NAMES.get(String(name).toLowerCase());
  if (typeof name === "string" && NAMES.size < NAMES_MAX) NAMES.set(name, known ?? "");
  return known || undefined;
};

/** Elements that may hold an address. */
export const FOUND = `${Object.keys(FETCHED)
  .filter((element) => !FETCHED[element]?.includes("background"))
  .join()},[background]`;

/** Whether a link with this `rel` fetches. */
export const isFetching = (rel: string): boolean => FETCHES.test(rel);

/** The addresses in a value. */
export const addressesIn = (name: string, value: string): string[] =>
  // A candidate's address ends at white space; its descriptor reads as an address of the site's own.
  name.endsWith("srcset") ? value.split(/\s+/).map((part) => part.replace(/,+$/, "")) : [value];
