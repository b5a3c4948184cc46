import JSONModel
import KubeModel
import Testing

@testable import ServingAPI

/// What must hold for an object of any kind.
@Suite struct KindTests {
    @Test func `there is an object of every kind`() {
        let kinds = Set(KindFixtures.all.map(\.gvk.description))
        #expect(kinds == Set(ServingKinds.definitions.map(\.resource.gvk.description)))
    }

    @Test("It is admitted as it is", arguments: KindFixtures.all)
    func admitted(object: Object) throws {
        let admitted = try Admitted(object)
        #expect(admitted.dropped == [])
        #expect(admitted.problems == [])
    }

    @Test("What was stored comes back unchanged from an update", arguments: KindFixtures.all)
    func updated(object: Object) throws {
        let stored = try Admitted(object).object
        let updated = try Admitted(stored, replacing: stored)
        #expect(updated.object.json.text == stored.json.text)
        #expect(updated.problems == [])
    }

    @Test("Applying twice changes nothing", arguments: KindFixtures.all)
    func applied(object: Object) throws {
        func apply(to live: Object?) throws -> Object {
            let definition = try #require(ServingKinds.definitions.first { $0.resource.gvk == object.gvk })
            let applied = try ServerSideApply.apply(
                config: object, to: live, manager: "test", force: false, subresource: nil, schema: definition.schema,
                hasStatus: definition.hasStatus, now: "2026-01-01T00:00:00Z")
            return try Admitted(applied, replacing: live).object
        }
        let first = try apply(to: nil)
        #expect(try apply(to: first).json.text == first.json.text)
    }

    @Test("Unknown fields are dropped and named", arguments: KindFixtures.all)
    func unknown(object: Object) throws {
        var spoiled = object
        spoiled["unknownField"] = ["a": 1]
        #expect(try Admitted(spoiled).dropped == ["unknownField"])
    }

    @Test(
        "Defaults are what the schema and admission say, in fields that the schema knows", arguments: KindFixtures.all)
    func defaultsAreKnown(object: Object) throws {
        var stored = try Admitted(object).object
        let definition = try #require(ServingKinds.definitions.first { $0.resource.gvk == object.gvk })
        #expect(definition.schema.prune(&stored.json) == [])
        #expect(definition.schema.validate(stored.json) == [])
    }
}
