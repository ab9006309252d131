//! The gate module's shell.
