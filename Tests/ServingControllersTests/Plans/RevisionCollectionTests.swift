import JSONModel
import KubeModel
import ServingAPI
import Testing

@testable import ServingControllers

@Suite("The collection of old revisions")
struct RevisionCollectionTests {
    private static let hour: Int64 = 3600
    private let now: Int64 = 1_767_225_600

    /// - Parameters:
    ///   - created: hours ago.
    ///   - left: hours since the last traffic went.
    private func revision(
        _ name: String, created: Int64, left: Int64, state: String = "reserve", noGC: Bool = false
    ) -> Object {
        var revision = Object(.revisions, namespace: "default", name: name)
        revision["metadata", "creationTimestamp"] = .string(Timestamp.string(seconds: now - created * Self.hour))
        revision.labels = ["serving.knative.dev/routingState": state]
        revision.annotations = [
            "serving.knative.dev/routingStateModified": Timestamp.string(seconds: now - left * Self.hour)
        ]
        if noGC { revision.annotations["serving.knative.dev/no-gc"] = "true" }
        return revision
    }

    private func settings(
        age: Duration? = .seconds(48 * 3600), idle: Duration? = .seconds(15 * 3600), min: Int = 0, max: Int? = 1000
    ) -> GarbageCollectionSettings {
        var settings = GarbageCollectionSettings()
        settings.retainSinceCreateTime = age
        settings.retainSinceLastActiveTime = idle
        settings.minNonActiveRevisions = min
        settings.maxNonActiveRevisions = max
        return settings
    }

    private func collect(
        _ revisions: [Object], _ settings: GarbageCollectionSettings, kept: Set<String> = []
    ) -> RevisionCollection {
        RevisionCollection(revisions, kept: kept, settings, now: now)
    }

    @Test("only what is older than both periods goes, and the next look is when one more will be")
    func periods() {
        let revisions = [
            revision("old", created: 50, left: 20), revision("young", created: 40, left: 20),
            revision("lately", created: 50, left: 10),
        ]
        let collection = collect(revisions, settings())
        #expect(collection.collected.map(\.name) == ["old"])
        #expect(collection.lookAgain == .seconds(5 * 3600))
    }

    @Test("a period that is disabled does not count; both disabled leave only the greatest number")
    func disabled() {
        let revisions = [revision("a", created: 1, left: 20), revision("b", created: 99, left: 1)]
        #expect(collect(revisions, settings(age: nil)).collected.map(\.name) == ["a"])
        #expect(collect(revisions, settings(idle: nil)).collected.map(\.name) == ["b"])
        #expect(collect(revisions, settings(age: nil, idle: nil)).collected.isEmpty)
        #expect(collect(revisions, settings(age: nil, idle: nil, max: 1)).collected.map(\.name) == ["a"])
        #expect(collect(revisions, settings(age: nil, idle: nil, max: nil)).collected.isEmpty)
    }

    @Test("the least number stays, the youngest of them")
    func least() {
        let revisions = (1...5).map { revision("r\($0)", created: 100, left: 20 + Int64($0)) }
        #expect(collect(revisions, settings(min: 3)).collected.map(\.name) == ["r5", "r4"])
        #expect(collect(revisions, settings(min: 5)).collected.isEmpty)
    }

    @Test("more than the greatest number do not stay, however young")
    func greatest() {
        let revisions = (1...5).map { revision("r\($0)", created: 1, left: 10 - Int64($0)) }
        #expect(collect(revisions, settings(max: 3)).collected.map(\.name) == ["r1", "r2"])
    }

    @Test("what has traffic, never had any, is marked, or is needed, stays")
    func stays() {
        let revisions = [
            revision("active", created: 99, left: 99, state: "active"),
            revision("pending", created: 99, left: 99, state: "pending"),
            revision("marked", created: 99, left: 99, noGC: true), revision("ready", created: 99, left: 99),
            revision("gone", created: 99, left: 99),
        ]
        #expect(collect(revisions, settings(), kept: ["ready"]).collected.map(\.name) == ["gone"])
    }
}
