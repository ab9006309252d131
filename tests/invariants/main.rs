//! What always holds (`ARCHITECTURE.md`, I-1 to I-10), over generated sequences of events.

mod agree;
mod gate;
mod model;
mod page;
mod sequences;
mod shown;
mod site;
mod tabs;
mod withdrawal;
