//! A small allocator: powers of two with a free list each, over memory that only grows.
//!
//! The default one weighs two kilobytes in every module. Ours allocate short-lived texts of a few sizes,
//! which free lists serve at no waste worth the weight. Not for threads: a module has one.

#![cfg(target_arch = "wasm32")]

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::ptr::null_mut;

/// The smallest block, in bytes, as a power of two: room for the free list's pointer.
const SMALLEST: u32 = 4;

#[global_allocator]
static ALLOCATOR: FreeLists = FreeLists::new();

/// The free blocks of each power of two.
struct FreeLists {
    free: UnsafeCell<[*mut u8; 32]>,
    /// The first byte never handed out, and the end of memory.
    fresh: UnsafeCell<(usize, usize)>,
}

impl FreeLists {
    const fn new() -> Self {
        Self {
            free: UnsafeCell::new([null_mut(); 32]),
            fresh: UnsafeCell::new((0, 0)),
        }
    }
}

// SAFETY: the module is built without threads.
unsafe impl Sync for FreeLists {}

fn class(layout: Layout) -> u32 {
    let size = layout.size().max(layout.align()).max(1 << SMALLEST);
    usize::BITS - (size - 1).leading_zeros()
}

// SAFETY: a block of class `c` is 2^c bytes long and aligned to 16 bytes, more than any layout here
// asks for; it is on a free list or handed out, never both.
unsafe impl GlobalAlloc for FreeLists {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let class = class(layout);
        // SAFETY: one thread, and no reference outlives the call.
        unsafe {
            let head = &mut (*self.free.get())[class as usize];
            if !head.is_null() {
                let block = *head;
                *head = *block.cast::<*mut u8>();
                return block;
            }
            let (next, end) = &mut *self.fresh.get();
            let size = 1usize << class;
            if *end - *next < size {
                let pages = size.div_ceil(65_536);
                let first = core::arch::wasm32::memory_grow::<0>(pages);
                if first == usize::MAX {
                    return null_mut();
                }
                if first * 65_536 != *end {
                    *next = first * 65_536;
                }
                *end = (first + pages) * 65_536;
            }
            let block = *next as *mut u8;
            *next += size;
            block
        }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe {
            let head = &mut (*self.free.get())[class(layout) as usize];
            *block.cast::<*mut u8>() = *head;
            *head = block;
        }
    }
}
