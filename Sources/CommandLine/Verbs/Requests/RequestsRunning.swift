import ArgumentParser
import Glibc
import JSONModel
import KubeClient
import KubeModel

struct RequestsRunning: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "running", abstract: "Requests under way, the oldest first.")

    @Option(name: .shortAndLong, help: "json or yaml.")
    var output: OutputFormat?

    @OptionGroup var instance: InstanceOptions

    func run() async throws {
        try await Connection.with(instance) { connection in
            let answer = try await connection.monitoring("in-flight")
            if let output, let text = try output.render(answer) {
                print(text)
            } else {
                print(Self.table(answer["items"]?.arrayValue ?? [], now: Int(time(nil)) * 1_000))
            }
        }
    }

    static func table(_ requests: [JSONValue], now: Int) -> String {
        guard !requests.isEmpty else { return "No requests are under way." }
        let rows = requests.map { request in
            func text(_ name: String) -> String { request[name]?.stringValue.flatMap { $0.isEmpty ? nil : $0 } ?? "-" }
            let age = Double(max(0, now - (request["since"]?.intValue ?? now)))
            return [
                text("id"), text("service"), text("caller"), "\(text("method")) \(text("path"))", text("state"),
                Moments.duration(age), "\(request["tokens"]?.intValue ?? 0)",
            ]
        }
        return Table(header: ["ID", "SERVICE", "CALLER", "REQUEST", "STATE", "SINCE", "TOKENS"], rows: rows).render()
    }
}

struct RequestsCancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "End a request that is under way: its caller gets an error, or a cut stream.")

    @Argument(help: "Its id, from `martlet requests running`.")
    var id: String

    @OptionGroup var instance: InstanceOptions

    func run() async throws {
        try await Connection.with(instance) { connection in
            do { _ = try await connection.monitoring("in-flight/\(id.percentEncoded)", .delete) } catch let status
                as Status where status.code == 404
            {
                throw CommandFailure("No request \(id) is under way. See: martlet requests running")
            }
            print("cancelled \(id)")
        }
    }
}
