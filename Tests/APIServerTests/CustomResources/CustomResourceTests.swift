import JSONModel
import KubeClient
import KubeModel
import ServingAPI
import Testing

@testable import APIServer

struct CustomResourceTests {
    let test: TestServer
    var server: ObjectServer { test.server }

    init() async throws { test = try await TestServer() }

    private func define(_ change: (inout Object) -> Void = { _ in }) async throws -> Object {
        try await server.create(.customResourceDefinitions, CronTabs.definition(change))
    }

    @Test func aDefinitionIsEstablishedWhenItsCreationIsAcknowledged() async throws {
        let definition = try await define()
        #expect(
            definition.condition("Established")
                == Condition(
                    "Established", "True", reason: "InitialNamesAccepted",
                    message: "the initial names have been accepted"))
        #expect(definition.condition("NamesAccepted")?.reason == "NoConflicts")
        #expect(definition["status", "acceptedNames", "listKind"] == "CronTabList")
        #expect(definition["status", "storedVersions"] == ["v1"])
        #expect(definition.spec[path: "conversion", "strategy"] == "None")
        let created = try await server.create(.cronTabs, CronTabs.object("a"))
        #expect(created.spec["replicas"] == 1)
        #expect(created.generation == 1)
    }

    @Test func objectsArePrunedDefaultedAndChecked() async throws {
        _ = try await define()
        let sent = CronTabs.object("a", ["cronSpec": "x", "unknown": 1, "free": ["kept": ["deep": true]]])
        let created = try await server.create(.cronTabs, sent)
        #expect(created.spec == ["cronSpec": "x", "replicas": 1, "free": ["kept": ["deep": true]]])
        let status = try #require(
            try await refusal {
                try await server.create(.cronTabs, CronTabs.object("b", ["replicas": -1]))
            })
        #expect(status.causes.map(\.field) == ["spec.cronSpec", "spec.replicas"])
        let named = try await refusal { try await server.create(.cronTabs, CronTabs.object("Not_A_Name")) }
        #expect(named?.causes.first?.field == "metadata.name")
    }

    @Test func theMetadataIsThatOfAllResourcesWhateverASchemaSaysOfIt() async throws {
        var narrow = CronTabs.version
        narrow[path: "schema", "openAPIV3Schema", "properties", "metadata"] = [
            "type": "object", "properties": ["name": ["type": "string", "maxLength": 3]],
        ]
        let versions: JSONValue = [narrow]
        _ = try await define { $0.spec["versions"] = versions }
        let sent = CronTabs.object("a").with { $0.labels = ["kept": "yes"] }
        let created = try await server.create(.cronTabs, sent, WriteOptions(fieldValidation: "Strict"))
        #expect(created.labels == ["kept": "yes"])
        let long = try await refusal { try await server.create(.cronTabs, CronTabs.object("abcd")) }
        #expect(long?.causes.map(\.field) == ["metadata.name"])
    }

    @Test func statusAndScaleAreSubresources() async throws {
        _ = try await define()
        _ = try await server.create(.cronTabs, CronTabs.object("a"))
        let patched = try await server.patch(
            .cronTabs, key("a"), .merge(["status": ["replicas": 2], "spec": ["replicas": 9]]), subresource: "status")
        #expect(patched.status == ["replicas": 2])
        #expect(patched.spec["replicas"] == 1)
        let scale = try await server.get(.cronTabs, key("a"), subresource: "scale")
        #expect(scale["status", "replicas"] == 2)
        #expect(scale.kind == "Scale")
    }

    @Test func onlySelectableFieldsSelect() async throws {
        _ = try await define()
        _ = try await server.create(.cronTabs, CronTabs.object("a", ["cronSpec": "x", "color": "red"]))
        _ = try await server.create(.cronTabs, CronTabs.object("b", ["cronSpec": "x", "color": "blue"]))
        let red = try await server.list(.cronTabs, namespace: nil, ListOptions(fieldSelector: "spec.color=red"))
        #expect(red.items.map(\.name) == ["a"])
        let status = try await refusal {
            try await server.list(.cronTabs, namespace: nil, ListOptions(fieldSelector: "spec.cronSpec=x"))
        }
        #expect(status?.message == "field label not supported: spec.cronSpec")
    }

    @Test func versionsShowTheSameObjects() async throws {
        var old = CronTabs.version
        old["name"] = "v1beta1"
        old["storage"] = false
        let both = [CronTabs.version, old]
        _ = try await define { $0.spec["versions"] = .array(both) }
        let beta = Resource(group: "stable.example.com", version: "v1beta1", kind: "CronTab", plural: "crontabs")
        let watch = try await server.watch(beta, namespace: nil, WatchOptions())
        _ = try await server.create(.cronTabs, CronTabs.object("a"))
        #expect(try await server.get(beta, key("a")).apiVersion == "stable.example.com/v1beta1")
        #expect(try await server.list(beta).items.map(\.apiVersion) == ["stable.example.com/v1beta1"])
        for try await event in watch {
            guard case .added(let object) = event else { continue }
            #expect(object.apiVersion == "stable.example.com/v1beta1")
            break
        }
        let changed = try await server.patch(beta, key("a"), .merge(["spec": ["replicas": 4]]))
        #expect(changed.generation == 2)
        #expect(try await server.get(.cronTabs, key("a")).spec["replicas"] == 4)
    }

    @Test func deletingADefinitionDeletesItsObjectsAndEndsTheirWatches() async throws {
        _ = try await define()
        _ = try await server.create(.cronTabs, CronTabs.object("a"))
        let watch = try await server.watch(.cronTabs, namespace: nil, WatchOptions())
        let outcome = try await server.remove(.customResourceDefinitions, key(CronTabs.name, namespace: nil))
        #expect(outcome.isGone)
        var last: WatchEvent?
        for try await event in watch { last = event }
        guard case .deleted(let object) = last else {
            Issue.record("the last event is \(String(describing: last))")
            return
        }
        #expect(object.name == "a")
        #expect(try await refusal { try await server.list(.cronTabs) } == .noSuchResource)
    }

    @Test func aDefinitionWaitsForObjectsThatFinalizersKeep() async throws {
        _ = try await define()
        _ = try await server.create(.cronTabs, CronTabs.object("a").with { $0.finalizers = ["example.com/wait"] })
        let definition = key(CronTabs.name, namespace: nil)
        let outcome = try await server.remove(.customResourceDefinitions, definition)
        #expect(!outcome.isGone)
        #expect(outcome.object.finalizers == ["customresourcecleanup.apiextensions.k8s.io"])
        #expect(outcome.object.condition("Terminating")?.reason == "InstanceDeletionInProgress")
        let late = try await refusal { try await server.create(.cronTabs, CronTabs.object("b")) }
        #expect(late?.code == 405)
        _ = try await server.patch(.cronTabs, key("a"), .merge(["metadata": ["finalizers": []]]))
        #expect(try await !test.exists(.customResourceDefinitions, definition))
    }

    @Test func namesThatAreTakenAreNotAcceptedUntilTheyAreFree() async throws {
        _ = try await define()
        let second = try await server.create(
            .customResourceDefinitions,
            CronTabs.definition {
                $0.name = "others.stable.example.com"
                $0.spec["names"] = ["plural": "others", "kind": "CronTab", "shortNames": ["ct"]]
            })
        #expect(second.condition("NamesAccepted")?.isFalse == true)
        #expect(second.condition("Established")?.reason == "NotAccepted")
        _ = try await server.delete(.customResourceDefinitions, key(CronTabs.name, namespace: nil))
        let freed = try await server.get(.customResourceDefinitions, key("others.stable.example.com", namespace: nil))
        #expect(freed.condition("Established")?.isTrue == true)
        #expect(freed["status", "acceptedNames", "kind"] == "CronTab")
    }

    @Test func aChangedSchemaHoldsFromThenOn() async throws {
        _ = try await define()
        _ = try await server.create(.cronTabs, CronTabs.object("a"))
        var definition = try await server.get(.customResourceDefinitions, key(CronTabs.name, namespace: nil))
        var version = CronTabs.version
        version[path: "schema", "openAPIV3Schema", "properties", "spec", "required"] = ["cronSpec", "color"]
        definition.spec["versions"] = [version]
        _ = try await server.replace(.customResourceDefinitions, definition)
        let status = try await refusal { try await server.create(.cronTabs, CronTabs.object("b")) }
        #expect(status?.causes.map(\.field) == ["spec.color"])
    }

    @Test func aStoredVersionStays() async throws {
        _ = try await define()
        var version = CronTabs.version
        version["name"] = "v2"
        let status = try await refusal {
            try await server.patch(
                .customResourceDefinitions, key(CronTabs.name, namespace: nil),
                .merge(["spec": ["versions": [version]]]))
        }
        #expect(status?.causes.map(\.field) == ["status.storedVersions[0]"])
    }

    @Test func definitionsOfWhatMartletItselfServesChangeNothing() async throws {
        let widgets = CronTabs.definition {
            $0.name = "widgets.test.dev"
            $0.spec["group"] = "test.dev"
            $0.spec["names"] = ["plural": "widgets", "kind": "Widget"]
        }
        let outcome = try await server.write(
            .create(widgets), .customResourceDefinitions, key("widgets.test.dev", namespace: nil))
        #expect(outcome.warnings.count == 1)
        _ = try await server.create(.widgets, widget("a"))
        _ = try await server.delete(.customResourceDefinitions, key("widgets.test.dev", namespace: nil))
        #expect(try await test.exists(.widgets, key("a")))
    }

    @Test func whatIsStoredIsServedAfterARestart() async throws {
        _ = try await define()
        _ = try await server.create(.cronTabs, CronTabs.object("a"))
        let again = try await ObjectServer(store: server.store, definitions: ServingKinds.definitions)
        #expect(try await again.get(.cronTabs, key("a")).name == "a")
    }
}
