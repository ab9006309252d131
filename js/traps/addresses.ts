// What of an element is fetched: the table that every trap of elements reads.

/** Element → its attributes that hold an address, several addresses (`…srcset`) or markup (`srcdoc`). */
export const FETCHED: { readonly [element: string]: readonly string[] } = {
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

/** All attribute names of the table by any spelling in use; and `rel`, which makes a link fetch. */
const NAMES: { [name: string]: string } = { __proto__: null as never, rel: "rel" };
for (const element in FETCHED) {
  for (const name of FETCHED[element] ?? []) NAMES[name] = name;
}
NAMES["xlink:href"] = "href";

/** The attribute of the table that a page means by a name; nothing for all others. */
export const addressName = (name: unknown): string | undefined =>
  NAMES[name as string] ?? NAMES[String(name).toLowerCase()];

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
