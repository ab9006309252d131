//! The text that crosses the boundary, which knows numbers only: JavaScript writes one into the room it
//! was given, calls, and reads the answer that stands in its place (`js/wasm.ts`).

use std::cell::Cell;

use wasm_bindgen::prelude::wasm_bindgen;

thread_local! {
    static TEXT: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Makes room for a text of `length` bytes, and gives its place.
#[wasm_bindgen]
pub fn room(length: usize) -> usize {
    let text = vec![0; length];
    let place = text.as_ptr() as usize;
    TEXT.set(text);
    place
}

/// The place of the answer.
#[wasm_bindgen]
pub fn answer() -> usize {
    let text = TEXT.take();
    let place = text.as_ptr() as usize;
    TEXT.set(text);
    place
}

/// The text that JavaScript wrote.
pub fn take() -> Vec<u8> {
    TEXT.take()
}

/// Puts the answer in its place, and gives its length.
pub fn give(answer: Vec<u8>) -> usize {
    let length = answer.len();
    TEXT.set(answer);
    length
}
