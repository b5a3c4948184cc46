import JSONModel
import Testing

@testable import KubeModel

@Suite("Objects")
struct ObjectTests {
    static let pods = Resource(group: "", version: "v1", kind: "Pod", plural: "pods")
    static let deployments = Resource(group: "apps", version: "v1", kind: "Deployment", plural: "deployments")

    @Test func metadataIsReadAndWrittenInPlace() {
        var object = Object(Self.deployments, namespace: "ns", name: "web", ["spec": ["replicas": 1], "other": [1]])
        object.labels = ["a": "b"]
        object.generation = 2
        object.finalizers = ["f"]
        #expect(
            object.json == [
                "apiVersion": "apps/v1", "kind": "Deployment", "other": [1], "spec": ["replicas": 1],
                "metadata": [
                    "name": "web", "namespace": "ns", "labels": ["a": "b"], "generation": 2, "finalizers": ["f"],
                ],
            ])
        #expect(object.key == ObjectKey(namespace: "ns", name: "web"))
        #expect(object.gvk == Self.deployments.gvk)
    }

    /// Absent, and never null.
    @Test func whatIsEmptiedGoes() {
        var object = Object(Self.pods, namespace: "ns", name: "web")
        let before = object
        object.labels = ["a": "b"]
        object.annotations = ["a": "b"]
        object.finalizers = ["f"]
        object.ownerReferences = [OwnerReference(controller: before)]
        object.resourceVersion = "1"
        object.labels = [:]
        object.annotations = [:]
        object.finalizers = []
        object.ownerReferences = []
        object.resourceVersion = ""
        #expect(object == before)
    }

    @Test func ownersAreReadAndWritten() {
        var owner = Object(Self.deployments, namespace: "ns", name: "web")
        owner.uid = "u"
        var object = Object(Self.pods, namespace: "ns", name: "web-1")
        object.ownerReferences = [OwnerReference(controller: owner)]
        #expect(
            object["metadata", "ownerReferences"] == [
                [
                    "apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "uid": "u", "controller": true,
                    "blockOwnerDeletion": true,
                ]
            ])
        #expect(object.controller?.uid == "u")
    }

    @Test func conditionsKeepTheirTimeUntilTheirStatusChanges() {
        var object = Object(Self.pods, namespace: "ns", name: "web")
        object.setConditions([Condition("Ready", "False", reason: "Wait"), Condition("Alive", "True")], now: "T1")
        object.setConditions([Condition("Ready", "True"), Condition("Alive", "True", message: "yes")], now: "T2")
        #expect(
            object.status["conditions"] == [
                ["type": "Alive", "status": "True", "message": "yes", "lastTransitionTime": "T1"],
                ["type": "Ready", "status": "True", "lastTransitionTime": "T2"],
            ])
        #expect(object.condition("Ready")?.isTrue == true)
        let same = object
        object.setConditions(object.conditions, now: "T3")
        #expect(object == same)
    }

    @Test func pathsOfResources() {
        #expect(Self.pods.path(namespace: "ns", name: "a", subresource: "log") == "/api/v1/namespaces/ns/pods/a/log")
        #expect(Self.deployments.path() == "/apis/apps/v1/deployments")
        #expect(Self.deployments.description == "deployments.apps")
    }
}

@Suite("Status")
struct StatusTests {
    @Test func isWrittenAndReadAgain() {
        let causes = [
            Status.Cause.required(FieldPath("spec", "containers").index(0).field("name"), "expected a string"),
            Status.Cause.notSupported(FieldPath("spec").key("a.b"), "\"x\"", supported: ["y", "z"]),
        ]
        let status = Status.invalid(ObjectTests.deployments.gvk, "web", causes)
        #expect(
            status.message
                == #"Deployment.apps "web" is invalid: [spec.containers[0].name: Required value: expected a "#
                + #"string, spec[a.b]: Unsupported value: "x": supported values: "y", "z"]"#)
        #expect(Status(json: status.json) == status)
    }

    @Test func successIsNone() {
        #expect(Status(json: ["kind": "Status", "status": "Success"]) == nil)
        #expect(Status(json: ["kind": "Pod"]) == nil)
    }
}

@Suite("Times")
struct TimestampTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"), (1_769_860_800, "2026-01-31T12:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"), (4_102_444_799, "2099-12-31T23:59:59Z"),
        ] as [(Int64, String)])
    func areWrittenAndRead(seconds: Int64, text: String) {
        #expect(Timestamp.string(seconds: seconds) == text)
        #expect(Timestamp.seconds(text) == seconds)
    }

    @Test(
        arguments: [
            (1_500_000, "1970-01-01T00:00:01.500000Z"), (7, "1970-01-01T00:00:00.000007Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
        ] as [(Int64, String)])
    func microseconds(microseconds: Int64, text: String) {
        #expect(Timestamp.string(microseconds: microseconds) == text)
    }

    @Test(
        arguments: [
            ("1970-01-01T01:00:00+01:00", 0), ("1969-12-31T19:00:00-05:00", 0), ("1970-01-01t00:00:01.999z", 1),
        ] as [(String, Int64)])
    func zonesAndFractions(text: String, seconds: Int64) {
        #expect(Timestamp.seconds(text) == seconds)
    }

    @Test(arguments: [
        "", "2026-01-31", "2026-01-31T12:00:00", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-00-01T00:00:00Z",
        "2026-01-31T24:00:00Z", "2026-01-31T12:60:00Z", "+026-01-31T12:00:00Z", "2026-01-31 12:00:00Z",
        "2026-01-31T12:00:00.Z", "2026-01-31T12:00:00+1:00", "2026-01-31T12:00:00+24:00", "2026-01-31T12:00:00Zx",
    ])
    func malformedTextIsNone(text: String) {
        #expect(Timestamp.seconds(text) == nil)
    }
}
