//! Which vendor a request, cookie or storage key belongs to.
