//! Figures of a run.

use std::fmt;

use super::process::Cpu;

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
    /// CPU of the relay in the measurement.
    pub cpu: Option<Cpu>,
    /// Memory of the relay that the sockets took, bytes.
    pub socket_bytes: Option<u64>,
}

impl Report {
    /// Messages per second that the relay accepted.
    pub fn accepted_per_second(&self) -> f64 {
        self.accepted as f64 / self.seconds.max(0.001)
    }

    /// Rows per second that reached a recipient.
    pub fn delivered_per_second(&self) -> f64 {
        self.delivered as f64 / self.seconds.max(0.001)
    }

    /// CPU of the relay, microseconds for each accepted message.
    pub fn cpu_per_message(&self) -> Option<f64> {
        let cpu = self.cpu.filter(|_| self.accepted > 0)?;
        Some(cpu.all() as f64 / self.accepted as f64)
    }

    /// Where the CPU of a message went: threads, and how much of it in the kernel.
    pub fn cost_line(&self) -> Option<String> {
        let cpu = self.cpu.filter(|cpu| self.accepted > 0 && cpu.all() > 0)?;
        let each = |micros: u64| micros as f64 / self.accepted as f64;
        let kernel = cpu.system as f64 * 100.0 / cpu.all() as f64;
        let busy = cpu.all() as f64 / 10_000.0 / self.seconds.max(0.001);
        Some(format!(
            "  of it: sockets {:.1} µs, writer {:.1} µs; kernel {kernel:.0} %; core busy {busy:.0} %",
            each(cpu.all().saturating_sub(cpu.writer)),
            each(cpu.writer),
        ))
    }

    /// Memory of the relay for each socket.
    pub fn bytes_per_socket(&self) -> Option<f64> {
        let bytes = self.socket_bytes.filter(|_| self.sockets > 0)?;
        Some(bytes as f64 / self.sockets as f64)
    }

    /// Delivery times in one line.
    pub fn latency_line(&self) -> String {
        let [p50, p99, p999] = [0.5, 0.99, 0.999].map(|share| self.quantile_ms(share));
        format!(
            "  delivery p50 / p99 / p999                     {p50:.2} / {p99:.2} / {p999:.2} ms"
        )
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
        let (accepted, delivered) = (self.accepted_per_second(), self.delivered_per_second());
        writeln!(f, "sockets              {}", self.sockets)?;
        writeln!(
            f,
            "accepted             {accepted:.0} msg/s ({})",
            self.accepted
        )?;
        writeln!(
            f,
            "delivered            {delivered:.0} rows/s ({})",
            self.delivered
        )?;
        writeln!(f, "refused              {}", self.refused)?;
        writeln!(f, "{}", self.latency_line())?;
        if let Some(each) = self.cpu_per_message() {
            writeln!(f, "relay CPU            {each:.1} µs per message")?;
        }
        if let Some(line) = self.cost_line() {
            writeln!(f, "{line}")?;
        }
        if let Some(bytes) = self.bytes_per_socket() {
            writeln!(f, "relay memory         {bytes:.0} bytes per socket")?;
        }
        Ok(())
    }
}
