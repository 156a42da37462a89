//! The folder of this device's data.

use std::path::PathBuf;

use crate::api::ApiError;

use crate::args::Args;
use crate::exit::usage;

/// `--home`, `CHATTY_HOME`, or the place where the system keeps a user's data.
pub fn folder(args: &Args) -> Result<PathBuf, ApiError> {
    if let Some(home) = &args.home {
        return Ok(home.clone());
    }
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let data = variable("XDG_DATA_HOME")
        .or_else(|| variable("LOCALAPPDATA"))
        .map(PathBuf::from)
        .or_else(|| variable("HOME").map(|home| PathBuf::from(home).join(".local/share")));
    let data = data.ok_or_else(|| usage("name a folder with --home or CHATTY_HOME"))?;
    Ok(data.join("chatty"))
}

/// The relay of a command that makes or enters an account.
pub fn relay(args: &Args) -> Result<String, ApiError> {
    let text = args
        .relay
        .as_deref()
        .ok_or_else(|| usage("name the server with --relay https://… or CHATTY_RELAY"))?;
    chatty_protocol::origin::canonical(text).map_err(|error| usage(&error.to_string()))
}
