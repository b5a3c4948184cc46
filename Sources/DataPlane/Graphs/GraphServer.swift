import HTTPTypes
import Hummingbird
package import KubeModel
package import Logging
import NIOCore
package import ServingAPI

/// Walks InferenceGraphs: a small server on this machine that the gateway sends their requests to. Each step is a request
/// to the gateway in turn, with the caller's own credentials; so a graph opens nothing that its caller may not call.
package struct GraphServer: Sendable {
    /// Tells which graph is meant. The gateway takes it from clients and sets it itself.
    package static let field = "K-Inference-Graph"

    private let graph: @Sendable (ObjectKey) -> Object?
    private let service: @Sendable (ObjectKey) -> Object?
    private let hosts: HostNames
    private let caller: any GraphCaller
    private let metrics: GraphMetrics
    private let logger: Logger

    /// - Parameters:
    ///   - graph: an InferenceGraph by its key.
    ///   - service: an InferenceService by its key.
    package init(
        hosts: HostNames, caller: any GraphCaller, metrics: GraphMetrics, logger: Logger,
        graph: @escaping @Sendable (ObjectKey) -> Object?, service: @escaping @Sendable (ObjectKey) -> Object?
    ) {
        self.graph = graph
        self.service = service
        self.hosts = hosts
        self.caller = caller
        self.metrics = metrics
        self.logger = logger
    }

    /// Serves on a free port of 127.0.0.1 until the task is cancelled.
    ///
    /// - Parameter onStart: called once with the port.
    package func run(onStart: @escaping @Sendable (Int) -> Void) async throws {
        var logger = logger
        // It tells as an error what is no more than the end of a connection.
        logger.logLevel = .critical
        let application = Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in await respond(to: request) },
            configuration: .init(address: .hostname("127.0.0.1", port: 0), serverName: nil),
            onServerRunning: { channel in onStart(channel.localAddress?.port ?? 0) }, logger: logger)
        try await application.run()
    }

    private func respond(to request: Request) async -> Response {
        do {
            // Who called and went away is not walked for any longer.
            return try await request.body.consumeWithCancellationOnInboundClose { body in
                let input = try await body.collect(upTo: GraphWalk.sizeLimit)
                return Self.response(try await answer(request, input))
            }
        } catch let error as GraphFailure {
            return Self.response(GraphReply(status: error.status, cause: error.description))
        } catch let error as any HTTPResponseError {
            return Self.response(GraphReply(status: error.status.code, cause: "the request cannot be read: \(error)"))
        } catch {
            return Self.response(GraphReply(status: 500, cause: "\(error)"))
        }
    }

    private func answer(_ request: Request, _ input: ByteBuffer) async throws -> GraphReply {
        let fields = request.headers.map { (name: $0.name.rawName, value: $0.value) }
        guard let key = Self.key(fields), let object = graph(key) else {
            throw GraphFailure("there is no such InferenceGraph", status: 404)
        }
        guard request.method == .post else {
            throw GraphFailure("an InferenceGraph takes POST, not \(request.method.rawValue)", status: 405)
        }
        let depth = fields.last { $0.name.lowercased() == GraphFields.depth }.flatMap { Int($0.value) } ?? 0
        guard depth < GraphFields.deepest else {
            throw GraphFailure("InferenceGraphs ask each other in a circle, or too deeply", status: 508)
        }
        let walk = GraphWalk(
            graph: InferenceGraph(object), caller: caller,
            targets: GraphTargets(
                namespace: key.namespace, requested: request.uri.description, service: service, hosts: hosts),
            fields: GraphFields.passed(fields) + [(GraphFields.depth, "\(depth + 1)")],
            random: { Int.random(in: 0..<$0) },
            record: { [metrics] node, step, status, took in
                let key = GraphMetrics.Key(
                    namespace: key.namespace ?? "", graph: key.name, node: node, step: step, status: status)
                metrics.record(key, took)
            })
        return try await walk.answer(input)
    }

    private static func key(_ fields: [(name: String, value: String)]) -> ObjectKey? {
        guard let text = fields.last(where: { $0.name.lowercased() == field.lowercased() })?.value else { return nil }
        let parts = text.split(separator: "/")
        return parts.count == 2 ? ObjectKey(namespace: String(parts[0]), name: String(parts[1])) : nil
    }

    private static func response(_ reply: GraphReply) -> Response {
        var headers = HTTPFields()
        for (name, value) in reply.fields {
            if let name = HTTPField.Name(name) { headers.append(HTTPField(name: name, value: value)) }
        }
        let body: ResponseBody =
            switch reply.body {
            case .whole(let bytes): ResponseBody(byteBuffer: bytes)
            case .stream(let pieces):
                ResponseBody { writer in
                    for try await piece in pieces { try await writer.write(piece) }
                    try await writer.finish(nil)
                }
            }
        return Response(status: .init(code: reply.status), headers: headers, body: body)
    }
}
