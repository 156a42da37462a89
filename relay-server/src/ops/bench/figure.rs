//! One line of the table: figure, target, peer.

/// Whether more is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// At least the target.
    AtLeast,
    /// At most the target.
    AtMost,
}

/// A figure beside its target.
pub struct Figure<'a> {
    /// What was measured.
    pub name: &'a str,
    /// The result.
    pub figure: f64,
    /// Which way is better.
    pub want: Want,
    /// Target of docs/figures.md.
    pub target: f64,
    /// Unit of both.
    pub unit: &'a str,
}

impl Figure<'_> {
    /// The line.
    pub fn line(&self) -> String {
        let (sign, reached) = match self.want {
            Want::AtLeast => ('≥', self.figure >= self.target),
            Want::AtMost => ('≤', self.figure <= self.target),
        };
        let verdict = if reached { "reached" } else { "missed" };
        let (name, figure, target, unit) = (self.name, self.figure, self.target, self.unit);
        format!("{name:<44} {figure:>10.1} {unit:<14} {sign} {target:<9} {verdict}")
    }

    /// The line of the same figure as a share of the peer's.
    pub fn beside(&self, peer: &str, theirs: f64, share: Option<f64>) -> String {
        let ours = self.figure / theirs.max(f64::MIN_POSITIVE);
        let name = format!("  {peer}, same run: {theirs:.0} {}", self.unit);
        match share {
            Some(share) => Figure {
                name: &name,
                figure: ours,
                want: Want::AtLeast,
                target: share,
                unit: "× of it",
            }
            .line(),
            None => format!("{name:<44} {ours:>10.1} × of it"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_whether_the_target_is_reached() {
        let line = |want| Figure {
            name: "a",
            figure: 2.0,
            want,
            target: 1.0,
            unit: "x",
        };
        assert!(line(Want::AtLeast).line().ends_with("reached"));
        assert!(line(Want::AtMost).line().ends_with("missed"));
        let beside = line(Want::AtLeast).beside("peer", 5.0, Some(0.5));
        assert!(beside.contains("0.4 × of it") && beside.ends_with("missed"));
    }
}
