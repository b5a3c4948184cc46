import JSONModel
import KubeClient
import KubeModel
import Logging
import ServingAPI
import Testing

@testable import APIServer

@Suite(.timeLimit(.minutes(1))) struct HTTPFrontTests {
    static func key(_ name: String) -> ObjectKey { ObjectKey(namespace: "default", name: name) }

    @Test("Objects are created, read, replaced, listed and deleted")
    func objects() async throws {
        try await HTTPFixture.with { fixture in
            let client = fixture.client
            var object = try await client.create(.configMaps, .configMap("one"), WriteOptions(fieldManager: "me"))
            #expect(!object.uid.isEmpty)
            #expect(object.json[path: "metadata", "managedFields"]?[0]?["manager"] == "me")
            object["data", "a"] = "2"
            let replaced = try await client.replace(.configMaps, object)
            #expect(try await client.get(.configMaps, Self.key("one")) == replaced)
            _ = try await client.create(.configMaps, .configMap("two"))
            let page = try await client.list(.configMaps, namespace: "default", ListOptions(limit: 1))
            #expect(page.items == [replaced])
            #expect(page.remainingItemCount == 1)
            let rest = try await client.list(
                .configMaps, namespace: nil, ListOptions(limit: 1, continueToken: page.continueToken))
            #expect(rest.items.map(\.name) == ["two"])
            let gone = try await client.delete(.configMaps, Self.key("one"))
            #expect(gone.uid == object.uid)
            let status = await #expect(throws: Status.self) { try await client.get(.configMaps, Self.key("one")) }
            #expect(status?.isNotFound == true)
            #expect(status?.message == Status.notFound(.configMaps, "one").message)
        }
    }

    @Test("The one who writes is the User-Agent where no manager is named")
    func defaultManager() async throws {
        try await HTTPFixture.with { fixture in
            let object = try await fixture.client.create(.configMaps, .configMap("one"))
            #expect(object.json[path: "metadata", "managedFields"]?[0]?["manager"] == "martlet")
        }
    }

    @Test("Each kind of patch has its own content type")
    func patches() async throws {
        try await HTTPFixture.with { fixture in
            let client = fixture.client
            _ = try await client.create(.configMaps, .configMap("one"))
            func data(_ patch: Patch) async throws -> JSONValue? {
                try await client.patch(
                    .configMaps, Self.key("one"), patch, subresource: nil, WriteOptions(fieldManager: "me")
                )["data"]
            }
            #expect(try await data(.merge(["data": ["b": "2"]])) == ["a": "1", "b": "2"])
            #expect(try await data(.json([["op": "remove", "path": "/data/a"]])) == ["b": "2"])
            var applied = Object.configMap("one", ["c": "3"])
            #expect(try await data(.apply(applied.json, force: false)) == ["b": "2", "c": "3"])
            applied["data"] = [:]
            #expect(try await data(.apply(applied.json, force: false)) == ["b": "2"])
        }
    }

    @Test("Applying creates what is not there")
    func applyCreates() async throws {
        try await HTTPFixture.with { fixture in
            let object = try await fixture.client.apply(.configMaps, .configMap("new"), by: "me")
            #expect(try await fixture.client.get(.configMaps, Self.key("new")) == object)
        }
    }

    @Test("A watch tells of changes as they happen, and ends when the server stops")
    func watch() async throws {
        try await HTTPFixture.with { fixture in
            let client = fixture.client
            let first = try await client.create(.pods, .pod("a", labels: ["app": "x"]))
            let options = WatchOptions(labelSelector: LabelSelector(matching: ["app": "x"]))
            var events = try await client.watch(.pods, namespace: "default", options).makeAsyncIterator()
            #expect(try await events.next() == .added(first))
            _ = try await client.create(.pods, .pod("other"))
            let second = try await client.patch(
                .pods, Self.key("a"), .merge(["metadata": ["annotations": ["k": "v"]]]))
            #expect(try await events.next() == .modified(second))
            await fixture.stop()
            #expect(try await events.next() == nil)
        }
    }

    @Test("A watch from a version that is gone says so")
    func expired() async throws {
        try await HTTPFixture.with { fixture in
            await #expect(throws: Status.self) {
                let options = WatchOptions(resourceVersion: "nonsense")
                for try await _ in try await fixture.client.watch(.pods, namespace: nil, options) {}
            }
        }
    }

    @Test("A watch ends after its time")
    func timeout() async throws {
        try await HTTPFixture.with { fixture in
            let options = WatchOptions(timeout: .seconds(1))
            var count = 0
            for try await _ in try await fixture.client.watch(.configMaps, namespace: "default", options) { count += 1 }
            #expect(count == 0)
        }
    }

    @Test("Status and scale are written apart")
    func subresources() async throws {
        try await HTTPFixture.with { fixture in
            let client = fixture.client
            let deployment = Object(
                .deployments, namespace: "default", name: "web",
                [
                    "spec": [
                        "selector": ["matchLabels": ["app": "web"]],
                        "template": [
                            "metadata": ["labels": ["app": "web"]],
                            "spec": ["containers": [["name": "main", "image": "x"]]],
                        ],
                    ]
                ])
            _ = try await client.create(.deployments, deployment)
            let key = Self.key("web")
            let scale = try await client.patch(
                .deployments, key, .merge(["spec": ["replicas": 3]]), subresource: "scale")
            #expect(scale.kind == "Scale")
            let status = try await client.patch(
                .deployments, key, .merge(["status": ["replicas": 2], "spec": ["replicas": 9]]), subresource: "status")
            #expect(status["spec", "replicas"] == 3)
            #expect(status["status", "replicas"] == 2)
            let read = try await client.send(
                KubeRequest(
                    .get, path: Resource.deployments.path(namespace: "default", name: "web", subresource: "scale")))
            #expect(read[path: "spec", "replicas"] == 3)
            #expect(read[path: "status", "replicas"] == 2)
        }
    }

    @Test("A log is streamed; a pod with one container needs no name for it")
    func logs() async throws {
        try await HTTPFixture.with { fixture in
            _ = try await fixture.client.create(.pods, .pod("a"))
            var text: [UInt8] = []
            for try await part in try await fixture.client.logs(Self.key("a"), PodLogOptions(tailLines: 4)) {
                text += part
            }
            #expect(String(decoding: text, as: UTF8.self) == "a main 4\n")
            let followed = try await fixture.client.logs(Self.key("a"), PodLogOptions(follows: true))
            var parts = followed.makeAsyncIterator()
            #expect(try await parts.next() == Array("a main -1\n".utf8))
            await fixture.stop()
            #expect(try await parts.next() == nil)
        }
    }

    @Test("Logs of what is not there are refused", arguments: [("a", "side"), ("b", nil)])
    func noLogs(_ pod: String, _ container: String?) async throws {
        try await HTTPFixture.with { fixture in
            _ = try await fixture.client.create(.pods, .pod("a"))
            await #expect(throws: Status.self) {
                try await fixture.client.logs(Self.key(pod), PodLogOptions(container: container))
            }
        }
    }

    @Test("A collection is deleted by selector")
    func deleteCollection() async throws {
        try await HTTPFixture.with { fixture in
            for name in ["a", "b"] {
                _ = try await fixture.client.create(.pods, .pod(name, labels: ["app": name]))
            }
            var query = Query()
            query.add("labelSelector", "app=a")
            query.add("gracePeriodSeconds", "0")
            let path = Resource.pods.path(namespace: "default")
            let list = try await fixture.client.send(KubeRequest(.delete, path: path, query))
            #expect(list["items"]?.arrayValue?.count == 1)
            #expect(try await fixture.client.list(.pods, namespace: "default").items.map(\.name) == ["b"])
        }
    }

    @Test("Discovery finds every resource")
    func discovery() async throws {
        try await HTTPFixture.with { fixture in
            let resources = try await fixture.client.discover()
            let served = ServingKinds.definitions.map(\.resource) + APIResource.unstored.map(\.resource)
            // Of a kind with several versions the preferred one is found.
            #expect(Set(resources.map(\.resource.description)) == Set(served.map(\.description)))
            #expect(Set(resources.map(\.resource)).isSubset(of: served))
        }
    }

    @Test("A dry run answers, and changes nothing")
    func dryRun() async throws {
        try await HTTPFixture.with { fixture in
            let options = WriteOptions(isDryRun: true)
            let object = try await fixture.client.create(.configMaps, .configMap("one"), options)
            #expect(object.name == "one")
            await #expect(throws: Status.self) { try await fixture.client.get(.configMaps, Self.key("one")) }
        }
    }

    @Test("A body that is too large is refused")
    func tooLarge() async throws {
        try await HTTPFixture.with { fixture in
            let object = Object.configMap("big", ["a": .string(String(repeating: "x", count: 3 << 20))])
            let status = await #expect(throws: Status.self) {
                try await fixture.client.create(.configMaps, object)
            }
            #expect(status?.code == 413)
        }
    }

    @Test("Without a certificate only health and version are told")
    func anonymous() async throws {
        try await HTTPFixture.with { fixture in
            var connection = KubeConnection(server: fixture.url)
            connection.authority = Array(try fixture.pki.authority.credential.certificatePEM.utf8)
            let anonymous = try HTTPSResourceClient(connection)
            let version = try await anonymous.send(KubeRequest(.get, path: "/version"))
            #expect(version["gitVersion"]?.stringValue?.hasPrefix("v1.") == true)
            let status = await #expect(throws: Status.self) { try await anonymous.get(.pods, Self.key("a")) }
            #expect(status?.code == 401)
            try await anonymous.shutdown()
        }
    }

    @Test("A certificate of another authority is refused")
    func stranger() async throws {
        try await HTTPFixture.with { fixture in
            let other = try CertificateAuthority(now: 1_700_000_000).issueClient(
                user: "martlet-admin", groups: ["system:masters"], now: 4_000_000_000)
            var connection = KubeConnection(server: fixture.url)
            connection.authority = Array(try fixture.pki.authority.credential.certificatePEM.utf8)
            connection.clientCertificate = Array(try other.certificatePEM.utf8)
            connection.clientKey = Array(other.keyPEM.utf8)
            let stranger = try HTTPSResourceClient(connection)
            let status = await #expect(throws: Status.self) { try await stranger.get(.pods, Self.key("a")) }
            #expect(status?.code == 503)
            try await stranger.shutdown()
        }
    }

    @Test("A server of another authority is not believed")
    func impostor() async throws {
        try await HTTPFixture.with { fixture in
            var connection = KubeConnection(server: fixture.url)
            connection.authority = Array(try CertificateAuthority(now: 1_700_000_000).credential.certificatePEM.utf8)
            let client = try HTTPSResourceClient(connection)
            let status = await #expect(throws: Status.self) {
                try await client.send(KubeRequest(.get, path: "/version"))
            }
            #expect(status?.code == 503)
            try await client.shutdown()
        }
    }

    @Test("Nobody there is one clear error")
    func nobody() async throws {
        let client = try HTTPSResourceClient(KubeConnection(server: "https://127.0.0.1:1"))
        let status = await #expect(throws: Status.self) { try await client.get(.pods, Self.key("a")) }
        #expect(
            status?.message == "cannot reach the API server at https://127.0.0.1:1: connection refused; is it running?")
        try await client.shutdown()
    }

    @Test("A port that is taken is one clear error")
    func takenPort() async throws {
        try await HTTPFixture.with { fixture in
            let second = try APIFront(
                .init(port: fixture.port), pki: fixture.pki, access: fixture.access, server: fixture.server,
                logs: ScriptedLogs(),
                logger: .init(label: "test"))
            let error = await #expect(throws: ListenError.self) { try await second.run() }
            #expect(error?.description.contains("127.0.0.1:\(fixture.port): another program uses it") == true)
        }
    }
}
