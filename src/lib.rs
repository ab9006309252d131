//! Portcullis: everything that decides or draws, as pure Rust.
//!
//! No browser, clock, randomness or input/output in here, and no dependency without a feature.
//!
//! | room | what it answers | wasm module |
//! |---|---|---|
//! | [`consent`] | who decided what, and what follows from it | gate |
//! | [`matching`] | which vendor a request, cookie or storage key belongs to | gate |
//! | [`regimes`] | which legal model is in force where | ui |
//! | [`signals`] | what vendors are told about a choice | gate |
//! | [`view`] | banner and preference centre as trees | ui |
//! | `tools` | configs checked, resolved and compiled | tools |

pub mod consent;
pub mod fields;
pub mod matching;
pub mod regimes;
pub mod signals;
#[cfg(feature = "tools")]
pub mod tools;
pub mod view;
