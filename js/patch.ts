// Putting a function in the place of a native one so that nobody can tell: same name, length,
// property attributes, and text.

// Any shape of function may be patched; what is passed on is never looked at here.
type Callable = (this: never, ...parameters: never[]) => unknown;

const originals = new WeakMap<object, object>();

/** Makes `wrapper` look like `native`. */
function disguise(wrapper: Callable, native: Callable): void {
  originals.set(wrapper, native);
  for (const key of ["name", "length"]) {
    Object.defineProperty(wrapper, key, { value: native[key as "name"], configurable: true });
  }
}

/**
 * Replaces a function of a property, by one that leaves to the native one what lacks a parameter; absent ones are left
 * absent. Each that is called all the time is written out where it is replaced: an engine makes a function of its own
 * fast, and not one that stands for many.
 */
export function exact<F extends Callable>(
  owner: object,
  name: string,
  make: (native: F) => F,
  part: "value" | "get" | "set" = "value",
): void {
  const descriptor = Object.getOwnPropertyDescriptor(owner, name);
  const native: F | undefined = descriptor?.[part];
  if (native) {
    const wrapper = make(native);
    disguise(wrapper, native);
    Object.defineProperty(owner, name, { ...descriptor, [part]: wrapper });
  }
}

/** Replaces a method by one that is called only with all its parameters. */
export function method<F extends Callable>(owner: object, name: string, make: (native: F) => F): void {
  exact<Callable>(owner, name, (native) => {
    const made = make(native as F);
    // Written as a method, since no method of the browser can be called with `new`.
    return {
      wrapper(this: never) {
        // biome-ignore lint/complexity/noArguments: how many there are has a meaning
        const given = arguments as unknown as never[];
        // What lacks a parameter is the native one's to complain about.
        return (given.length < native.length ? native : made).apply(this, given);
      },
    }.wrapper;
  });
}

interface Accessor<T, V> {
  get: (this: T) => V;
  set: (this: T, value: V) => void;
}

/** Replaces the accessor of a property, or a half of it. */
export function property<T, V>(
  owner: T & object,
  name: string,
  make: (native: Accessor<T, V>) => Partial<Accessor<T, V>>,
): void {
  const native = Object.getOwnPropertyDescriptor(owner, name);
  if (!native?.get) return;
  const { get, set } = make(native as Accessor<T, V>);
  if (get) exact<Callable>(owner, name, () => get, "get");
  if (set) {
    const setting = (whole: Callable) =>
      ({
        set(this: T, value: V) {
          // biome-ignore lint/complexity/noArguments: see above
          if (arguments.length) set.call(this, value);
          else whole.call(this as never);
        },
      }).set;
    exact<Callable>(owner, name, setting, "set");
  }
}

/** Replaces a constructor: `construct` looks at what an object is to be made of, and makes it, or throws. */
export function maker(
  owner: object,
  name: string,
  construct: (values: unknown[], make: (values: unknown[]) => object) => object,
): void {
  const descriptor = Object.getOwnPropertyDescriptor(owner, name);
  const native = descriptor?.value as (new (...values: unknown[]) => object) | undefined;
  if (!native) return;
  const wrapper = function (...values: unknown[]) {
    const target = new.target;
    // Without `new` the native one has its own way to complain.
    if (!target) return (native as unknown as (...values: unknown[]) => object)(...values);
    return construct(values, (of) => Reflect.construct(native, of, target === wrapper ? native : target));
  } as unknown as Callable & { prototype: object };
  originals.set(wrapper, native);
  Object.setPrototypeOf(wrapper, Object.getPrototypeOf(native));
  Object.defineProperties(wrapper, Object.getOwnPropertyDescriptors(native) as PropertyDescriptorMap);
  // Not so `Audio`, which shares its prototype with the interface.
  if (native.prototype.constructor === native) {
    Object.defineProperty(native.prototype, "constructor", {
      value: wrapper,
      writable: true,
      configurable: true,
    });
  }
  Object.defineProperty(owner, name, { ...descriptor, value: wrapper });
}

/** A patched function prints as the native one. */
export function hideTexts(realm: { readonly Function: FunctionConstructor }): void {
  method(
    realm.Function.prototype,
    "toString",
    (native: (this: unknown) => string) =>
      ({
        toString(this: unknown) {
          return native.call(originals.get(this as object) ?? this);
        },
      }).toString,
  );
}
