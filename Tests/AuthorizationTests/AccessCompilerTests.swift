import JSONModel
import KubeModel
import Testing

@testable import Authorization

@Suite("Who may take which route")
struct AccessCompilerTests {
    private func service(
        _ name: String, _ annotations: [String: String] = [:], mode: String? = nil, transformer: Bool = false
    ) -> Object {
        var object = Object(["apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService"])
        object.json["metadata"] = ["namespace": "default", "name": .string(name)]
        object.annotations = annotations
        object.json["spec"] = transformer ? ["predictor": [:], "transformer": [:]] : ["predictor": [:]]
        if let mode { object.json["status"] = ["deploymentMode": .string(mode)] }
        return object
    }

    private func key(_ name: String) -> ObjectKey { ObjectKey(namespace: "default", name: name) }

    private func table(_ owners: [[String]], _ services: Object...) -> AccessTable {
        var compiler = AccessCompiler()
        return compiler.compile(owners: owners.map { $0.map(key) }) { key in services.first { $0.key == key } }
    }

    @Test(
        "the annotation of either generation protects; only its absence and false do not",
        arguments: [
            ([:], true), (["security.opendatahub.io/enable-auth": "true"], false),
            (["security.opendatahub.io/enable-auth": "True"], false), (["enable-auth": "true"], false),
            (["security.opendatahub.io/enable-auth": "false"], true),
            (["security.opendatahub.io/enable-auth": "false", "enable-auth": "true"], true),
            (["security.opendatahub.io/enable-auth": "yes"], false), (["enable-auth": ""], true),
        ])
    func annotations(annotations: [String: String], isOpen: Bool) {
        let access = table([["m"]], service("m", annotations))[0]
        if case .open = access { #expect(isOpen) } else { #expect(!isOpen) }
    }

    @Test("a route that leads to a service that is not known is closed")
    func unknownOwner() {
        guard case .refused = table([["m"]])[0] else {
            Issue.record("it is not refused")
            return
        }
    }

    @Test("a route without a service is open; a route that the table does not have is closed")
    func outside() {
        let made = table([[]])
        guard case .open = made[0], case .refused = made[1], case .refused = made[-1] else {
            Issue.record("wrong")
            return
        }
    }

    @Test("a route to a protected and an open service is protected, one to two protected ones closed")
    func several() {
        let auth = ["security.opendatahub.io/enable-auth": "true"]
        let made = table([["a", "b"], ["a", "c"]], service("a", auth), service("b"), service("c", auth))
        guard case .guarded(let policy) = made[0], case .refused = made[1] else {
            Issue.record("wrong")
            return
        }
        #expect(policy.service == key("a"))
    }

    @Test("a policy stays the same object until it says something else")
    func identity() throws {
        let auth = ["security.opendatahub.io/enable-auth": "true"]
        var compiler = AccessCompiler()
        func policy(_ object: Object) throws -> RoutePolicy {
            let made = compiler.compile(owners: [[key("m")]]) { _ in object }
            guard case .guarded(let policy) = made[0] else { throw CancellationError() }
            return policy
        }
        let first = try policy(service("m", auth))
        #expect(try policy(service("m", auth)) === first)
        let standard = try policy(service("m", auth, mode: "Standard"))
        #expect(standard !== first && standard.style == .accessProxy)
        #expect(try policy(service("m", auth, transformer: true)).removesCredential == false)
    }
}
