//! Opening: key, settings, checks, migrations, generation, rollback guard.

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{Db, MIGRATIONS, Migration, Store, StoreError, meta, migrate};

/// The raw 32-byte key of the database.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct DatabaseKey([u8; 32]);

impl DatabaseKey {
    /// Takes over a key.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for DatabaseKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DatabaseKey(…)")
    }
}

/// A store and what its opening found.
pub struct Opened {
    /// The store.
    pub store: Store,
    /// Epoch after opening: write it to [`crate::platform::Platform::set_epoch`] at once.
    pub epoch: u64,
    /// The database is older than the epoch kept outside: it was put back from a copy
    /// (protocol.md §19). Also noted as [`meta::RESTORED`] until the engine has acted on it.
    pub restored: bool,
}

impl Store {
    /// Opens or creates the store.
    ///
    /// `outside_epoch` is what the platform keeps; `keep_copy(version)` copies the database file
    /// and is called before each migration. The connection must be fresh.
    pub fn open(
        connection: Connection,
        key: &DatabaseKey,
        outside_epoch: Option<u64>,
        keep_copy: &mut dyn FnMut(u32) -> Result<(), StoreError>,
    ) -> Result<Opened, StoreError> {
        Self::open_with(connection, key, outside_epoch, MIGRATIONS, keep_copy)
    }

    /// As [`Store::open`] with another list of migrations, for tests of migrations.
    #[doc(hidden)]
    pub fn open_with(
        connection: Connection,
        key: &DatabaseKey,
        outside_epoch: Option<u64>,
        migrations: &[Migration],
        keep_copy: &mut dyn FnMut(u32) -> Result<(), StoreError>,
    ) -> Result<Opened, StoreError> {
        unlock(&connection, key)?;
        settings(&connection)?;
        migrate::run(&connection, migrations, keep_copy)?;
        let mut store = Self {
            connection,
            generation: 0,
            read_only: false,
            restored: false,
        };
        let (generation, epoch, restored) = store.begin(outside_epoch)?;
        store.generation = generation;
        store.restored = restored;
        Ok(Opened {
            store,
            epoch,
            restored,
        })
    }

    /// Version of a database that lies there, and everything of it in its one file: when this has
    /// returned, a copy of that file is the database.
    pub fn settled_version(connection: Connection, key: &DatabaseKey) -> Result<u32, StoreError> {
        unlock(&connection, key)?;
        migrate::settle(&connection)?;
        migrate::version(&connection)
    }

    /// Takes the store for one that was put back from a copy: what shows that it is the newest
    /// state is gone.
    pub fn distrust(&mut self) -> Result<(), StoreError> {
        self.commit(|tx| meta::set_number(tx, meta::RESTORED, 1))?;
        self.restored = true;
        Ok(())
    }

    /// Opens a damaged store for reading what can still be read. Writes nothing, ever.
    pub fn open_damaged(connection: Connection, key: &DatabaseKey) -> Result<Self, StoreError> {
        unlock(&connection, key)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(Self {
            connection,
            generation: 0,
            read_only: true,
            restored: false,
        })
    }

    /// Raises generation and epoch; both are durable afterwards.
    fn begin(&self, outside_epoch: Option<u64>) -> Result<(u64, u64, bool), StoreError> {
        let sqlite = self.connection.unchecked_transaction()?;
        let tx = super::Tx {
            connection: &sqlite,
        };
        let generation = meta::number(&tx, meta::GENERATION)?.unwrap_or(0) + 1;
        let inside = meta::number(&tx, meta::EPOCH)?;
        let restored = matches!((inside, outside_epoch), (Some(i), Some(o)) if i < o);
        // Inside first, outside second: a crash between them leaves the database ahead, which is
        // always allowed.
        let epoch = inside.unwrap_or(0).max(outside_epoch.unwrap_or(0)) + 1;
        meta::set_number(&tx, meta::GENERATION, generation)?;
        meta::set_number(&tx, meta::EPOCH, epoch)?;
        if restored {
            // Kept until the engine has acted on it, also across a crash.
            meta::set_number(&tx, meta::RESTORED, 1)?;
        }
        let restored = meta::number(&tx, meta::RESTORED)?.is_some_and(|noted| noted > 0);
        sqlite.commit()?;
        Ok((generation, epoch, restored))
    }

    /// Raises the epoch, for each new Megolm generation. Give the number to the platform after
    /// the commit.
    pub fn raise_epoch(tx: &super::Tx<'_>) -> Result<u64, StoreError> {
        let epoch = meta::number(tx, meta::EPOCH)?.unwrap_or(0) + 1;
        meta::set_number(tx, meta::EPOCH, epoch)?;
        Ok(epoch)
    }

    /// Reads the whole file and checks every page's MAC and structure; slow, for `doctor` and
    /// after an error.
    pub fn check(&self) -> Result<(), StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare("PRAGMA cipher_integrity_check")?;
        if statement.exists([])? {
            return Err(StoreError::Damaged);
        }
        let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if found == "ok" {
            Ok(())
        } else {
            Err(StoreError::Damaged)
        }
    }
}

/// Sets the key and proves that it opens the file.
fn unlock(connection: &Connection, key: &DatabaseKey) -> Result<(), StoreError> {
    // Exclusive: a second connection, of whatever program, is refused by SQLite itself. Before the
    // first read, so that WAL needs no shared memory, which a browser's files do not have.
    set(connection, "locking_mode", "EXCLUSIVE")?;
    // SQLCipher writes its own complaints to stderr unless told not to.
    set(connection, "cipher_log_level", "NONE")?;
    let mut hex = data_encoding::HEXLOWER.encode(key.expose());
    let mut raw = format!("x'{hex}'");
    let result = set(connection, "key", &raw);
    hex.zeroize();
    raw.zeroize();
    result?;
    let version: Option<String> = connection
        .query_row("PRAGMA cipher_version", [], |row| row.get(0))
        .map(Some)
        .or_else(|error| match error {
            rusqlite::Error::QueryReturnedNoRows => Ok(None),
            other => Err(other),
        })?;
    if !version.is_some_and(|text| text.starts_with("4.")) {
        return Err(StoreError::Cipher("SQLCipher 4 is not linked"));
    }
    // The first page is read and its MAC checked here: a wrong key ends here.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(())
}

/// Settings of every connection that writes; each is read back.
fn settings(connection: &Connection) -> Result<(), StoreError> {
    let journal: String =
        connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if journal != "wal" && journal != "memory" && journal != "delete" {
        return Err(StoreError::Cipher("no durable journal"));
    }
    set(connection, "synchronous", "FULL")?;
    set(connection, "temp_store", "MEMORY")?;
    set(connection, "secure_delete", "ON")?;
    set(connection, "foreign_keys", "ON")?;
    set(connection, "cell_size_check", "ON")?;
    set(connection, "trusted_schema", "OFF")?;
    // A row of a busy hour touches the same pages again and again: 16 MiB of journal before they
    // are copied, and no shrinking in between, which would make every commit write the file's size.
    set(connection, "wal_autocheckpoint", "4000")?;
    set(connection, "journal_size_limit", "16777216")?;
    // 32 MiB of decrypted pages: what is read again and again is decrypted once.
    set(connection, "cache_size", "-32768")?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_prepared_statement_cache_capacity(256);
    for (name, wanted) in [("synchronous", 2), ("temp_store", 2), ("secure_delete", 1)] {
        let found: i64 = connection.pragma_query_value(None, name, |row| row.get(0))?;
        if found != wanted {
            return Err(StoreError::Cipher("a setting did not take hold"));
        }
    }
    Ok(())
}

/// Sets a pragma, whether or not it answers with a row.
fn set(connection: &Connection, name: &str, value: &str) -> Result<(), StoreError> {
    match connection.pragma_update(None, name, value) {
        Ok(()) | Err(rusqlite::Error::ExecuteReturnedResults) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
