import ArgumentParser
import JSONModel

struct RequestsShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "All that is known of one request that has ended.")

    @Argument(help: "Its id, from `martlet requests list`.")
    var id: String

    @Option(name: .shortAndLong, help: "json or yaml.")
    var output: OutputFormat?

    @OptionGroup var instance: InstanceOptions

    func run() async throws {
        try await Connection.with(instance) { connection in
            let record = try await connection.record(id)
            if let output, let text = try output.render(record) { print(text) } else { print(Self.text(record)) }
        }
    }

    static func text(_ record: JSONValue) -> String {
        func text(_ name: String) -> String? { record[name]?.stringValue.flatMap { $0.isEmpty ? nil : $0 } }
        func number(_ name: String) -> String? { record[name]?.intValue.map(String.init) }
        func time(_ name: String) -> String? { record[name]?.doubleValue.map(Moments.duration) }
        let rows: [(String, String?)] = [
            ("Request", "\(text("method") ?? "") \(text("path") ?? "")"), ("Service", text("service")),
            ("Namespace", text("namespace")), ("Revision", text("revision")), ("Pod", text("pod")),
            ("Caller", text("caller")), ("Began", record["began"]?.intValue.map(Moments.clock)),
            ("Status", number("status")), ("Took", time("milliseconds")), ("Waited", time("waitedMilliseconds")),
            ("First token", time("firstTokenMilliseconds")), ("Prompt tokens", number("promptTokens")),
            ("Completion tokens", number("completionTokens")), ("Trace", text("trace")),
        ]
        var lines = rows.compactMap { name, value in
            value.map { name + ":" + String(repeating: " ", count: 20 - name.count) + $0 }
        }
        guard let request = record["request"]?.stringValue else {
            lines.append("What was said is not recorded (annotation martlet.dev/record-bodies).")
            return lines.joined(separator: "\n")
        }
        lines += ["", "Asked:", request, "", "Answered:", record["response"]?.stringValue ?? ""]
        if record["isCut"]?.boolValue == true { lines.append("(Some of it was too long, or no text.)") }
        return lines.joined(separator: "\n")
    }
}
