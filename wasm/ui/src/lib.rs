//! The ui module's shell.
