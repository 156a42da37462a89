//! Limits of wire.md §11 that no route's own tests reach: each at its edge.

mod accounts;
mod bulk;
