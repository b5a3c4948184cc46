import ArgumentParser
import AsyncHTTPClient
import JSONModel
import KubeClient
import KubeModel
import NIOCore
import NIOHTTP1
import Platform
import ServingAPI

struct RequestsReplay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Send a recorded request again, and compare the answers.",
        discussion: """
            Its bodies must have been recorded (annotation martlet.dev/record-bodies). By default it goes to the same \
            service; --to sends it to another one, --tag or --revision to one of the service's revisions.
              martlet requests replay t3k9x2-0-12 --to smollm2-next
              martlet requests replay t3k9x2-0-12 --revision smollm2-predictor-00002
            """)

    @Argument(help: "Its id, from `martlet requests list`.")
    var id: String

    @Option(help: "An InferenceService in the same namespace.")
    var to: String?

    @Option(help: "A tag of the service's traffic.")
    var tag: String?

    @Option(help: "A revision of the service that has a tag.")
    var revision: String?

    @Option(help: "A token or API key; default: one that is made for an hour, where the service asks for one.")
    var token: String?

    @Option(name: .shortAndLong, help: "json or yaml.")
    var output: OutputFormat?

    @OptionGroup var instance: InstanceOptions

    func validate() throws {
        if tag != nil, revision != nil { throw ValidationError("--tag or --revision, not both") }
    }

    func run() async throws {
        try await Connection.with(instance) { connection in
            let record = try await connection.record(id)
            let replay = try Replay(record, to: to)
            let credential = try await credential(replay, connection)
            var tag = self.tag
            if let revision { tag = try await Self.tag(of: revision, replay, connection) }
            let answer = try await replay.send(connection.endpoints.gateway, tag: tag, token: credential)
            let comparison = ReplayComparison(record, answer)
            if let output, let text = try output.render(comparison.json) {
                print(text)
            } else {
                print(comparison.text(.standard))
            }
        }
    }

    private func credential(_ replay: Replay, _ connection: Connection) async throws -> String? {
        if let token { return token }
        return try await TokenDesk.borrow(for: "\(replay.namespace)/\(replay.service)", connection)
    }

    /// The tag that leads to a revision.
    private static func tag(of revision: String, _ replay: Replay, _ connection: Connection) async throws -> String {
        let routes = try await connection.client.list(.routes, namespace: replay.namespace).items
        let entries = routes.flatMap { $0.json[path: "status", "traffic"]?.arrayValue ?? [] }
        let tag = entries.first { $0["revisionName"]?.stringValue == revision && $0["tag"] != nil }?["tag"]?.stringValue
        guard let tag else {
            throw CommandFailure(
                "No tag leads to the revision \(revision). Give it one: with the annotation "
                    + "serving.kserve.io/enable-tag-routing=true the latest one is `latest` and the one before `prev`.")
        }
        return tag
    }
}

/// A recorded request on its way to a service.
struct Replay: Sendable {
    let namespace: String
    let service: String
    let method: String
    /// As the model server sees it.
    let path: String
    let body: String

    struct Answer: Sendable {
        var status: Int
        var body: String
        var milliseconds: Double
    }

    init(_ record: JSONValue, to target: String?) throws {
        guard let body = record["request"]?.stringValue else {
            throw CommandFailure(
                "What was said in this request is not recorded, so it cannot be sent again. For those to come: "
                    + "kubectl annotate isvc <name> \(ServingKeys.recordBodies)=true")
        }
        guard record["isCut"]?.boolValue != true || !body.isEmpty else {
            throw CommandFailure("The request's body was too long to be recorded, or no text.")
        }
        namespace = record["namespace"]?.stringValue ?? "default"
        let original = record["service"]?.stringValue ?? ""
        service = target ?? original
        method = record["method"]?.stringValue ?? "POST"
        path = Self.serverPath(record["path"]?.stringValue ?? "/")
        self.body = Self.renamed(body, from: original, to: service)
    }

    /// Without what only the gateway reads: `/serving/<namespace>/<name>` and `/openai`.
    static func serverPath(_ path: String) -> String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count > 3, parts[1] == "serving" { return "/" + parts.dropFirst(4).joined(separator: "/") }
        return path.hasPrefix("/openai/") ? String(path.dropFirst("/openai".count)) : path
    }

    /// `model` names the service that is asked now.
    static func renamed(_ body: String, from old: String, to new: String) -> String {
        guard var object = (try? JSONValue(parsing: body))?.objectValue, let model = object["model"]?.stringValue,
            old != new, model == old || model.hasSuffix("/" + old)
        else { return body }
        object["model"] = .string(new)
        return JSONValue.object(object).text
    }

    func send(_ gateway: String, tag: String?, token: String?) async throws -> Answer {
        var request = HTTPClientRequest(url: "\(gateway)/serving/\(namespace)/\(service)\(path)")
        request.method = HTTPMethod(rawValue: method)
        request.headers = ["Content-Type": "application/json"]
        if let tag { request.headers.add(name: "Knative-Serving-Tag", value: tag) }
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if !body.isEmpty { request.body = .bytes(ByteBuffer(string: body)) }
        let start = ContinuousClock.now
        do {
            let response = try await HTTPClient.shared.execute(request, timeout: .minutes(30))
            let body = try await response.body.collect(upTo: 16 << 20)
            return Answer(
                status: Int(response.status.code), body: String(buffer: body),
                milliseconds: (ContinuousClock.now - start) / .milliseconds(1))
        } catch {
            throw CommandFailure("the gateway at \(gateway) did not answer: \(error)", code: 3)
        }
    }
}
