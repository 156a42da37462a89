//! Relay origins: `https://host[:port]`, lower case, no path; `http://` for loopback only.

/// Why a text is not a relay origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// Neither `https://` nor `http://`.
    #[error("a server address starts with https://")]
    Scheme,
    /// `http://` to a host that is not this machine.
    #[error("http:// is allowed for this machine only; use https://")]
    PlainRemote,
    /// Empty host, user info, path, query, or a port that is no number.
    #[error("a server address is https://host or https://host:port and nothing more")]
    Shape,
}

/// Brings an origin into its one canonical form, or says what is wrong with it.
pub fn canonical(text: &str) -> Result<String, OriginError> {
    let lower = text.trim().to_ascii_lowercase();
    let (scheme, rest, default_port) = if let Some(rest) = lower.strip_prefix("https://") {
        ("https", rest, "443")
    } else if let Some(rest) = lower.strip_prefix("http://") {
        ("http", rest, "80")
    } else {
        return Err(OriginError::Scheme);
    };
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-.:[]_".contains(c);
    if rest.is_empty() || !rest.chars().all(allowed) {
        return Err(OriginError::Shape);
    }
    let (host, port) = split_port(rest)?;
    if scheme == "http" && !is_loopback(host) {
        return Err(OriginError::PlainRemote);
    }
    Ok(match port {
        Some(port) if port != default_port => format!("{scheme}://{host}:{port}"),
        _ => format!("{scheme}://{host}"),
    })
}

fn split_port(rest: &str) -> Result<(&str, Option<&str>), OriginError> {
    let after_host = if rest.starts_with('[') {
        rest.find(']')
            .map(|end| end + 1)
            .ok_or(OriginError::Shape)?
    } else {
        rest.find(':').unwrap_or(rest.len())
    };
    let (host, tail) = rest.split_at(after_host);
    if host.is_empty() {
        return Err(OriginError::Shape);
    }
    match tail.strip_prefix(':') {
        None if tail.is_empty() => Ok((host, None)),
        Some(port) if port.parse::<u16>().is_ok() => Ok((host, Some(port))),
        _ => Err(OriginError::Shape),
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host == "[::1]"
        || host
            .parse::<std::net::Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_for_one_origin() {
        assert_eq!(
            canonical("HTTPS://Chat.Example.org:443/").as_deref(),
            Ok("https://chat.example.org")
        );
        assert_eq!(
            canonical("http://127.0.0.1:8420").as_deref(),
            Ok("http://127.0.0.1:8420")
        );
        assert_eq!(
            canonical("http://chat.example.org"),
            Err(OriginError::PlainRemote)
        );
        // A name that only looks like a loopback address is a host like any other.
        assert_eq!(
            canonical("http://127.evil.org"),
            Err(OriginError::PlainRemote)
        );
        assert_eq!(canonical("chat.example.org"), Err(OriginError::Scheme));
        for bad in [
            "https://",
            "https://a/b",
            "https://u@h",
            "https://h:99999",
            "https://h:",
        ] {
            assert_eq!(canonical(bad), Err(OriginError::Shape), "{bad}");
        }
    }
}
