//! What vendors are told about a choice.
