import ArgumentParser
import Glibc
import JSONModel
import KubeClient

struct RequestsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Requests that have ended, the newest first.")

    @Argument(help: "Only those of this InferenceService.")
    var service: String?

    @Option(name: .shortAndLong, help: "Only those of this namespace.")
    var namespace: String?

    @Option(help: "Only those of this revision.")
    var revision: String?

    @Option(help: "Only those of this user, key or address.")
    var caller: String?

    @Option(help: "Only those with this status, or of a class: 5 for 500 to 599.")
    var status: Int?

    @Option(help: "Only those with this somewhere in path, caller or bodies.")
    var text: String?

    @Option(name: .customLong("last"), help: "How many to show.")
    var limit = 20

    @Option(name: .shortAndLong, help: "json or yaml.")
    var output: OutputFormat?

    @OptionGroup var instance: InstanceOptions

    func run() async throws {
        var query = Query()
        for (name, value) in [
            ("service", service), ("namespace", namespace), ("revision", revision), ("caller", caller), ("text", text),
        ] { query.add(name, value) }
        query.add("status", status)
        query.add("limit", limit)
        try await Connection.with(instance) { connection in
            let answer = try await connection.monitoring("requests", .get, query)
            if let output, let text = try output.render(answer) {
                print(text)
            } else {
                print(Self.table(answer["items"]?.arrayValue ?? []))
            }
        }
    }

    static func table(_ records: [JSONValue]) -> String {
        guard !records.isEmpty else { return "No requests were recorded that fit." }
        let rows = records.map { record in
            func text(_ name: String) -> String { record[name]?.stringValue.flatMap { $0.isEmpty ? nil : $0 } ?? "-" }
            func count(_ name: String) -> String { record[name]?.intValue.map(String.init) ?? "-" }
            return [
                text("id"), Moments.clock(record["began"]?.intValue ?? 0), text("service"), text("caller"),
                "\(text("method")) \(text("path"))", count("status"),
                Moments.duration(record["milliseconds"]?.doubleValue ?? 0),
                "\(count("promptTokens"))+\(count("completionTokens"))",
            ]
        }
        return Table(
            header: ["ID", "BEGAN", "SERVICE", "CALLER", "REQUEST", "STATUS", "TOOK", "TOKENS"], rows: rows
        ).render()
    }
}
