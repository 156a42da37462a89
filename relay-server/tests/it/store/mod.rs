//! What only real files and processes show: kill -9, a full disk, damage, backup.

mod backup;
mod damage;
mod full;
mod kill;
mod rows;
mod saga;
