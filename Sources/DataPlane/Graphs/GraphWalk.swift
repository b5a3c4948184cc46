import JSONModel
import KubeModel
import NIOCore
import ServingAPI
import Synchronization

/// One request's way through a graph, as KServe's router goes (cmd/router): the last answer is the request's, and is passed on
/// as it comes.
///
/// Other than there, conditions of a Sequence's first step are asked of the request, and the number of steps is bounded:
/// nodes that lead to each other twice would be walked twice as often at each.
struct GraphWalk: Sendable {
    let graph: InferenceGraph
    let caller: any GraphCaller
    /// Where a service is asked.
    let targets: GraphTargets
    /// What is passed on of the request's head.
    let fields: [(name: String, value: String)]
    /// A number below its argument.
    let random: @Sendable (Int) -> Int
    let record: @Sendable (_ node: String, _ step: String, _ status: Int, _ took: Duration) -> Void
    private let calls = CallBudget()

    /// Bytes of a request, or of an answer that becomes a request.
    static let sizeLimit = 64 << 20

    func answer(_ input: ByteBuffer) async throws -> GraphReply {
        try await take(InferenceGraph.root, input)
    }

    private func take(_ name: String, _ input: ByteBuffer) async throws -> GraphReply {
        guard let node = graph.node(name), !node.steps.isEmpty else {
            throw GraphFailure("node \(name) of InferenceGraph \(graph.key) has no steps")
        }
        return switch node.router {
        case .sequence: try await sequence(node.steps, name, input)
        case .splitter: try await call(pick(node.steps), name, input)
        case .choice: try await choice(node.steps, name, input)
        case .ensemble: try await ensemble(node.steps, name, input)
        }
    }

    private func sequence(
        _ steps: [InferenceGraph.Step], _ node: String, _ input: ByteBuffer
    ) async throws -> GraphReply {
        var last = input
        var reply = GraphReply(status: 200, fields: [], body: .whole(input))
        for (index, step) in steps.enumerated() {
            if let condition = step.condition, try !holds(condition, last) {
                return GraphReply(status: 200, fields: reply.fields, body: .whole(last))
            }
            let given = step.takesResponse ? last : input
            reply = try await call(step, node, step.mapsPredictions ? Self.mapPredictions(given) : given)
            if step.isHard, !reply.isSuccess { return reply }
            if index < steps.count - 1 { last = try await reply.collect(upTo: Self.sizeLimit) }
        }
        return reply
    }

    private func choice(
        _ steps: [InferenceGraph.Step], _ node: String, _ input: ByteBuffer
    ) async throws -> GraphReply {
        for step in steps {
            if let condition = step.condition, (try? holds(condition, input)) == true {
                return try await call(step, node, input)
            }
        }
        return GraphReply(status: 404, cause: "None of the routes matched with the switch condition")
    }

    /// By lot; the weights sum to 100.
    private func pick(_ steps: [InferenceGraph.Step]) -> InferenceGraph.Step {
        var point = random(max(1, steps.reduce(0) { $0 + max(0, $1.weight) }))
        for step in steps {
            point -= max(0, step.weight)
            if point < 0 { return step }
        }
        return steps[steps.count - 1]
    }

    /// The answers by the names of their steps, or their numbers.
    private func ensemble(
        _ steps: [InferenceGraph.Step], _ node: String, _ input: ByteBuffer
    ) async throws -> GraphReply {
        try await withThrowingTaskGroup(of: (Int, GraphReply, ByteBuffer).self) { group in
            for (index, step) in steps.enumerated() {
                group.addTask {
                    var reply = try await call(step, node, input)
                    // First: it makes the reply a whole one.
                    let body = try await reply.collect(upTo: Self.sizeLimit)
                    return (index, reply, body)
                }
            }
            var merged = JSONObject()
            for try await (index, reply, body) in group {
                let step = steps[index]
                if step.isHard, !reply.isSuccess {
                    group.cancelAll()
                    return reply
                }
                merged[step.name ?? "\(index)"] = try Self.json(body, of: step.title)
            }
            return GraphReply(status: 200, json: .object(merged))
        }
    }

    private func call(
        _ step: InferenceGraph.Step, _ node: String, _ input: ByteBuffer
    ) async throws -> GraphReply {
        try calls.take(of: graph)
        if let next = step.nodeName { return try await take(next, input) }
        let (host, target) = try targets.place(of: step)
        let started = ContinuousClock.now
        do {
            let reply = try await caller.call(
                GraphCall(
                    host: host, target: target, fields: fields, body: input,
                    timeout: graph.stepTimeout.map { .seconds($0) }))
            record(node, step.title, reply.status, .now - started)
            return reply
        } catch {
            record(node, step.title, 0, .now - started)
            if error is CancellationError { throw error }
            throw GraphFailure("step \(step.title) of node \(node): \(error)")
        }
    }

    private func holds(_ condition: String, _ body: ByteBuffer) throws -> Bool {
        let json = try Self.json(body, of: "the condition")
        do throws(GJSONPath.Problem) {
            return try GJSONPath(condition).value(in: json) != nil
        } catch {
            throw GraphFailure("the condition \(condition) \(error.why)")
        }
    }

    private static func json(_ body: ByteBuffer, of what: String) throws -> JSONValue {
        do { return try JSONValue(parsing: Array(body.readableBytesView)) } catch {
            throw GraphFailure("what \(what) is given is no JSON: \(error)")
        }
    }

    /// What is no JSON object with predictions stays as it is.
    private static func mapPredictions(_ body: ByteBuffer) -> ByteBuffer {
        guard var json = try? JSONValue(parsing: Array(body.readableBytesView)),
            let predictions = json["predictions"]
        else { return body }
        json["instances"] = predictions
        json["predictions"] = nil
        return ByteBuffer(bytes: json.serialized())
    }
}

/// How many steps a request may still take.
private final class CallBudget: Sendable {
    private static let most = 256
    private let taken = Atomic(0)

    func take(of graph: InferenceGraph) throws(GraphFailure) {
        guard taken.add(1, ordering: .relaxed).newValue > Self.most else { return }
        throw GraphFailure(
            "the request took \(Self.most) steps of InferenceGraph \(graph.key), the most there may be", status: 508)
    }
}
