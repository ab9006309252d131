//! What vendors are told about a choice, in their own interfaces' terms. Pure encoders: what is
//! granted is decided elsewhere, and the telling is done elsewhere.

pub mod google_consent_mode;
