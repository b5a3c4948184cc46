import JSONModel
import KubeModel
import Testing
import YAMLModel

@testable import ServingAPI

@Suite struct TableTests {
    @Test(
        "An age has the units that matter",
        arguments: [
            (-5, "<invalid>"), (-1, "0s"), (0, "0s"), (59, "59s"), (119, "119s"), (120, "2m"), (125, "2m5s"),
            (599, "9m59s"),
            (600, "10m"), (3_600, "60m"), (10_799, "179m"), (10_800, "3h"), (12_000, "3h20m"), (28_800, "8h"),
            (172_799, "47h"), (172_800, "2d"), (180_000, "2d2h"), (691_200, "8d"), (63_072_000, "2y"),
            (63_072_000 + 86_400 * 10, "2y10d"), (86_400 * 365 * 9, "9y"),
        ])
    func ages(seconds: Int, text: String) {
        #expect(Age.text(seconds: Int64(seconds)) == text)
    }

    @Test func `without a time the age is not known`() {
        #expect(Age.text(since: nil, now: 0) == "<unknown>")
        #expect(Age.text(since: "1970-01-01T00:00:00Z", now: 5) == "5s")
    }

    @Test(
        "A pod's status is what keeps it from running",
        arguments: [
            ("{}", "Pending"), ("{phase: Running}", "Running"), ("{phase: Failed, reason: Evicted}", "Evicted"),
            ("{containerStatuses: [{state: {waiting: {reason: ImagePullBackOff}}}]}", "ImagePullBackOff"),
            ("{initContainerStatuses: [{state: {waiting: {reason: Downloading}}}]}", "Init:Downloading"),
            ("{initContainerStatuses: [{state: {running: {}}}]}", "Init:0/1"),
            ("{initContainerStatuses: [{state: {waiting: {reason: PodInitializing}}}]}", "Init:0/1"),
            ("{initContainerStatuses: [{state: {terminated: {exitCode: 0}}}, {state: {running: {}}}]}", "Init:1/2"),
            ("{initContainerStatuses: [{state: {terminated: {exitCode: 1, reason: Error}}}]}", "Init:Error"),
            ("{initContainerStatuses: [{state: {terminated: {exitCode: 3}}}]}", "Init:ExitCode:3"),
            ("{phase: Running, initContainerStatuses: [{state: {terminated: {exitCode: 0}}}]}", "Running"),
            ("{containerStatuses: [{state: {terminated: {exitCode: 1, reason: Error}}}]}", "Error"),
            ("{containerStatuses: [{state: {terminated: {exitCode: 137, signal: 9}}}]}", "Signal:9"),
            (
                "{phase: Running, containerStatuses: [{state: {waiting: {reason: CrashLoopBackOff}}}]}",
                "CrashLoopBackOff"
            ),
            (
                "{phase: Succeeded, containerStatuses: [{state: {terminated: {reason: Completed, exitCode: 0}}}]}",
                "Completed"
            ),
        ])
    func podStatus(status: String, word: String) throws {
        var pod = Object(.pods, namespace: "default", name: "a")
        pod.status = try JSONValue(yaml: status)
        #expect(PodTable.status(of: pod) == word)
        pod.deletionTimestamp = "2026-01-01T00:00:00Z"
        let hasEnded = status.contains("Failed") || status.contains("Succeeded")
        #expect(PodTable.status(of: pod) == (hasEnded ? word : "Terminating"))
    }

    private static let now: Int64 = 1_767_225_600 + 300  // five minutes into 2026

    @Test(
        "Rows of built-in kinds are as kubectl shows them",
        arguments: [
            (Fixtures.pod, ["web-v1-deployment-abcde", "1/1", "Running", "1", "5m", "127.0.0.2", "<none>"]),
            (Fixtures.deployment, ["web", "1/2", "0", "0", "<unknown>", "web", "example.com/web:1", "app=web"]),
            (Fixtures.service, ["web", "ClusterIP", "<none>", "<none>", "80/TCP,90/TCP", "<unknown>", "app=web"]),
            (Fixtures.secret, ["token", "Opaque", "1", "<unknown>"]),
            (Fixtures.claim, ["models", "Pending", "", ""]),
            (Fixtures.event, ["4m", "Warning", "BackOff", "pod/web", "", "node", "again", "5m", "3", "web.1"]),
            ("{apiVersion: v1, kind: Namespace, metadata: {name: a}, status: {phase: Active}}", ["a", "Active"]),
            ("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a: b}, binaryData: {c: ''}}", ["a", "2"]),
            ("{apiVersion: v1, kind: ServiceAccount, metadata: {name: a}}", ["a", "0"]),
        ])
    func rows(yaml: String, cells: [String]) throws {
        let object = Object(try JSONValue(yaml: yaml))
        let definition = try #require(ServingKinds.definitions.first { $0.resource.gvk == object.gvk })
        let row = try #require(definition.tableCells?(object, Self.now)).map { $0.stringValue ?? $0.text }
        #expect(Array(row.prefix(cells.count)) == cells)
    }

    @Test func `restarts tell when the last one was`() throws {
        var pod = Object(try JSONValue(yaml: Fixtures.pod))
        pod.json[path: "status", "containerStatuses"] = [
            [
                "name": "web", "restartCount": 3,
                "lastState": ["terminated": ["exitCode": 1, "finishedAt": "2026-01-01T00:02:00Z"]],
            ]
        ]
        #expect(PodTable.cells(pod, Self.now)[3] == "3 (3m ago)")
    }
}
