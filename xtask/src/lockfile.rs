//! Reads of Cargo.lock what the cache key needs: the versions of the crates that we name ourselves.
//!
//! Their own dependencies are left out on purpose: a patch update deep in the tree rebuilds little and must not
//! throw the whole cache away.

use std::collections::BTreeSet;

#[derive(Default)]
struct Package {
    name: String,
    version: String,
    ours: bool,
    needs: Vec<String>,
}

/// `name version` of every direct dependency of a workspace member, sorted.
pub fn first_level(lock: &str) -> BTreeSet<String> {
    let packages: Vec<Package> = lock.split("[[package]]").skip(1).map(parse).collect();
    let ours: BTreeSet<&str> = packages
        .iter()
        .filter(|package| package.ours)
        .map(|package| package.name.as_str())
        .collect();
    let mut found = BTreeSet::new();
    for need in packages
        .iter()
        .filter(|package| package.ours)
        .flat_map(|package| &package.needs)
    {
        // Cargo writes the version beside the name only where two versions exist.
        let mut words = need.split(' ');
        let (name, version) = (words.next().unwrap_or_default(), words.next());
        if ours.contains(name) {
            continue;
        }
        for package in packages.iter().filter(|package| package.name == name) {
            if version.is_none_or(|version| version == package.version) {
                found.insert(format!("{name} {}", package.version));
            }
        }
    }
    found
}

fn parse(block: &str) -> Package {
    let mut package = Package {
        ours: true,
        ..Package::default()
    };
    let mut in_dependencies = false;
    for line in block.lines().map(str::trim) {
        if in_dependencies {
            match line {
                "]" => in_dependencies = false,
                entry => package
                    .needs
                    .push(entry.trim_matches(['"', ',']).to_owned()),
            }
        } else if let Some(name) = line.strip_prefix("name = ") {
            package.name = name.trim_matches('"').to_owned();
        } else if let Some(version) = line.strip_prefix("version = ") {
            package.version = version.trim_matches('"').to_owned();
        } else if line.starts_with("source = ") {
            package.ours = false;
        } else if line == "dependencies = [" {
            in_dependencies = true;
        }
    }
    package
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
version = 4

[[package]]
name = "ours"
version = "0.1.0"
dependencies = [
 "other-of-ours",
 "rand 0.9.1",
 "serde",
]

[[package]]
name = "other-of-ours"
version = "0.1.0"

[[package]]
name = "rand"
version = "0.8.5"
source = "registry"

[[package]]
name = "rand"
version = "0.9.1"
source = "registry"
dependencies = [
 "deep",
]

[[package]]
name = "serde"
version = "1.0.2"
source = "registry"

[[package]]
name = "deep"
version = "3.0.0"
source = "registry"
"#;

    #[test]
    fn only_what_we_name_counts() {
        let found: Vec<String> = first_level(LOCK).into_iter().collect();
        assert_eq!(found, ["rand 0.9.1", "serde 1.0.2"]);
    }
}
