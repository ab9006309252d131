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

/** Compiles and starts a module, in one synchronous step. Throws where WebAssembly is refused. */
export function instantiate<Own>(text: string): Own & Exports {
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as unknown as Own & Exports;
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
