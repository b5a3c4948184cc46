import JSONModel
import KubeClient
import KubeModel
import Testing

@testable import APIServer

struct ServerUpdateTests {
    let test: TestServer
    let created: Object
    var server: ObjectServer { test.server }

    init() async throws {
        test = try await TestServer()
        created = try await test.server.create(.widgets, widget("a").with { $0.labels = ["app": "x"] })
    }

    @Test func onlyAChangeOfTheSpecCountsAsAGeneration() async throws {
        let labelled = try await server.replace(.widgets, created.with { $0.labels = ["app": "y"] })
        #expect(labelled.generation == 1)
        #expect(Int(labelled.resourceVersion) ?? 0 > Int(created.resourceVersion) ?? 0)
        let resized = try await server.replace(.widgets, labelled.with { $0["spec", "size"] = 6 })
        #expect(resized.generation == 2)
    }

    @Test func aWriteThatChangesNothingIsNoWrite() async throws {
        #expect(try await server.replace(.widgets, created) == created)
        let bare = widget("a").with { $0.labels = ["app": "x"] }
        #expect(try await server.replace(.widgets, bare.with { $0["spec", "color"] = "blue" }) == created)
        #expect(try await server.patch(.widgets, key("a"), .merge(["spec": ["size": 4]])) == created)
        #expect(try await server.currentResourceVersion() == created.resourceVersion)
    }

    @Test func anOldResourceVersionConflicts() async throws {
        _ = try await server.replace(.widgets, created.with { $0["spec", "size"] = 6 })
        let status = try #require(
            try await refusal { try await server.replace(.widgets, created.with { $0["spec", "size"] = 8 }) })
        #expect(status.isConflict)
        #expect(status.message.contains("the object has been modified"))
        let unconditional = created.with {
            $0.resourceVersion = ""
            $0["spec", "size"] = 8
        }
        #expect(try await server.replace(.widgets, unconditional)["spec", "size"] == 8)
    }

    @Test func whatOnlyTheServerSetsStays() async throws {
        let replaced = try await server.replace(
            .widgets,
            created.with {
                $0.creationTimestamp = "2001-01-01T00:00:00Z"
                $0.generation = 9
                $0["spec", "size"] = 6
            })
        #expect(replaced.creationTimestamp == created.creationTimestamp)
        #expect(replaced.generation == 2)
        #expect(replaced.uid == created.uid)
    }

    @Test func onlyADeletionSetsItsTime() async throws {
        let marked = created.with { $0.deletionTimestamp = "2001-01-01T00:00:00Z" }
        let status = try await refusal { try await server.replace(.widgets, marked) }
        #expect(status?.causes.map(\.field) == ["metadata.deletionTimestamp"])
    }

    @Test func anotherUIDIsAnotherObject() async throws {
        let status = try await refusal { try await server.replace(.widgets, created.with { $0.uid = "other" }) }
        #expect(status?.isConflict == true)
        #expect(status?.message.contains("UID in precondition: other") == true)
    }

    @Test func whatIsNotThereCannotBeReplaced() async throws {
        #expect(try await refusal { try await server.replace(.widgets, widget("b")) }?.isNotFound == true)
        let elsewhere = try await refusal { try await server.write(.replace(created), .widgets, key("b")) }
        #expect(elsewhere?.code == 400)
    }

    @Test func theOldStateIsKnownToTheChecks() async throws {
        let status = try await refusal {
            try await server.replace(.widgets, created.with { $0["spec", "color"] = "red" })
        }
        #expect(status?.causes.map(\.field) == ["spec.color"])
    }

    @Test func theStatusIsWrittenApart() async throws {
        let main = try await server.replace(.widgets, created.with { $0.status = ["phase": "Large"] })
        #expect(main == created)
        let status = try await server.replace(
            .widgets,
            created.with {
                $0.status = ["phase": "Small", "unknown": 1]
                $0["spec", "size"] = 8
                $0.labels = [:]
            }, subresource: "status")
        #expect(status.status == ["phase": "Small"])
        #expect(status.spec == created.spec)
        #expect(status.labels == created.labels)
        #expect(status.generation == 1)
        let kept = try await server.replace(
            .widgets,
            status.with {
                $0.json["status"] = nil
                $0["spec", "size"] = 6
            })
        #expect(kept.status == ["phase": "Small"])
    }

    @Test func onlyTheStatusIsCheckedWhenOnlyItIsWritten() async throws {
        let bad = try await refusal {
            try await server.replace(
                .widgets,
                created.with {
                    $0.status = ["phase": "Medium"]
                    $0["spec", "size"] = 3
                }, subresource: "status")
        }
        #expect(bad?.causes.map(\.field) == ["status.phase"])
    }

    @Test func aStatusHasItsOwnOwner() async throws {
        let written = try await server.patch(
            .widgets, key("a"), .merge(["status": ["phase": "Small"]]), subresource: "status",
            WriteOptions(fieldManager: "controller"))
        let entries = written["metadata", "managedFields"]?.arrayValue ?? []
        let entry = try #require(entries.first { $0["manager"] == "controller" })
        #expect(entry["subresource"] == "status")
        #expect(entry["fieldsV1"] == ["f:status": [".": [:], "f:phase": [:]]])
    }

    @Test func aKindWithoutStatusHasNoSuchSubresource() async throws {
        let gadget = try await server.create(.gadgets, Object(.gadgets, name: "g"))
        let status = try await refusal { try await server.replace(.gadgets, gadget, subresource: "status") }
        #expect(status?.isNotFound == true)
    }
}
