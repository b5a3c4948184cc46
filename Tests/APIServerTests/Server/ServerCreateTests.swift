import JSONModel
import KubeClient
import KubeModel
import ServingAPI
import Testing

@testable import APIServer

struct ServerCreateTests {
    let test: TestServer
    var server: ObjectServer { test.server }

    init() async throws { test = try await TestServer() }

    @Test func aNewObjectGetsWhatOnlyTheServerGives() async throws {
        let sent = widget("a").with {
            $0.uid = "mine"
            $0.generation = 7
            $0.creationTimestamp = "2001-01-01T00:00:00Z"
            $0.deletionTimestamp = "2001-01-01T00:00:00Z"
            $0.status = ["phase": "Large"]
        }
        let created = try await server.create(.widgets, sent)
        #expect(created.uid.hasPrefix("uid-"))
        #expect(created.generation == 1)
        #expect(created.creationTimestamp == "2026-01-01T00:00:00Z")
        #expect(created.deletionTimestamp == nil)
        #expect(created.json["status"] == nil)
        #expect(Int(created.resourceVersion) ?? 0 > 1)
        #expect(try await server.get(.widgets, key("a")) == created)
    }

    @Test func whatWasLeftOutIsFilledInFirstByTheSchemaThenByTheDefinition() async throws {
        var sent = Object(.widgets, namespace: "default", name: "a")
        sent.spec = [:]
        let created = try await server.create(.widgets, sent)
        #expect(created.spec == ["size": 2, "color": "blue"])
    }

    @Test func everythingThatIsWrongIsSaidAtOnce() async throws {
        let sent = widget("a", size: 3).with {
            $0["spec", "tags"] = "none"
            $0["spec", "replicas"] = "many"
            $0.labels = ["bad key!": "v", "good": "bad value!"]
            $0.finalizers = ["no spaces"]
        }
        let status = try #require(try await refusal { try await server.create(.widgets, sent) })
        #expect(status.code == 422)
        #expect(status.reason == "Invalid")
        #expect(status.message.hasPrefix("Widget.test.dev \"a\" is invalid: ["))
        #expect(
            status.causes.map(\.field) == [
                "spec.replicas", "spec.tags", "spec.size", "metadata.labels", "metadata.labels",
                "metadata.finalizers",
            ])
        #expect(try await !test.exists(.widgets, key("a")))
    }

    @Test func unknownFieldsAreDroppedWithAWarning() async throws {
        let sent = widget("a").with { $0["spec", "sise"] = 4 }
        let outcome = try await server.write(.create(sent), .widgets, sent.key)
        #expect(outcome.warnings == ["unknown field \"spec.sise\""])
        #expect(outcome.isCreated)
        #expect(outcome.object["spec", "sise"] == nil)
    }

    @Test(arguments: [("Ignore", [String]()), ("Warn", ["unknown field \"spec.sise\""])])
    func theCallerChoosesWhetherToHearOfThem(validation: String, warnings: [String]) async throws {
        let sent = widget("a").with { $0["spec", "sise"] = 4 }
        let options = WriteOptions(fieldValidation: validation)
        #expect(try await server.write(.create(sent), .widgets, sent.key, options).warnings == warnings)
    }

    @Test func inStrictValidationUnknownFieldsAreRefused() async throws {
        let sent = widget("a").with {
            $0["spec", "sise"] = 4
            $0["spek"] = [:]
        }
        let status = try #require(
            try await refusal {
                try await server.create(.widgets, sent, WriteOptions(fieldValidation: "Strict"))
            })
        #expect(status.code == 400)
        #expect(status.message.contains(#"strict decoding error: unknown field "spec.sise", unknown field "spek""#))
        #expect(
            try await refusal { try await server.create(.widgets, sent, .init(fieldValidation: "Often")) }?.code == 400)
    }

    @Test func aNameIsTakenOnce() async throws {
        _ = try await server.create(.widgets, widget("a"))
        let status = try #require(try await refusal { try await server.create(.widgets, widget("a")) })
        #expect(status.isAlreadyExists)
        #expect(status.message == "widgets.test.dev \"a\" already exists")
    }

    @Test func generateNameIsCompletedUntilItIsFree() async throws {
        var sent = widget("")
        sent["metadata", "name"] = nil
        sent["metadata", "generateName"] = "web-"
        let first = try await server.create(.widgets, sent)
        let second = try await server.create(.widgets, sent)
        #expect(first.name.hasPrefix("web-s"))
        #expect(first.name != second.name)
        #expect(first.generateName == "web-")
    }

    @Test(arguments: [
        (widget("").with { $0["metadata", "name"] = nil }, 422, "name or generateName is required"),
        (widget("a/b"), 422, "metadata.name"),
        (widget("a", namespace: "nowhere"), 404, "namespaces \"nowhere\" not found"),
        (widget("a").with { $0.namespace = nil }, 400, "metadata.namespace"),
        (widget("a").with { $0.resourceVersion = "5" }, 400, "resourceVersion should not be set"),
        (widget("a").with { $0.json["kind"] = "Gadget" }, 422, "must be Widget"),
        (widget("a").with { $0.json["apiVersion"] = "v1" }, 400, "does not match the expected apiVersion"),
        (Object(["metadata": 5]), 400, "metadata must be an object"), (Object([1]), 400, "must be an object"),
    ])
    func whatCannotBeCreatedIsRefused(sent: Object, code: Int, message: String) async throws {
        let status = try #require(try await refusal { try await server.create(.widgets, sent) })
        #expect(status.code == code)
        #expect(status.message.contains(message))
    }

    @Test func theAddressSaysWhere() async throws {
        let bare = widget("a").with { $0.namespace = nil }
        let created = try await server.write(.create(bare), .widgets, key("", namespace: "kube-system"))
        #expect(created.object.namespace == "kube-system")
        let other = try #require(
            try await refusal {
                try await server.write(.create(widget("b")), .widgets, key("", namespace: "kube-system"))
            })
        #expect(other.code == 400)
        let gadget = try await server.create(.gadgets, Object(.gadgets, namespace: "default", name: "g"))
        #expect(gadget.namespace == nil)
    }

    @Test func aResourceThatIsNotServedIsNotFound() async throws {
        let unknown = Resource(group: "no", version: "v1", kind: "No", plural: "nos")
        #expect(try await refusal { try await server.create(unknown, Object(unknown, name: "a")) }?.isNotFound == true)
        #expect(try await refusal { try await server.list(unknown) }?.isNotFound == true)
        #expect(try await refusal { try await server.get(.widgets, key("a"), subresource: "log") }?.isNotFound == true)
    }

    @Test func aDryRunChecksEverythingAndStoresNothing() async throws {
        let options = WriteOptions(isDryRun: true)
        let outcome = try await server.create(.widgets, widget("a"), options)
        #expect(outcome["spec", "color"] == "blue")
        #expect(try await !test.exists(.widgets, key("a")))
        #expect(try await refusal { try await server.create(.widgets, widget("a", size: 3), options) }?.code == 422)
    }

    @Test func emptyMetadataIsAsGoodAsNone() async throws {
        let sent = widget("a").with {
            $0["metadata", "creationTimestamp"] = .null
            $0["metadata", "labels"] = [:]
            $0["metadata", "finalizers"] = []
        }
        let created = try await server.create(.widgets, sent)
        #expect(created["metadata", "labels"] == nil)
        #expect(created["metadata", "finalizers"] == nil)
        #expect(created.creationTimestamp != nil)
    }

    @Test func theCreatorOwnsWhatItSet() async throws {
        let created = try await server.create(.widgets, widget("a"), WriteOptions(fieldManager: "me"))
        let entry = try #require(created["metadata", "managedFields"]?[0])
        #expect(entry["manager"] == "me")
        #expect(entry["operation"] == "Update")
        #expect(entry[path: "fieldsV1", "f:spec", "f:size"] == [:])
    }
}
