package import JSONModel

/// What a service does at the moment, put together from the history: a line of `martlet top`.
package struct ServiceReading: Sendable, Hashable {
    package var namespace: String
    package var service: String
    /// `nil`: nothing is known.
    package var requestsPerSecond: Double?
    /// Those that ended with 500 or more, or that a client left.
    package var failuresPerSecond: Double?
    package var tokensPerSecond: Double?
    /// Milliseconds.
    package var firstTokenMedian: Double?
    package var firstToken95: Double?
    package var inFlight: Double?
    package var waiting: Double?
    package var ready: Double?
    package var desired: Double?
    package var cpuCores: Double?
    package var memoryBytes: Double?

    package init(namespace: String, service: String) {
        self.namespace = namespace
        self.service = service
    }
}

extension HistorySource {
    /// Of every service of which something is known, sorted by namespace and name.
    ///
    /// - Parameters:
    ///   - seconds: since 1970.
    ///   - window: of the rates, in seconds.
    package func services(at seconds: Double, window: Double = 60) async throws -> [ServiceReading] {
        var readings: [[String: String]: ServiceReading] = [:]
        func read(
            _ field: WritableKeyPath<ServiceReading, Double?>, _ metric: String, _ reading: HistoryQuery.Reading,
            where isMeant: ([String: String]) -> Bool = { _ in true }, by more: [String] = []
        ) async throws {
            let query = HistoryQuery(
                metric, from: seconds - window, to: seconds, points: 1, reading: reading,
                by: ["namespace", "service"] + more)
            for series in try await self.series(query) where isMeant(series.labels) {
                guard let namespace = series.labels["namespace"], let service = series.labels["service"],
                    !service.isEmpty, let value = series.points.last?.value
                else { continue }
                let key = ["namespace": namespace, "service": service]
                var line = readings[key] ?? ServiceReading(namespace: namespace, service: service)
                line[keyPath: field] = (line[keyPath: field] ?? 0) + value
                readings[key] = line
            }
        }
        try await read(\.requestsPerSecond, "martlet_requests_total", .rate)
        try await read(
            \.failuresPerSecond, "martlet_requests_total", .rate, where: { ($0["code"] ?? "") >= "499" }, by: ["code"])
        try await read(\.tokensPerSecond, "martlet_completion_tokens_total", .rate)
        try await read(\.firstTokenMedian, "martlet_first_token_milliseconds", .quantile(0.5))
        try await read(\.firstToken95, "martlet_first_token_milliseconds", .quantile(0.95))
        try await read(\.inFlight, "martlet_requests_in_flight", .value)
        try await read(\.waiting, "martlet_requests_waiting", .value)
        try await read(\.ready, "martlet_ready_replicas", .value)
        try await read(\.desired, "martlet_desired_replicas", .value)
        try await read(\.cpuCores, "martlet_pod_cpu_cores", .value)
        try await read(\.memoryBytes, "martlet_pod_memory_bytes", .value)
        return readings.values.sorted { ($0.namespace, $0.service) < ($1.namespace, $1.service) }
    }
}

extension ServiceReading {
    package var json: JSONValue {
        var object: JSONObject = ["namespace": .string(namespace), "service": .string(service)]
        let numbers: [(String, Double?)] = [
            ("requestsPerSecond", requestsPerSecond), ("failuresPerSecond", failuresPerSecond),
            ("tokensPerSecond", tokensPerSecond), ("firstTokenMedianMilliseconds", firstTokenMedian),
            ("firstToken95Milliseconds", firstToken95), ("inFlight", inFlight), ("waiting", waiting),
            ("readyReplicas", ready), ("desiredReplicas", desired), ("cpuCores", cpuCores),
            ("memoryBytes", memoryBytes),
        ]
        for (name, value) in numbers { if let value { object[name] = .number(JSONNumber(value)) } }
        return .object(object)
    }
}
