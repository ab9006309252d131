// The linked script, and the same text inline: the early phase alone, first in <head>, and a façade until the gate has
// come. `build` writes the table into it. A gate that never comes costs the optional tags and not the page.

import { fetchAlways, fetchHeld, isPrerendering, left, sendsSignal } from "../early/ahead.ts";
import { fetchAsked } from "../early/asked.ts";
import { GATE_MAX, setUp } from "../early/phase.ts";
import { type HeadTable, startNecessary, stubAll } from "../early/vendors.ts";
import { facade } from "../facade.ts";
import { closePrepared, type Left, OFFER } from "../handover.ts";
import { natives } from "../natives.ts";
import { makeParts, type Parts } from "../parts.ts";
import { report } from "../report.ts";
import { storedRecords } from "../store.ts";

const BUILT = "__PORTCULLIS_TABLE__" as unknown as HeadTable;
/** With the host of the page, which is the site's own. */
const TABLE: HeadTable = { ...BUILT, own: [...BUILT.own, location.hostname.replace(/^www\./, "")] };

function stand(): void {
  const native = natives();
  const self = native.currentScript(document);
  const folder = new native.URL(TABLE.folder, self?.src || native.baseURI(document)).href;
  const gate = `${folder}gate.js`;
  let isTaken = false;
  let isLost = false;
  const fail = (): void => {
    if (isTaken || isLost) return;
    isLost = true;
    early.without({}, [], false);
    // Nobody would hear the answer.
    closePrepared();
    report({ code: "no-gate", message: "the gate did not arrive, tags stay held" });
  };

  let parts = undefined as unknown as Parts;
  let seen: Promise<unknown> | undefined;
  const known = left(native, TABLE.build);
  const early = setUp(self?.nonce ?? "", () => TABLE, {
    native,
    first(load) {
      parts = makeParts(native, load, folder);
      seen = fetchAsked(native, TABLE.asks, parts);
      if (TABLE.fetchesGate) parts.load("gate").catch(fail);
    },
    held: (address, element) => fetchHeld(early, known, address, element),
    lost: () => startNecessary(TABLE.necessary, early),
  });
  early.without({}, [], true);
  stubAll(TABLE.stubs, early);
  const [google, ...unasked] = TABLE.google;
  if (google !== undefined) {
    early.tellGoogle(true, google, true);
    const isFirst = !storedRecords(native).length && !isPrerendering(native);
    const update = known.google ?? (isFirst ? unasked[+sendsSignal()] : undefined);
    if (update !== undefined) early.tellGoogle(false, update, true);
  }
  fetchAlways(early, known);

  let arrive: (consent: unknown) => void = () => {};
  page.portcullis = facade(
    new Promise((resolve) => {
      arrive = resolve;
    }),
  );
  page[OFFER] = {
    build: TABLE.build,
    take() {
      if (isTaken || native.currentScript(document)?.src !== gate) return;
      isTaken = true;
      return { early, parts, region: self?.dataset.region, seen, arrive };
    },
  };
  setTimeout(fail, GATE_MAX);
  native.addEventListener(
    window,
    "error",
    ({ target }) => (target as HTMLScriptElement | null)?.src === gate && fail(),
    true,
  );
}

const page = window as Left;
// Another copy stands already, whichever: its façade or gate explains.
if (!(page.portcullis as { explain?: unknown } | undefined)?.explain) stand();
