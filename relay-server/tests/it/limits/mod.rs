//! Limits (docs/protocol.md, chapter 21) that no route's own tests reach: each at its edge.

mod accounts;
mod bulk;
