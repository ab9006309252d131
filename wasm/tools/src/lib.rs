//! The tools module's shell.
