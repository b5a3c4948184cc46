import JSONModel
import KubeModel
import Testing

@testable import APIServer

@Suite struct HTTPProtobufTests {
    static func envelope(
        _ kind: String, _ apiVersion: String = "v1", _ content: (inout ProtobufWriter) -> Void
    ) -> [UInt8] {
        var writer = ProtobufWriter()
        writer.add(1) { type in
            type.add(1, apiVersion)
            type.add(2, kind)
        }
        writer.add(2, message: content)
        writer.add(3, "")
        return Array("k8s\0".utf8) + writer.bytes
    }

    static func addEntry(_ field: Int, _ key: String, _ value: String, _ writer: inout ProtobufWriter) {
        writer.add(field) { entry in
            entry.add(1, key)
            entry.add(2, value)
        }
    }

    @Test("A secret is read, and what Go writes for nothing is left out")
    func secret() throws {
        let bytes = Self.envelope("Secret") { secret in
            secret.add(1) { metadata in
                metadata.add(1, "s")
                metadata.append(2, bytes: [])
                metadata.append(7, integer: 0)
                metadata.add(8) { _ in }
                Self.addEntry(11, "app", "web", &metadata)
                Self.addEntry(11, "empty", "", &metadata)
                metadata.add(14, "one")
                metadata.add(14, "two")
            }
            Self.addEntry(2, "password", "abc", &secret)
            secret.add(3, "Opaque")
            secret.add(5, true)
        }
        #expect(
            try KubernetesProtobuf.json(bytes) == [
                "apiVersion": "v1", "kind": "Secret", "type": "Opaque", "immutable": true,
                "data": ["password": "YWJj"],
                "metadata": ["name": "s", "labels": ["app": "web", "empty": ""], "finalizers": ["one", "two"]],
            ])
    }

    @Test("References become objects")
    func references() throws {
        let bytes = Self.envelope("ServiceAccount") { account in
            account.add(1) { metadata in
                metadata.add(13) { owner in
                    owner.add(1, "Pod")
                    owner.add(3, "p")
                    owner.add(6, true)
                }
            }
            account.add(3) { $0.add(1, "pull") }
        }
        let json = try KubernetesProtobuf.json(bytes)
        #expect(json[path: "metadata", "ownerReferences"] == [["kind": "Pod", "name": "p", "controller": true]])
        #expect(json["imagePullSecrets"] == [["name": "pull"]])
    }

    @Test("Zeros and empty messages that a pointer leads to are kept: no replicas, an emptyDir")
    func pointers() throws {
        let bytes = Self.envelope("Deployment", "apps/v1") { deployment in
            deployment.add(2) { spec in
                spec.append(1, integer: 0)
                spec.append(5, integer: 0)
                spec.add(3) { template in
                    template.add(2) { pod in
                        pod.add(1) { volume in
                            volume.add(1, "scratch")
                            volume.add(2) { $0.add(2) { _ in } }
                        }
                    }
                }
            }
        }
        let json = try KubernetesProtobuf.json(bytes)
        #expect(
            json["spec"] == [
                "replicas": 0,
                "template": ["spec": ["volumes": [["name": "scratch", "emptyDir": [:]]]]],
            ])
    }

    @Test("DeleteOptions are read in every group")
    func deleteOptions() throws {
        let bytes = Self.envelope("DeleteOptions", "apps/v1") { options in
            options.append(1, integer: 0)
            options.add(4, "Foreground")
        }
        let json = try KubernetesProtobuf.json(bytes)
        #expect(json["gracePeriodSeconds"] == 0)
        #expect(json["propagationPolicy"] == "Foreground")
    }

    @Test("What cannot be read whole is refused; a field of a newer client without a value is no loss")
    func refusals() {
        func code(_ bytes: [UInt8]) -> Int? {
            do { return try KubernetesProtobuf.json(bytes) == [:] ? nil : 200 } catch {
                return (error as? Status)?.code
            }
        }
        #expect(code([]) == 400)
        #expect(code(Array("k8s\0".utf8)) == 415)
        #expect(code(Self.envelope("Unheard") { _ in }) == 415)
        #expect(code(Self.envelope("Namespace") { $0.add(99, "new") }) == 400)
        #expect(code(Self.envelope("Namespace") { $0.append(99, bytes: []) }) == 200)
        #expect(code(Self.envelope("Namespace") { $0.add(1, 5) }) == 400)
        #expect(code(Self.envelope("Namespace") { $0.add(1) { $0.append(1, bytes: [0xFF]) } }) == 400)
        #expect(code(Self.envelope("Namespace") { _ in }) == 200)
    }

    @Test(
        "Only clients that read nothing else get protobuf",
        arguments: [
            ("application/vnd.kubernetes.protobuf", true),
            ("application/vnd.kubernetes.protobuf;stream=watch", true),
            ("application/vnd.kubernetes.protobuf, */*", false),
            ("application/vnd.kubernetes.protobuf,application/json", false),
            ("application/json", false), ("", false),
        ])
    func accept(_ accept: String, _ isOnlyOne: Bool) {
        #expect(ProtobufAnswer.isOnlyOne(in: accept) == isOnlyOne)
    }

    @Test("An answer, a list and an event of a watch are written in protobuf for them")
    func answers() async throws {
        let namespace: JSONValue = ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "a"]]
        let answer = try ProtobufAnswer.encode(.json(namespace), to: "GET")
        #expect(answer.contentType == KubernetesProtobuf.mediaType)
        guard case .whole(let bytes) = answer.body else { return #expect(Bool(false)) }
        #expect(try KubernetesProtobuf.json(bytes) == namespace)

        let list: JSONValue = ["apiVersion": "v1", "kind": "NamespaceList", "items": [namespace, namespace]]
        #expect(try KubernetesProtobuf.bytes(list)?.count ?? 0 > 2 * 5)
    }

    @Test("A watch is frames of protobuf, each with its length before it")
    func watch() async throws {
        try await HTTPFixture.with { fixture in
            var request = APIRequest(method: "GET", target: "/api/v1/namespaces?watch=1")
            request.accept = KubernetesProtobuf.mediaType
            let response = await API(server: fixture.server, logs: ScriptedLogs()).respond(to: request)
            #expect(response.contentType == "application/vnd.kubernetes.protobuf;stream=watch")
            guard case .watch(var watch) = response.body else { return #expect(Bool(false)) }
            var bytes: [UInt8] = []
            try await watch.sendPast { bytes += $0 }
            var count = 0
            while bytes.count > 4 {
                bytes.removeFirst(4 + bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) })
                count += 1
            }
            #expect(count == ObjectServer.permanentNamespaces.count && bytes.isEmpty)
        }
    }

    @Test("A kind without protobuf is not read in it, and its write is answered in JSON")
    func kindsWithoutProtobuf() throws {
        let service = APIResponse.json(["apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService"])
        #expect(throws: Status.self) { try ProtobufAnswer.encode(service, to: "GET") }
        #expect(try ProtobufAnswer.encode(service, to: "POST").contentType == "application/json")
    }
}
