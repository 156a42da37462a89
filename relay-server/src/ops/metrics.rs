//! `/metrics` for Prometheus. Numbers only: no ids, no addresses, no paths with parameters filled.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use chatty_protocol::ErrorCode;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use crate::gateway::GatewayMetrics;
use crate::http::error::ApiError;
use crate::state::SharedApp;
use crate::store::Store;

/// Text form that Prometheus asks for.
const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// First bucket of request times, seconds.
const FASTEST_S: f64 = 0.000_25;
/// Buckets of request times, each twice the one before.
const BUCKETS: u16 = 16;

type RequestLabels = [(&'static str, String); 3];

/// What the HTTP side counts, and the registry of everything.
pub struct Metrics {
    requests: Family<RequestLabels, Counter>,
    duration: Histogram,
    registry: Registry,
}

impl Metrics {
    /// A registry with every metric of this relay.
    pub fn new(gateway: &GatewayMetrics, store: &Arc<dyn Store>) -> Self {
        let mut registry = Registry::with_prefix("chatty");
        let requests = Family::default();
        let buckets = exponential_buckets(FASTEST_S, 2.0, BUCKETS);
        let duration = Histogram::new(buckets);
        registry.register(
            "http_requests",
            "Requests, by route",
            Family::clone(&requests),
        );
        registry.register("http_seconds", "Time to answer", duration.clone());
        gateway.register(&mut registry);
        registry.register_collector(Box::new(StoreCollector(Arc::clone(store))));
        Self {
            requests,
            duration,
            registry,
        }
    }

    /// Counts one answered request. `route` is the pattern, never the filled path.
    pub fn answered(&self, method: &str, route: &str, status: u16, seconds: f64) {
        let labels = [
            ("method", method.to_owned()),
            ("route", route.to_owned()),
            ("status", status.to_string()),
        ];
        self.requests.get_or_create(&labels).inc();
        self.duration.observe(seconds);
    }
}

/// Reads the store's counters when it is asked.
struct StoreCollector(Arc<dyn Store>);

impl std::fmt::Debug for StoreCollector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StoreCollector")
    }
}

impl Collector for StoreCollector {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let stats = self.0.stats();
        let counters = [
            ("store_commits", "Commits", stats.commits),
            ("store_rows", "Stream rows appended", stats.rows),
            ("store_hole", "Holes that reads stopped at", stats.holes),
            ("store_commit_errors", "Failed commits", stats.commit_errors),
        ];
        for (name, help, value) in counters {
            let counter = prometheus_client::metrics::counter::ConstCounter::new(value);
            let metric = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
            counter.encode(metric)?;
        }
        let gauges = [
            (
                "store_queued",
                "Tasks that wait for the writer",
                stats.queued,
            ),
            (
                "store_full",
                "1 while the disk is full",
                u64::from(stats.full),
            ),
            (
                "store_read_only",
                "1 when nothing is written",
                u64::from(stats.read_only),
            ),
        ];
        for (name, help, value) in gauges {
            let value = i64::try_from(value).unwrap_or(i64::MAX);
            let gauge = prometheus_client::metrics::gauge::ConstGauge::new(value);
            let metric = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
            gauge.encode(metric)?;
        }
        Ok(())
    }
}

/// `GET /metrics`
pub async fn metrics(State(app): State<SharedApp>) -> Response {
    let mut text = String::new();
    if encode(&mut text, &app.metrics.registry).is_err() {
        return ApiError::new(ErrorCode::Internal).into_response();
    }
    let mut response = text.into_response();
    let kind = HeaderValue::from_static(OPENMETRICS);
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
