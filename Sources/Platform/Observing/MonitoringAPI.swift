import APIServer
import JSONModel
import KubeModel
import Observability

/// Requests and history by JSON, for the command line:
///
///     GET    /monitoring/in-flight
///     DELETE /monitoring/in-flight/<id>
///     GET    /monitoring/requests?namespace=&service=&revision=&caller=&status=&since=&before=&text=&limit=
///     GET    /monitoring/requests/<id>
///     GET    /monitoring/services    all of `martlet top`: each service, the machine, requests in flight
///     GET    /monitoring/history?metric=&match=name=value&by=&from=&to=&points=&reading=value|rate|0.95
struct MonitoringAPI: MonitoringSource {
    let requests: any RequestSource
    let history: any HistorySource

    func answer(_ question: MonitoringQuestion) async throws -> JSONValue? {
        switch (question.method, question.path.first, question.path.count) {
        case ("GET", "in-flight", 1): return ["items": .array(await requests.inFlight().map(\.json))]
        case ("DELETE", "in-flight", 2): return try await cancel(question.path[1])
        case ("GET", "requests", 1):
            return ["items": .array(await requests.records(try RecordFilter(question)).map(\.json))]
        case ("GET", "requests", 2):
            var filter = RecordFilter()
            filter.id = question.path[1]
            return await requests.records(filter).first?.json
        case ("GET", "history", 1): return try await series(question)
        case ("GET", "services", 1): return try await overview()
        default: return nil
        }
    }

    private func cancel(_ id: String) async throws -> JSONValue? {
        guard await requests.cancel(id) else { return nil }
        return ["id": .string(id), "cancelled": true]
    }

    private func overview() async throws -> JSONValue {
        let now = Double(RecordedRequests.now()) / 1_000
        let names = [
            ("cpuCores", "martlet_node_cpu_cores"), ("cpuCoresUsed", "martlet_node_cpu_cores_used"),
            ("memoryBytes", "martlet_node_memory_bytes"), ("memoryUsedBytes", "martlet_node_memory_used_bytes"),
        ]
        var machine = JSONObject()
        do {
            for (name, metric) in names {
                let query = HistoryQuery(metric, from: now - 60, to: now, points: 1)
                let value = try await history.series(query).first?.points.last?.value
                if let value { machine[name] = .number(JSONNumber(value)) }
            }
            return [
                "services": .array(try await history.services(at: now).map(\.json)), "machine": .object(machine),
                "requests": .array(await requests.inFlight().map(\.json)),
            ]
        } catch let error as HistoryUnavailable {
            throw Status(code: 503, reason: "ServiceUnavailable", message: error.description)
        }
    }

    private func series(_ question: MonitoringQuestion) async throws -> JSONValue {
        do {
            let series = try await history.series(try HistoryQuery(question))
            return ["series": .array(series.map(\.json))]
        } catch let error as HistoryUnavailable {
            throw Status(code: 503, reason: "ServiceUnavailable", message: error.description)
        }
    }
}

extension RecordFilter {
    init(_ question: MonitoringQuestion) throws {
        self.init()
        (namespace, service, revision) = (question["namespace"], question["service"], question["revision"])
        (caller, text) = (question["caller"], question["text"])
        status = try question.number("status").map { Int($0) }
        since = try question.number("since").map { Int64($0) }
        before = try question.number("before").map { Int64($0) }
        limit = try question.number("limit").map { min(10_000, Int($0)) } ?? 100
    }
}

extension HistoryQuery {
    init(_ question: MonitoringQuestion) throws {
        guard let metric = question["metric"] else { throw Status.badRequest("metric: which one is missing") }
        let to = try question.number("to") ?? Double(RecordedRequests.now()) / 1_000
        let from = try question.number("from") ?? to - 3_600
        guard from <= to else { throw Status.badRequest("from: must not be after to") }
        self.init(metric, from: from, to: to, points: Int(try question.number("points") ?? 120))
        for pair in question.all("match") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw Status.badRequest("match: must be name=value, not \"\(pair)\"") }
            matching[String(parts[0])] = String(parts[1])
        }
        by = question.all("by")
        switch question["reading"] ?? "value" {
        case "value": reading = .value
        case "rate": reading = .rate
        case let text:
            guard let share = Double(text), (0...1).contains(share) else {
                throw Status.badRequest("reading: must be value, rate or a number from 0 to 1, not \"\(text)\"")
            }
            reading = .quantile(share)
        }
    }
}

extension MonitoringQuestion {
    fileprivate func number(_ name: String) throws -> Double? {
        guard let text = self[name] else { return nil }
        guard let number = Double(text), number >= 0, number < 1e15 else {
            throw Status.badRequest("\(name): must be a number that is not negative, not \"\(text)\"")
        }
        return number
    }
}

extension HistorySeries {
    var json: JSONValue {
        let values = points.map { point -> JSONValue in
            [.number(JSONNumber(Int(point.time))), point.value.map { .number(JSONNumber($0)) } ?? .null]
        }
        let labels = labels.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value)) }
        return ["labels": .object(JSONObject(labels)), "points": .array(values)]
    }
}
