//! Figures of a run.

use std::fmt;

/// What a run measured.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Sockets that were open.
    pub sockets: usize,
    /// Answers 34.
    pub accepted: u64,
    /// Answers 35.
    pub refused: u64,
    /// Rows that reached a recipient.
    pub delivered: u64,
    /// Length of the measurement, seconds.
    pub seconds: f64,
    /// Delivery times in microseconds, sorted.
    pub latencies: Vec<u32>,
    /// CPU of the relay in the measurement, microseconds.
    pub cpu_micros: Option<u64>,
    /// Memory of the relay that the sockets took, bytes.
    pub socket_bytes: Option<u64>,
}

impl Report {
    /// Messages per second that the relay accepted.
    pub fn accepted_per_second(&self) -> f64 {
        self.accepted as f64 / self.seconds.max(0.001)
    }

    /// Delivery time below which this share of rows stayed, milliseconds.
    pub fn quantile_ms(&self, share: f64) -> f64 {
        let last = self.latencies.len().saturating_sub(1);
        let place = (last as f64 * share).round() as usize;
        self.latencies
            .get(place)
            .map_or(0.0, |us| f64::from(*us) / 1_000.0)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let per_second = self.accepted_per_second();
        let delivered = self.delivered as f64 / self.seconds.max(0.001);
        writeln!(f, "sockets              {}", self.sockets)?;
        writeln!(
            f,
            "accepted             {per_second:.0} msg/s ({})",
            self.accepted
        )?;
        writeln!(
            f,
            "delivered            {delivered:.0} rows/s ({})",
            self.delivered
        )?;
        writeln!(f, "refused              {}", self.refused)?;
        for (name, share) in [("p50", 0.5), ("p99", 0.99), ("p999", 0.999)] {
            writeln!(f, "delivery {name:<12}{:.2} ms", self.quantile_ms(share))?;
        }
        if let (Some(cpu), true) = (self.cpu_micros, self.accepted > 0) {
            let each = cpu as f64 / self.accepted as f64;
            writeln!(f, "relay CPU            {each:.1} µs per message")?;
        }
        if let (Some(bytes), true) = (self.socket_bytes, self.sockets > 0) {
            writeln!(
                f,
                "relay memory         {} bytes per socket",
                bytes / self.sockets as u64
            )?;
        }
        Ok(())
    }
}
