// Traps on what gives an element its address: properties, attributes, attribute nodes.

import type { Held, Holder } from "../held.ts";
import type { Natives } from "../natives.ts";
import { exact, method, property } from "../patch.ts";
import { addressesOf, addressName } from "./addresses.ts";
import type { Realm } from "./realm.ts";

/** The interfaces that have properties for attributes of the table, and these properties. */
const INTERFACES = "Script IFrame Frame Image Input Source Media Video Track Embed Object Link Body".split(
  " ",
);
const PROPERTIES = "href src data rel srcset srcdoc poster background imageSrcset".split(" ");

export function trapElements(realm: Realm, held: Holder, native: Natives): void {
  for (const kind of INTERFACES) {
    const { prototype } = realm[`HTML${kind}Element` as "HTMLScriptElement"];
    for (const name of PROPERTIES) {
      const attribute = name.toLowerCase();
      const isAddress = !/set|doc/.test(name);
      property<HTMLScriptElement, string>(prototype, name as "src", ({ get, set }) => ({
        get() {
          const kept = held.of(this, attribute);
          if (!kept) return get.call(this);
          return isAddress ? new native.URL(`${kept.value}`, native.baseURI(this)).href : `${kept.value}`;
        },
        set(value) {
          if (!held.keep(this, attribute, value)) set.call(this, value);
        },
      }));
    }
  }

  /** The attribute's name in the table, where the element fetches it. */
  const trapped = (element: Element, name: unknown): string | undefined => {
    const known = addressName(name);
    return known && (known === "rel" ? element.localName === "link" : addressesOf(element).includes(known))
      ? known
      : undefined;
  };
  const keep = (element: Element, name: unknown, value: Held["value"]): boolean => {
    const known = trapped(element, name);
    return !!known && held.keep(element, known, value);
  };
  const kept = (element: Element, name: unknown) => {
    const known = trapped(element, name);
    return known ? held.of(element, known) : undefined;
  };

  const { prototype } = realm.Element;
  exact(prototype, "setAttribute", (set: Element["setAttribute"]) => {
    return {
      setAttribute(this: Element, name: string, value: string) {
        // biome-ignore lint/complexity/noArguments: what lacks one is the native one's to complain about
        if (arguments.length < 2) return set.apply(this, arguments as never);
        if (!(addressName(name) && keep(this, name, value))) set.call(this, name, value);
      },
    }.setAttribute;
  });
  method(prototype, "setAttributeNS", (set: Element["setAttributeNS"]) => {
    return function (this: Element, namespace: string | null, name: string, value: string) {
      if (!keep(this, name, value)) set.call(this, namespace, name, value);
    } as typeof set;
  });
  for (const name of ["setAttributeNode", "setAttributeNodeNS"]) {
    method(prototype, name, (set: Element["setAttributeNode"]) => {
      return function (this: Element, node) {
        return keep(this, node?.name, node?.value) ? null : set.call(this, node);
      } as typeof set;
    });
  }
  exact(prototype, "getAttribute", (get: Element["getAttribute"]) => {
    return {
      getAttribute(this: Element, name: string) {
        // biome-ignore lint/complexity/noArguments: see above
        if (!arguments.length) return get.apply(this, arguments as never);
        return (addressName(name) && kept(this, name)?.value.toString()) || get.call(this, name);
      },
    }.getAttribute as typeof get;
  });
  method(prototype, "getAttributeNS", (get: Element["getAttributeNS"]) => {
    return function (this: Element, namespace, name) {
      return kept(this, name)?.value.toString() ?? get.call(this, namespace, name);
    } as typeof get;
  });
  method(prototype, "hasAttribute", (has: Element["hasAttribute"]) => {
    return function (this: Element, name) {
      return !!kept(this, name) || has.call(this, name);
    } as typeof has;
  });
  method(prototype, "removeAttribute", (remove: Element["removeAttribute"]) => {
    return function (this: Element, name) {
      const known = trapped(this, name);
      if (known) held.forget(this, known);
      remove.call(this, name);
    } as typeof remove;
  });

  // An attribute's own value, by the three names that it has.
  const { Attr } = realm;
  const { prototype: attribute } = Attr;
  for (const [owner, name] of [
    [attribute, "value"],
    [realm.Node.prototype, "nodeValue"],
    [realm.Node.prototype, "textContent"],
  ] as const) {
    type Set = (this: Node, value: string) => void;
    const setting = (set: Set): Set =>
      ({
        set(this: Node, value: string) {
          const element = this instanceof Attr && this.ownerElement;
          // biome-ignore lint/complexity/noArguments: see above
          if (!arguments.length) (set as () => void).call(this);
          else if (!(element && keep(element, (this as Attr).name, value))) set.call(this, value);
        },
      }).set;
    exact(owner, name, setting, "set");
  }
  // Who owns a map of attributes, or one of SVG's addresses, is noted as it is taken.
  const owners = new WeakMap<object, Element>();
  const noting = <T extends object>(owner: object, name: string) =>
    property<Element, T>(owner as Element, name as "attributes", ({ get }) => ({
      get() {
        const part = get.call(this);
        owners.set(part, this);
        return part;
      },
    }));
  noting(prototype, "attributes");
  for (const name of ["setNamedItem", "setNamedItemNS"]) {
    method(realm.NamedNodeMap.prototype, name, (set: NamedNodeMap["setNamedItem"]) => {
      return function (this: NamedNodeMap, node) {
        const element = owners.get(this);
        return element && keep(element, node?.name, node?.value) ? null : set.call(this, node);
      } as typeof set;
    });
  }
  for (const name of ["SVGImageElement", "SVGUseElement", "SVGFEImageElement", "SVGScriptElement"]) {
    noting(realm[name as "SVGImageElement"].prototype, "href");
  }
  property<SVGAnimatedString, string>(realm.SVGAnimatedString.prototype, "baseVal", ({ get, set }) => ({
    get() {
      const element = owners.get(this);
      return (element && held.of(element, "href")?.value.toString()) ?? get.call(this);
    },
    set(value) {
      const element = owners.get(this);
      if (!(element && held.keep(element, "href", value))) set.call(this, value);
    },
  }));
}
