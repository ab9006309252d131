// A module's text as its exports, and texts over its memory. Exports take and give numbers only: what
// wasm-bindgen generates to pass texts weighs more than half a kilobyte in every file.

/** What each module exports besides its own functions. */
export interface Exports {
  readonly memory: WebAssembly.Memory;
  /** Makes room for a text of `length` bytes, and gives its place. */
  room(length: number): number;
  /** The place of the answer. */
  answer(): number;
}

/** What the build turned over in every byte of a module's text: see `xtask/src/wasm.rs`. */
const MASK = 62;

/** The modules by name, as the same crate translated to JavaScript: see `js.ts`. */
export interface Modules {
  readonly gate: unknown;
  readonly banner: unknown;
  readonly preferences: unknown;
  readonly declaration: unknown;
}

let translated: Modules | undefined;

/** WebAssembly is refused: from now on these serve. */
export function use(modules: Modules | undefined): void {
  translated = modules;
}

/** Whether they serve. */
export const isTranslated = (): boolean => !!translated;

/** The shortest module there is: magic number and version (WebAssembly Core Specification, 5.5.16). */
const EMPTY = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

/**
 * Whether there is a module to start (builds for policies that refuse WebAssembly carry none), and the browser and the
 * page's policy admit it. What goes wrong after that is a fault of ours. Where a policy refuses it the browser reports
 * that to the site.
 */
export function isAdmitted(text: string): boolean {
  try {
    // A module begins with a zero byte.
    // Chromium and Firefox refuse to compile, WebKit to make an instance.
    return text.charCodeAt(0) === MASK && !!new WebAssembly.Instance(new WebAssembly.Module(EMPTY));
  } catch {
    return false;
  }
}

/** Compiles a module, in one synchronous step. Throws where WebAssembly is refused. */
export function compile(text: string): WebAssembly.Module {
  const bytes = new Uint8Array(text.length);
  // By number: to go through a text letter by letter takes ten times as long.
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at) ^ MASK;
  return new WebAssembly.Module(bytes);
}

/** Compiles and starts a module that imports nothing. */
export function instantiate<Own>(text: string, name: keyof Modules): Own & Exports {
  return (translated?.[name] ?? new WebAssembly.Instance(compile(text)).exports) as Own & Exports;
}

/** Writes a text, for the export that is called next. */
export function write(module: Exports, text: string): void {
  const bytes = new TextEncoder().encode(text);
  const place = module.room(bytes.length);
  // The memory may have grown: a view of it is good for once.
  new Uint8Array(module.memory.buffer).set(bytes, place);
}

/** Reads the answer; its length is what the export gave. */
export function read(module: Exports, length: number): string {
  return new TextDecoder().decode(new Uint8Array(module.memory.buffer, module.answer(), length));
}

/** Text in, text out. */
export function ask(module: Exports, question: () => number, text: string): string {
  write(module, text);
  return read(module, question());
}
