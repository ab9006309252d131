//! The targets under libFuzzer: `PORTCULLIS_FUZZ=TARGET guided CORPUS…`, as `xtask fuzz --guided` calls it.

#![no_main]

use std::sync::LazyLock;

use portcullis_fuzz::Target;

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("PORTCULLIS_FUZZ").unwrap_or_default();
    portcullis_fuzz::target(&name).unwrap_or_else(|| panic!("there is no target \"{name}\""))
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| TARGET(data));
