//! Configs checked, resolved and compiled.
