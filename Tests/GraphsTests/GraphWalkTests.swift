import JSONModel
import KubeModel
import NIOCore
import ServingAPI
import Synchronization
import Testing

@testable import Graphs

@Suite("A request's way through a graph") struct GraphWalkTests {
    /// Answers with what the path's last word says, and remembers what it was asked.
    final class Services: GraphCaller {
        struct Failure: Error {}

        let asked = Mutex<[String]>([])
        let answer: @Sendable (GraphCall) throws -> GraphReply

        init(_ answer: @escaping @Sendable (GraphCall) throws -> GraphReply) { self.answer = answer }

        func call(_ call: GraphCall) async throws -> GraphReply {
            asked.withLock { $0.append("\(call.host)\(call.target) \(String(buffer: call.body))") }
            return try answer(call)
        }

        /// Names itself and what it was given.
        static func naming(failing: Set<String> = []) -> Services {
            Services { call in
                let name = String(call.host.prefix { $0 != "." })
                let status = failing.contains(name) ? 503 : 200
                return GraphReply(
                    status: status, json: ["by": .string(name), "got": .string(String(buffer: call.body))])
            }
        }

        var hosts: [String] { asked.withLock { $0.map { String($0.prefix { $0 != "." }) } } }
        var bodies: [String] { asked.withLock { $0.map { String($0.drop { $0 != " " }.dropFirst()) } } }
    }

    private static func graph(_ nodes: JSONValue) -> InferenceGraph {
        InferenceGraph(Object(.inferenceGraphs, namespace: "default", name: "g", ["spec": ["nodes": nodes]]))
    }

    private static func walk(
        _ nodes: JSONValue, _ services: Services, path: String = "/", lot: Int = 0
    ) -> GraphWalk {
        let targets = GraphTargets(
            namespace: "default", requested: path,
            service: { key in
                key.name == "missing"
                    ? nil
                    : Object(
                        .inferenceServices, namespace: "default", name: key.name,
                        ["spec": ["predictor": ["model": ["protocolVersion": key.name == "second" ? "v2" : "v1"]]]])
            }, hosts: HostNames())
        return GraphWalk(
            graph: graph(nodes), caller: services, targets: targets, fields: [], random: { min(lot, $0 - 1) },
            record: { _, _, _, _ in })
    }

    private static func take(_ walk: GraphWalk, _ input: String = "{}") async throws -> (status: Int, body: String) {
        var reply = try await walk.answer(ByteBuffer(string: input))
        return (reply.status, String(buffer: try await reply.collect(upTo: 1 << 20)))
    }

    @Test func `a sequence gives each step the request, or the answer before`() async throws {
        let services = Services.naming()
        let walk = Self.walk(
            [
                "root": [
                    "routerType": "Sequence",
                    "steps": [
                        ["serviceName": "a"], ["serviceName": "b", "data": "$response"],
                        ["serviceName": "second", "data": "$request"],
                    ],
                ]
            ], services)
        let reply = try await Self.take(walk, #"{"x":1}"#)
        #expect(reply.status == 200)
        #expect(reply.body.contains(#""by":"second""#))
        #expect(services.bodies == [#"{"x":1}"#, #"{"by":"a","got":"{\"x\":1}"}"#, #"{"x":1}"#])
        #expect(
            services.asked.withLock { $0.map { String($0.prefix { $0 != " " }) } } == [
                "a.default.svc.cluster.local/v1/models/a:predict", "b.default.svc.cluster.local/v1/models/b:predict",
                "second.default.svc.cluster.local/v2/models/second/infer",
            ])
    }

    @Test func `predictions become instances`() async throws {
        let services = Services { _ in GraphReply(status: 200, json: ["predictions": [1], "other": 2]) }
        _ = try await Self.take(
            Self.walk(
                [
                    "root": [
                        "routerType": "Sequence",
                        "steps": [
                            ["serviceName": "a"],
                            ["serviceName": "b", "data": "$response", "mapPredictionsToInstances": true],
                        ],
                    ]
                ], services))
        #expect(services.bodies.last == #"{"instances":[1],"other":2}"#)
    }

    @Test(
        "a hard step's failure is the node's, a soft one's is not, and an unmet condition ends the sequence",
        arguments: [
            ("Hard", "by", 503, ["a"]), ("Soft", "by", 200, ["a", "b"]), ("Soft", "nothing", 200, ["a"]),
        ])
    func dependencies(dependency: String, condition: String, status: Int, asked: [String]) async throws {
        let services = Services.naming(failing: ["a"])
        let walk = Self.walk(
            [
                "root": [
                    "routerType": "Sequence",
                    "steps": [
                        ["serviceName": "a", "dependency": .string(dependency)],
                        ["serviceName": "b", "condition": .string(condition)],
                    ],
                ]
            ], services)
        let reply = try await Self.take(walk)
        #expect(reply.status == status)
        #expect(services.hosts == asked)
    }

    @Test(
        "a switch takes the first step whose condition the request meets",
        arguments: [
            (#"{"kind":"dog"}"#, 200, ["dogs"]), (#"{"kind":"cat"}"#, 200, ["cats"]), (#"{"kind":"cow"}"#, 404, []),
            ("no json", 404, []),
        ] as [(String, Int, [String])])
    func choice(input: String, status: Int, asked: [String]) async throws {
        let services = Services.naming()
        let walk = Self.walk(
            [
                "root": [
                    "routerType": "Switch",
                    "steps": [
                        ["serviceName": "dogs", "condition": #"[@this].#(kind=="dog")"#],
                        ["nodeName": "other", "condition": #"[@this].#(kind=="cat")"#], ["serviceName": "never"],
                    ],
                ], "other": ["routerType": "Sequence", "steps": [["serviceName": "cats"]]],
            ], services)
        let reply = try await Self.take(walk, input)
        #expect(reply.status == status)
        #expect(services.hosts == asked)
        if status == 404 {
            #expect(
                reply.body
                    == #"{"cause":"None of the routes matched with the switch condition","error":"Failed to process request"}"#
            )
        }
    }

    @Test("a splitter draws by weight", arguments: [(0, "a"), (19, "a"), (20, "b"), (99, "b")])
    func splitter(lot: Int, asked: String) async throws {
        let services = Services.naming()
        let nodes: JSONValue = [
            "root": [
                "routerType": "Splitter",
                "steps": [["serviceName": "a", "weight": 20], ["serviceName": "b", "weight": 80]],
            ]
        ]
        _ = try await Self.take(Self.walk(nodes, services, lot: lot))
        #expect(services.hosts == [asked])
    }

    @Test("an ensemble puts the answers together; a hard step's failure is its answer", arguments: ["Soft", "Hard"])
    func ensemble(dependency: String) async throws {
        let services = Services.naming(failing: ["b"])
        let walk = Self.walk(
            [
                "root": [
                    "routerType": "Ensemble",
                    "steps": [
                        ["name": "one", "serviceName": "a"],
                        ["serviceName": "b", "dependency": .string(dependency)],
                    ],
                ]
            ], services)
        let reply = try await Self.take(walk)
        #expect(reply.status == (dependency == "Hard" ? 503 : 200))
        if dependency == "Soft" {
            #expect(reply.body == #"{"1":{"by":"b","got":"{}"},"one":{"by":"a","got":"{}"}}"#)
        }
    }

    @Test func `a hard failure that comes as a stream is passed on whole`() async throws {
        let services = Services { _ in
            let pieces = AsyncThrowingStream<ByteBuffer, any Error> { continuation in
                continuation.yield(ByteBuffer(string: "{}"))
                continuation.finish()
            }
            return GraphReply(status: 503, fields: [], body: .stream(pieces))
        }
        let nodes: JSONValue = [
            "root": ["routerType": "Ensemble", "steps": [["serviceName": "a", "dependency": "Hard"]]]
        ]
        let reply = try await Self.walk(nodes, services).answer(ByteBuffer())
        guard case .whole(let body) = reply.body else {
            Issue.record("the body was read already, and is a stream still")
            return
        }
        #expect(String(buffer: body) == "{}")
    }

    @Test func `OpenAI's endpoints are asked for as they came`() async throws {
        let services = Services.naming()
        let nodes: JSONValue = ["root": ["routerType": "Sequence", "steps": [["serviceName": "llm"]]]]
        _ = try await Self.take(Self.walk(nodes, services, path: "/openai/v1/chat/completions?x=1"))
        #expect(services.asked.withLock { $0[0] }.contains("/openai/v1/chat/completions?x=1 "))
    }

    @Test func `what cannot be asked is told by its step`() async throws {
        let failing = Services { _ in throw Services.Failure() }
        let nodes: JSONValue = ["root": ["routerType": "Sequence", "steps": [["serviceName": "a", "name": "first"]]]]
        var failure = await #expect(throws: GraphFailure.self) { try await Self.take(Self.walk(nodes, failing)) }
        #expect(failure?.description.hasPrefix("step first of node root: ") == true)
        let missing: JSONValue = ["root": ["routerType": "Sequence", "steps": [["serviceName": "missing"]]]]
        failure = await #expect(throws: GraphFailure.self) { try await Self.take(Self.walk(missing, failing)) }
        #expect(failure?.description == "there is no InferenceService missing in namespace default")
    }

    @Test func `nodes that ask each other twice are walked only so far`() async throws {
        var nodes: JSONValue = ["n9": ["routerType": "Sequence", "steps": [["serviceName": "a"]]]]
        for index in 0..<9 {
            let next: JSONValue = ["nodeName": .string("n\(index + 1)")]
            nodes[index == 0 ? "root" : "n\(index)"] = ["routerType": "Sequence", "steps": [next, next]]
        }
        let services = Services.naming()
        let failure = await #expect(throws: GraphFailure.self) { try await Self.take(Self.walk(nodes, services)) }
        #expect(failure?.status == 508)
        #expect(services.hosts.count < 256)
    }
}
