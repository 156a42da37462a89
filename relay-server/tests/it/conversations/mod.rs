mod a1;
mod access;
mod b13;
mod create;
mod list;
mod log;
mod restore;
