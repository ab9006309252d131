//! Who decided what, and what follows from it.
