//! Banner and preference centre as trees.
