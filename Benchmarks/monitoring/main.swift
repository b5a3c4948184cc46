import Glibc
import Observability

// What looking on costs with a thousand services, each with traffic: memory of the history, time of a tick and of queries,
// time and size of a scrape. Prints one line for each; `make bench` shows them.

let services = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1_000
let bounds = BucketBounds([
    0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000,
    3_600_000,
])
let revision = ["namespace", "service", "revision"]
let keep = HistoryKeep([
    "martlet_requests_total": revision + ["code"], "martlet_request_duration_milliseconds": revision,
    "martlet_first_token_milliseconds": revision, "martlet_time_between_tokens_milliseconds": revision,
    "martlet_prompt_tokens_total": revision, "martlet_completion_tokens_total": revision,
    "martlet_requests_in_flight": revision, "martlet_requests_waiting": revision, "martlet_ready_replicas": revision,
    "martlet_desired_replicas": revision, "martlet_pod_memory_bytes": revision + ["pod"],
    "martlet_pod_cpu_cores": revision + ["pod"],
])

/// A thousand services after so many ticks of traffic; without traffic they have their gauges only.
func families(_ tick: Int, busy: Bool) -> [MetricFamily] {
    var samples: [String: [MetricFamily.Sample]] = [:]
    for service in 0..<services {
        let name = "model-\(service)"
        let labels = MetricLabels([
            ("namespace", "team-\(service % 20)"), ("service", name), ("revision", "\(name)-predictor-00001"),
        ])
        func add(_ metric: String, _ value: Double) {
            samples[metric, default: []].append(.init(value, labels: labels))
        }
        add("martlet_requests_in_flight", busy ? Double((tick * 7 + service) % 9) : 0)
        add("martlet_requests_waiting", busy ? Double((tick + service) % 3) : 0)
        add("martlet_ready_replicas", busy ? 1 : 0)
        add("martlet_desired_replicas", busy ? 1 : 0)
        guard busy else { continue }
        let count = tick * (5 + service % 11)
        for (code, share) in [("200", 97), ("499", 2), ("503", 1)] {
            samples["martlet_requests_total", default: []].append(
                .init(Double(count * share / 100), labels: labels, extra: ("code", code)))
        }
        add("martlet_prompt_tokens_total", Double(count * 310 + (tick * 13) % 97))
        add("martlet_completion_tokens_total", Double(count * 120 + (tick * 31) % 89))
        add("martlet_pod_memory_bytes", Double(1 << 30) + Double((tick * 4_096 * (service % 7))))
        add("martlet_pod_cpu_cores", Double((tick * 37 + service) % 1_000) / 333)
        for metric in ["request_duration", "first_token", "time_between_tokens"] {
            // Most latencies of a service fall into six buckets.
            let counts = (0..<20).map { 4 + service % 6..<10 + service % 6 ~= $0 ? count / 6 + (tick * $0) % 5 : 0 }
            samples["martlet_\(metric)_milliseconds", default: []] += MetricFamily.histogram(
                bounds, counts: counts, sum: Double(count) * 412.75, labels: labels)
        }
    }
    return samples.sorted { $0.key < $1.key }.map { name, samples in
        let kind: MetricFamily.Kind =
            name.hasSuffix("_total") ? .counter : name.hasSuffix("seconds") ? .histogram : .gauge
        return MetricFamily(name, kind, help: "A metric.", samples: samples)
    }
}

func residentMegabytes() -> Double {
    let bytes = ProcessMetrics.collect().first { $0.name == "process_resident_memory_bytes" }?.samples.first?.value ?? 0
    return bytes / 1_048_576
}

func shown(_ value: Double, _ unit: String, _ what: String) {
    print("\((value * 100).rounded() / 100) \(unit)  \(what)")
}

func milliseconds(_ duration: Duration) -> Double { duration / .milliseconds(1) }

let directory = "/tmp/martlet-monitoring-\(getpid())"
let clock = ContinuousClock()
_ = PrometheusText.bytes(families(1, busy: true), .prometheus)
let before = residentMegabytes()
let history = History(directory: directory)
// Eight hours fill the coarsest segment, an hour the middle one, ten minutes the finest: then memory has most.
let start = 1_700_006_400.0
var (moments, tickTime): ([Double], Duration) = ([], .zero)
for minute in stride(from: 10, to: 420, by: 10) { moments.append(start + Double(minute) * 60) }
for minute in 420..<470 { moments.append(start + Double(minute) * 60) }
for tick in 0..<59 { moments.append(start + 470 * 60 + Double(tick) * 10) }
for (tick, moment) in moments.enumerated() {
    let now = families(tick, busy: true)
    let began = clock.now
    await history.record(now, keep, at: moment)
    tickTime += clock.now - began
}
shown(residentMegabytes() - before, "MB", "memory of the history of \(services) busy services")
shown(Double(await history.seriesCount), "series", "that it has")
shown(milliseconds(tickTime) / Double(moments.count), "ms", "a tick, once in ten seconds")
for (hours, service) in [(1.0, "model-7"), (7, "model-7"), (1, "")] {
    let end = moments.last ?? start
    var query = HistoryQuery(
        "martlet_request_duration_milliseconds", from: end - hours * 3_600, to: end, reading: .quantile(0.95))
    if !service.isEmpty { query.matching = ["service": service] }
    let time = await clock.measure { _ = await history.series(query) }
    shown(
        milliseconds(time), "ms",
        "a quantile over \(Int(hours)) h of \(service.isEmpty ? "all services" : "one service")")
}
for busy in [false, true] {
    let page = families(1_000, busy: busy)
    var bytes: [UInt8] = []
    let time = clock.measure { bytes = PrometheusText.bytes(page, .prometheus) }
    shown(milliseconds(time), "ms", "to write a scrape of \(services) \(busy ? "busy" : "idle") services")
    shown(Double(bytes.count) / 1_048_576, "MB", "its size")
}
