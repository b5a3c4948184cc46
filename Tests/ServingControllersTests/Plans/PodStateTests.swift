import JSONModel
import KubeModel
import ServingAPI
import Testing

@testable import ServingControllers

@Suite("What a pod's status says")
struct PodStateTests {
    private func state(_ fate: FakeNode.Fate) -> PodState {
        var pod = Object(.pods, namespace: "default", name: "p")
        pod["status"] = PodStatuses.status(fate)
        return PodState(pod)
    }

    @Test("nothing yet, fetching, and ready")
    func progress() {
        #expect(state(.silent).stage == .pending)
        #expect(state(.ready).stage == .ready)
        #expect(state(.fetching("1 of 2 MB")).stage == .fetchingModel(message: "storage-initializer: 1 of 2 MB"))
    }

    @Test("a model that cannot be fetched is a failure of the model, a server that ends one of the server")
    func failures() {
        let model = state(.modelFailed("404")).failure
        #expect(model?.isOfModel == true && model?.exitCode == 1 && model?.message == "404")
        let server = state(.crashed(exitCode: 139, "segfault")).failure
        #expect(server?.isOfModel == false && server?.exitReason == "ExitCode139")
        let image = state(.imageMissing("no such image")).failure
        #expect(image?.exitCode == nil && image?.exitReason == "ImagePullBackOff")
    }

    @Test("while a container is tried again its last failure stands, until it is ready")
    func again() {
        let last: JSONValue = ["terminated": ["exitCode": 2, "reason": "Error", "message": "bad"]]
        var status: JSONValue = [
            "name": "c", "ready": false, "lastState": last, "state": ["waiting": ["reason": "CrashLoopBackOff"]],
        ]
        #expect(PodFailure(container: status)?.message == "bad")
        status["state"] = ["running": [:]]
        #expect(PodFailure(container: status)?.exitCode == 2)
        status["ready"] = true
        #expect(PodFailure(container: status) == nil)
    }

    @Test("an image that is being installed is no failure")
    func installing() {
        let status: JSONValue = [
            "name": "c", "ready": false,
            "state": ["waiting": ["reason": "PullingImage", "message": "installing 3 of 9"]],
        ]
        #expect(PodFailure(container: status) == nil)
        var pod = Object(.pods, namespace: "default", name: "p")
        pod["status", "containerStatuses"] = [status]
        #expect(PodState(pod).stage == .starting(message: "c: installing 3 of 9"))
    }

    @Test(
        "progress is what a pod says of itself without what holds it up; after a failed fetch only bytes count",
        arguments: [
            ("fetched 3 MB of 9 MB (1 MB/s); the connection was cut", 0, "m: fetched 3 MB of 9 MB (1 MB/s)"),
            ("looking up the model; no answer", 0, "m: looking up the model"), ("looking up the model", 1, nil),
            ("fetched 3 MB of 9 MB (1 MB/s)", 1, "m: fetched 3 MB of 9 MB (1 MB/s)"), ("fetched 0 B of 9 MB", 1, nil),
        ] as [(String, Int, String?)])
    func advance(message: String, restarts: Int, expected: String?) {
        var pod = Object(.pods, namespace: "default", name: "p")
        pod["status", "initContainerStatuses"] = [
            [
                "name": "m", "ready": false, "restartCount": .number(JSONNumber(restarts)),
                "state": ["waiting": ["reason": "Downloading", "message": .string(message)]],
            ]
        ]
        #expect(PodState(pod).advance == expected)
    }

    @Test("a pod that was refused as a whole says why")
    func refused() {
        var pod = Object(.pods, namespace: "default", name: "p")
        pod["status"] = ["phase": "Failed", "reason": "OutOfmemory", "message": "needs 64 GB"]
        #expect(PodState(pod).failure?.message == "needs 64 GB")
    }
}
