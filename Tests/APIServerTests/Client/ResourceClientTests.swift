import JSONModel
import KubeClient
import KubeModel
import ServingAPI
import Testing

@testable import APIServer

/// One contract, whatever lies between the client and the server.
@Suite struct ResourceClientTests {
    static func map(
        _ name: String, in namespace: String, labels: [String: String] = [:], _ data: JSONValue = ["a": "1"]
    ) -> Object {
        var map = Object(.configMaps, namespace: namespace, name: name, ["data": data])
        map.labels = labels
        return map
    }

    private static func reason(_ body: () async throws -> Void) async -> String? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? Status)?.reason
        }
    }

    @Test("Objects are made, read, replaced and deleted; who comes late gets a conflict", arguments: Ground.all)
    func objects(_ ground: Ground) async throws {
        try await ground.with { client, namespace in
            let made = try await client.create(.configMaps, Self.map("a", in: namespace))
            #expect(!made.uid.isEmpty && !made.resourceVersion.isEmpty)
            #expect(try await client.get(.configMaps, made.key) == made)
            #expect(
                await Self.reason { _ = try await client.create(.configMaps, Self.map("a", in: namespace)) }
                    == "AlreadyExists")
            var changed = made
            changed.json["data"] = ["a": "2"]
            let replaced = try await client.replace(.configMaps, changed)
            #expect(replaced["data", "a"] == "2" && replaced.resourceVersion != made.resourceVersion)
            #expect(await Self.reason { _ = try await client.replace(.configMaps, changed) } == "Conflict")
            try await client.delete(.configMaps, made.key)
            #expect(await Self.reason { _ = try await client.get(.configMaps, made.key) } == "NotFound")
            #expect(await Self.reason { try await client.delete(.configMaps, made.key) } == "NotFound")
        }
    }

    @Test("A name may be asked for by its beginning", arguments: Ground.all)
    func generatedNames(_ ground: Ground) async throws {
        try await ground.with { client, namespace in
            var map = Self.map("", in: namespace)
            map.json["metadata"] = ["namespace": .string(namespace), "generateName": "some-"]
            let names = [
                try await client.create(.configMaps, map).name, try await client.create(.configMaps, map).name,
            ]
            #expect(Set(names).count == 2 && names.allSatisfy { $0.hasPrefix("some-") && $0.count > 5 })
        }
    }

    @Test("The four kinds of patches do what they say", arguments: Ground.all)
    func patches(_ ground: Ground) async throws {
        try await ground.with { client, namespace in
            let key = try await client.create(.configMaps, Self.map("a", in: namespace)).key
            _ = try await client.patch(.configMaps, key, .merge(["data": ["a": .null, "b": "2"]]))
            _ = try await client.patch(.configMaps, key, .json([["op": "add", "path": "/data/c", "value": "3"]]))
            _ = try await client.patch(.configMaps, key, .strategicMerge(["data": ["d": "4"]]))
            let applied = try await client.apply(
                .configMaps, Self.map("a", in: namespace, ["e": "5"]), by: "tester")
            #expect(applied.json["data"] == ["b": "2", "c": "3", "d": "4", "e": "5"])
            let empty = Self.map("a", in: namespace, [:])
            #expect(try await client.apply(.configMaps, empty, by: "tester").json["data"]?["e"] == nil)
            let taken = await Self.reason {
                try await client.apply(
                    .configMaps, Self.map("a", in: namespace, ["b": "mine"]), by: "tester", force: false)
            }
            #expect(taken == "Conflict")
        }
    }

    @Test("A dry run answers and changes nothing", arguments: Ground.all)
    func dryRun(_ ground: Ground) async throws {
        try await ground.with { client, namespace in
            let map = Self.map("a", in: namespace)
            let answer = try await client.create(.configMaps, map, WriteOptions(isDryRun: true))
            #expect(answer.name == "a")
            #expect(await Self.reason { _ = try await client.get(.configMaps, map.key) } == "NotFound")
        }
    }

    @Test("Preconditions keep the wrong object from being deleted", arguments: Ground.all)
    func preconditions(_ ground: Ground) async throws {
        try await ground.with { client, namespace in
            let made = try await client.create(.configMaps, Self.map("a", in: namespace))
            let wrong = DeleteOptions(preconditionUID: "another")
            #expect(await Self.reason { try await client.delete(.configMaps, made.key, wrong) } == "Conflict")
            try await client.delete(.configMaps, made.key, DeleteOptions(preconditionUID: made.uid))
        }
    }

    @Test("Lists are selected from, and come in pages", arguments: Ground.all)
    func lists(_ ground: Ground) async throws {
        try await ground.with { client, namespace in
            for index in 0..<5 {
                let labels = ["parity": index % 2 == 0 ? "even" : "odd"]
                _ = try await client.create(.configMaps, Self.map("m\(index)", in: namespace, labels: labels))
            }
            let odd = ListOptions(labelSelector: try LabelSelector(parsing: "parity in (odd)"))
            #expect(try await client.list(.configMaps, namespace: namespace, odd).items.map(\.name) == ["m1", "m3"])
            let one = ListOptions(fieldSelector: "metadata.name=m2")
            #expect(try await client.list(.configMaps, namespace: namespace, one).items.map(\.name) == ["m2"])
            let all = ListOptions(labelSelector: try LabelSelector(parsing: "parity"), limit: 2)
            let first = try await client.list(.configMaps, namespace: namespace, all)
            #expect(first.items.map(\.name) == ["m0", "m1"] && !first.continueToken.isEmpty)
            var next = all
            next.continueToken = first.continueToken
            let second = try await client.list(.configMaps, namespace: namespace, next)
            #expect(second.items.map(\.name) == ["m2", "m3"])
            #expect(second.resourceVersion == first.resourceVersion)
            #expect(second.items.allSatisfy { $0.kind == "ConfigMap" && $0.apiVersion == "v1" })
        }
    }

    @Test("A watch tells what happened since, and only of what was selected", arguments: Ground.all)
    func watches(_ ground: Ground) async throws {
        try await ground.with { client, namespace in
            let selector = try LabelSelector(parsing: "seen=yes")
            let list = try await client.list(.configMaps, namespace: namespace)
            let options = WatchOptions(resourceVersion: list.resourceVersion, labelSelector: selector)
            let key = try await client.create(.configMaps, Self.map("a", in: namespace, labels: ["seen": "yes"])).key
            _ = try await client.create(.configMaps, Self.map("b", in: namespace))
            var events = try await client.watch(.configMaps, namespace: namespace, options).makeAsyncIterator()
            #expect(try await events.next()?.summary == "added a")
            _ = try await client.patch(.configMaps, key, .merge(["data": ["a": "2"]]))
            #expect(try await events.next()?.summary == "modified a")
            // What no longer matches is gone for this watch.
            _ = try await client.patch(.configMaps, key, .merge(["metadata": ["labels": ["seen": .null]]]))
            #expect(try await events.next()?.summary == "deleted a")
        }
    }
}

extension WatchEvent {
    fileprivate var summary: String {
        switch self {
        case .added(let object): "added \(object.name)"
        case .modified(let object): "modified \(object.name)"
        case .deleted(let object): "deleted \(object.name)"
        case .bookmark: "bookmark"
        }
    }
}
