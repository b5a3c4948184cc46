import KubeModel
import Testing

@testable import Routing

struct RoutingTableTests {
    static let table = RoutingTable(
        revisions: [RoutedRevision(key: ObjectKey(namespace: "a", name: "m-1"))],
        services: [
            ObjectKey(namespace: "a", name: "m"): [(0, 100)], ObjectKey(namespace: "a", name: "twin"): [(0, 100)],
            ObjectKey(namespace: "b", name: "twin"): [(0, 100)],
        ])

    private static func destination(_ host: String, _ path: String) -> Destination {
        let (host, path) = (Array(host.utf8), Array(path.utf8))
        return table.destination(host: host.span, path: path.span)
    }

    @Test(arguments: [
        ("m-a.localhost", "/v1/x", Destination.route(0, path: 0..<5)),
        ("M-A.LOCALHOST", "/", .route(0, path: 0..<1)),
        // A service's own host has the whole path to itself.
        ("m-a.localhost", "/openai/v1/models", .route(0, path: 0..<17)),
        ("m-a.localhost", "/serving/b/twin/x", .route(0, path: 0..<17)),
        ("localhost", "/serving/a/m/x/y", .route(0, path: 12..<16)),
        ("localhost", "/serving/a/m/", .route(0, path: 12..<13)),
        ("127.0.0.1", "/serving/a/m", .route(0, path: 12..<12)),
        ("localhost", "/serving/b/twin/x", .route(2, path: 15..<17)),
        ("localhost", "/serving/a/nope/x", .unknownService(9..<15)),
        ("localhost", "/serving/a", .unknownService(9..<10)),
        ("localhost", "/serving//m", .unknownService(9..<11)),
        ("localhost", "/openai/v1/chat/completions", .model(path: 7..<27)),
        ("localhost", "/openai/v1/completions", .model(path: 7..<22)),
        ("any.host", "/openai/v1/embeddings", .model(path: 7..<21)),
        ("localhost", "/openai/v1/models", .modelList),
        ("localhost", "/openai/v1/models/a/m", .modelDescription(id: 18..<21)),
        ("localhost", "/openai/v1/files", .unknownHost),
        ("localhost", "/openai/v2/models", .unknownHost),
        ("localhost", "/v1/chat/completions", .model(path: 0..<20)), ("localhost", "/v1/models", .modelList),
        ("localhost", "/v1/messages", .model(path: 0..<12)),
        ("localhost", "/openai/v1/responses", .model(path: 7..<20)),
        ("localhost", "/v1/files", .unknownHost), ("localhost", "/v1/chat", .unknownHost),
        ("nope-a.localhost", "/", .unknownHost),
        ("", "", .unknownHost),
    ])
    func `A host and a path lead to a destination`(host: String, path: String, expected: Destination) {
        #expect(Self.destination(host, path) == expected)
    }

    @Test(arguments: [
        ("m", RoutingTable.ModelLookup.route(0)), ("a/m", .route(0)), ("b/m", .unknown), ("twin", .ambiguous),
        ("a/twin", .route(1)), ("b/twin", .route(2)), ("", .unknown),
    ])
    func `A model is known by its name, and with its namespace`(name: String, expected: RoutingTable.ModelLookup) {
        #expect(Self.table.model(named: name) == expected)
    }

    private static let names = table.names { _ in true }

    @Test
    func `Nobody is told of what only some may call`() {
        let names = Self.table.names { $0 == 0 }
        #expect(names.unknownModel("x") == "The model `x` does not exist. The models that everyone may call: m.")
        #expect(names.unknownService("a/x").hasSuffix("The services that everyone may call: a/m."))
        #expect(names.unknownHost("h", path: "/p").hasSuffix("The hosts that everyone may call: m-a.localhost."))
        #expect(names.ambiguousModel("twin").hasSuffix("Ask for <namespace>/twin."))
        let none = Self.table.names { _ in false }
        #expect(none.unknownModel("x") == "The model `x` does not exist. The models that exist are not for everyone.")
    }

    @Test
    func `What does not exist is answered with what does`() {
        #expect(Self.table.models.map(\.name) == ["a/twin", "b/twin", "m"])
        #expect(
            Self.names.unknownModel("x") == "The model `x` does not exist. The models that exist: a/twin, b/twin, m.")
        #expect(
            Self.names.ambiguousModel("twin")
                == "The model `twin` exists in several namespaces. Ask for one of: a/twin, b/twin.")
        #expect(
            Self.names.unknownService("a/x")
                == "There is no InferenceService `a/x`. The services that exist: a/m, a/twin, b/twin.")
        let empty = RoutingTable().names { _ in true }
        #expect(empty.unknownModel("x") == "The model `x` does not exist. There are no models yet.")
        #expect(Self.names.unknownHost("h", path: "/p").contains("m-a.localhost, twin-a.localhost, twin-b.localhost"))
    }

    @Test
    func `A long list of names is cut`() {
        let services = (0..<25).map { (ObjectKey(namespace: "n", name: "m\($0 + 10)"), [(revision: 0, weight: 1)]) }
        let table = RoutingTable(revisions: [], services: Dictionary(uniqueKeysWithValues: services))
        #expect(table.names { _ in true }.unknownModel("x").hasSuffix("m28, m29 and 5 more."))
    }
}
