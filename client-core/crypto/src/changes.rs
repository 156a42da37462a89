//! The bag of rows that one input writes.

use std::collections::BTreeMap;

use crate::view::Table;

/// Rows to put (`Some`) or delete (`None`), committed all together or not at all.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Changes {
    rows: BTreeMap<(Table, Vec<u8>), Option<Vec<u8>>>,
}

impl Changes {
    /// Whether nothing is to be written.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Writes a row.
    pub fn put(&mut self, table: Table, key: Vec<u8>, value: Vec<u8>) {
        self.rows.insert((table, key), Some(value));
    }

    /// Removes a row.
    pub fn delete(&mut self, table: Table, key: Vec<u8>) {
        self.rows.insert((table, key), None);
    }

    /// The pending fate of a row: not touched, removed, or its new value.
    pub fn pending(&self, table: Table, key: &[u8]) -> Option<Option<&Vec<u8>>> {
        self.rows.get(&(table, key.to_vec())).map(Option::as_ref)
    }

    /// All pending rows in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = (Table, &[u8], Option<&[u8]>)> {
        self.rows
            .iter()
            .map(|((table, key), value)| (*table, key.as_slice(), value.as_deref()))
    }

    /// The pending rows of a table whose key begins with `prefix`, in key order.
    pub fn under<'a>(
        &'a self,
        table: Table,
        prefix: &'a [u8],
    ) -> impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)> {
        self.rows
            .range((table, prefix.to_vec())..)
            .take_while(move |((at, key), _)| *at == table && key.starts_with(prefix))
            .map(|((_, key), value)| (key.as_slice(), value.as_deref()))
    }

    /// Takes over the rows of another bag; the later one wins.
    pub fn absorb(&mut self, other: Changes) {
        self.rows.extend(other.rows);
    }
}

impl std::fmt::Debug for Changes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Values are secrets: count them, never print them.
        write!(f, "Changes({} rows)", self.rows.len())
    }
}
