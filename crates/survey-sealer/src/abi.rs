//! What the page calls, and all code of the sealer that the compiler does not check.
//!
//! The page is outside of Rust: it can call the two functions at any time, in any order, with any
//! number, and write anywhere into the memory. What has to hold, whatever it does:
//!
//! - No reference to [`MEMORY`] lives while the page runs. `room` makes none at all, and that of
//!   `seal` ends before `seal` returns.
//! - Two calls never overlap. The module has no import, so nothing that it calls comes back in,
//!   and is compiled without threads.
//! - A length is a number, not a promise: `seal` only ever looks at the array itself.

#![expect(unsafe_code, reason = "exported names, one static memory, and a heap that there is not")]

use core::{
    alloc::{GlobalAlloc, Layout},
    cell::UnsafeCell,
    panic::PanicInfo,
    ptr,
};

use crate::{MAX_EXCHANGE, Memory};

#[cfg(target_feature = "atomics")]
compile_error!("with threads, two calls could overlap: build the sealer without `atomics`");

/// A memory for one thread.
struct Single(UnsafeCell<Memory>);

// SAFETY: there is one thread (see the `compile_error!` above), so nothing is shared between two.
unsafe impl Sync for Single {}

static MEMORY: Single = Single(UnsafeCell::new(Memory::new()));

/// The address for a request of `length` bytes, or 0 if it is too long.
// SAFETY: no other symbol of the module has the name.
#[unsafe(no_mangle)]
extern "C" fn room(length: usize) -> *mut u8 {
    // The exchange is what `Memory` begins with (`repr(C)`).
    if length <= MAX_EXCHANGE { MEMORY.0.get().cast() } else { ptr::null_mut() }
}

/// Seals the request of `length` bytes and gives the reply's length.
// SAFETY: no other symbol of the module has the name.
#[unsafe(no_mangle)]
extern "C" fn seal(length: usize) -> usize {
    // SAFETY: the pointer is that of a live static, and the reference is the only one, because
    // calls do not overlap. Every byte is a valid `u8`, so the page can have written anything.
    let memory = unsafe { &mut *MEMORY.0.get() };
    memory.seal(length)
}

/// No heap. Libraries could use one, the paths that seal do not; one that did would end the module
/// in the first test.
struct NoHeap;

#[global_allocator]
static HEAP: NoHeap = NoHeap;

// SAFETY: "no memory" is always a valid answer, and nothing was given out that could come back.
unsafe impl GlobalAlloc for NoHeap {
    unsafe fn alloc(&self, _: Layout) -> *mut u8 {
        ptr::null_mut()
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

/// Ends the module: the page sees an exception, and no message, which could hold an answer.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
