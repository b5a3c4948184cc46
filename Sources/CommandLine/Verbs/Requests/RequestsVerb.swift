import ArgumentParser
import JSONModel
import KubeClient
import KubeModel

/// The requests that models were sent.
struct RequestsVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "requests",
        abstract: "Requests: under way and ended, one by one; cancel them, or send them again.",
        discussion: """
            Of each request is kept who called what, when, how many tokens and how it ended, but not what was said. To keep \
            that too, for replays:
              kubectl annotate isvc smollm2 martlet.dev/record-bodies=true
            """,
        subcommands: [
            RequestsList.self, RequestsShow.self, RequestsRunning.self, RequestsCancel.self, RequestsReplay.self,
        ])
}

extension Connection {
    /// The answer of what no object tells.
    func monitoring(_ path: String, _ method: KubeRequest.Method = .get, _ query: Query = Query()) async throws
        -> JSONValue
    { try await client.send(KubeRequest(method, path: "/monitoring/" + path, query)) }

    /// - Throws: `CommandFailure` where there is no such record.
    func record(_ id: String) async throws -> JSONValue {
        do { return try await monitoring("requests/\(id.percentEncoded)") } catch let status as Status
            where status.code == 404
        {
            throw CommandFailure("There is no record of a request \(id). See: martlet requests list")
        }
    }
}

/// A time between now and then, or one of a day, short.
enum Moments {
    /// `12:04:05.120`, in UTC.
    static func clock(_ milliseconds: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let seconds = milliseconds / 1_000 % 86_400
        let rest = String(milliseconds % 1_000 + 1_000).dropFirst()
        return "\(two(seconds / 3_600)):\(two(seconds / 60 % 60)):\(two(seconds % 60)).\(rest)"
    }

    /// `12 ms`, `1.2 s`, `3 min`.
    static func duration(_ milliseconds: Double) -> String {
        switch milliseconds {
        case ..<1: "\((milliseconds * 100).rounded() / 100) ms"
        case ..<1_000: "\(Int(milliseconds.rounded())) ms"
        case ..<100_000: "\((milliseconds / 100).rounded() / 10) s"
        default: "\(Int((milliseconds / 60_000).rounded())) min"
        }
    }
}
