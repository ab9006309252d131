//! The text that crosses the boundary, which knows numbers only: JavaScript writes one into the room it
//! was given, calls, and reads the answer that stands in its place (`js/wasm.ts`).

use std::cell::Cell;
use std::mem::ManuallyDrop;

thread_local! {
    /// Not dropped with the thread: a module has one. (What would register that weighs.)
    static TEXT: Cell<ManuallyDrop<Vec<u8>>> = const { Cell::new(ManuallyDrop::new(Vec::new())) };
}

/// Makes room for a text of `length` bytes, and gives its place.
#[unsafe(no_mangle)]
extern "C" fn room(length: usize) -> usize {
    drop(take());
    let mut text = Vec::new();
    text.resize(length, 0);
    give(text);
    answer()
}

/// The place of the answer.
#[unsafe(no_mangle)]
extern "C" fn answer() -> usize {
    let text = take();
    let place = text.as_ptr() as usize;
    give(text);
    place
}

/// The text that JavaScript wrote.
pub fn take() -> Vec<u8> {
    ManuallyDrop::into_inner(TEXT.take())
}

/// Puts the answer in its place, and gives its length.
pub fn give(answer: Vec<u8>) -> usize {
    let length = answer.len();
    TEXT.set(ManuallyDrop::new(answer));
    length
}
