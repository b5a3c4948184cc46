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
        return compiler.compile(owners.map { RouteSubject(owners: $0.map(key)) }) { key in
            services.first { $0.key == key }
        }
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
            let made = compiler.compile([RouteSubject(owners: [key("m")])]) { _ in object }
            guard case .guarded(let policy) = made[0] else { throw CancellationError() }
            return policy
        }
        let first = try policy(service("m", auth))
        #expect(try policy(service("m", auth)) === first)
        let standard = try policy(service("m", auth, mode: "Standard"))
        #expect(standard !== first)
        if case .service(_, let style) = standard.rule { #expect(style == .accessProxy) }
        #expect(try policy(service("m", auth, transformer: true)).removesCredential == false)
    }

    private func config(
        _ name: String, _ hosts: [String], namespace: String = "default", created: String = "2026-01-01T00:00:00Z",
        spec: JSONValue = ["authentication": ["a": ["anonymous": [:]]]]
    ) -> Object {
        var object = Object(["apiVersion": "authorino.kuadrant.io/v1beta3", "kind": "AuthConfig"])
        object.json["metadata"] = [
            "namespace": .string(namespace), "name": .string(name), "creationTimestamp": .string(created),
        ]
        object.json["spec"] = spec
        object.json["spec"]?["hosts"] = .array(hosts.map { .string($0) })
        return object
    }

    private func chosen(_ routes: [RouteSubject], _ configs: Object...) -> [String] {
        var compiler = AccessCompiler()
        let table = compiler.compile(routes, authConfigs: configs) { key in
            [service("m"), service("n")].first { $0.key == key }
        }
        return routes.indices.map { index in
            switch table[index] {
            case .open: "open"
            case .refused: "refused"
            case .guarded(let policy): policy.service.name
            }
        }
    }

    private func route(_ host: String, owner: String? = "m", namespaces: Set<String> = ["default"]) -> RouteSubject {
        RouteSubject(owners: owner.map { [key($0)] } ?? [], hosts: [host], namespaces: namespaces)
    }

    @Test("the AuthConfig that means a host most exactly protects it, of several the oldest")
    func hosts() {
        let route = route("M-default.localhost")
        #expect(chosen([route], config("a", ["m-default.localhost:8080"])) == ["a"])
        #expect(chosen([route], config("a", ["*.localhost"]), config("b", ["m-default.localhost"])) == ["b"])
        #expect(
            chosen(
                [route], config("a", ["m-default.localhost"], created: "2026-02-01T00:00:00Z"),
                config("b", ["m-default.localhost"])) == ["b"])
        #expect(chosen([route], config("a", ["localhost"]), config("b", ["n-default.localhost"])) == ["open"])
        #expect(chosen([self.route("*.localhost")], config("a", ["m-default.localhost"])) == ["a"])
        #expect(chosen([self.route("*")], config("a", ["m-default.localhost"])) == ["a"])
    }

    @Test("an AuthConfig of another namespace protects nothing, and opens nothing; one of the system's does")
    func namespaces() {
        let route = route("m.localhost")
        #expect(chosen([route], config("a", ["*"], namespace: "other")) == ["open"])
        #expect(chosen([route], config("a", ["*"], namespace: "martlet-system")) == ["a"])
        let several = self.route("m.localhost", namespaces: ["default", "other"])
        #expect(chosen([several], config("a", ["*"])) == ["open"])
        #expect(chosen([self.route("m.localhost", owner: nil, namespaces: [])], config("a", ["*"])) == ["open"])
    }

    @Test("a service that is protected by one host is protected at every door; where two say otherwise, nobody gets in")
    func doors() {
        let routes = [route("m.localhost"), route("m-predictor.localhost"), route("n.localhost", owner: "n")]
        #expect(chosen(routes, config("a", ["m.localhost"])) == ["a", "a", "open"])
        let third = routes + [route("m-third.localhost")]
        #expect(
            chosen(third, config("a", ["m.localhost"]), config("b", ["m-predictor.localhost"]))
                == ["a", "b", "open", "refused"])
    }

    @Test("an AuthConfig that is not valid closes what it protects")
    func invalid() {
        #expect(chosen([route("m.localhost")], config("a", ["*"], spec: ["callbacks": ["a": [:]]])) == ["refused"])
    }
}
