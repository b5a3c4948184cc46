import JSONModel
import KubeClient
import KubeController
import KubeModel
import Logging
import ServingAPI
import Synchronization

/// A node whose pods do at once what the test says they do, and end as soon as they are told to.
final class FakeNode: Sendable {
    /// What becomes of every pod.
    enum Fate: Sendable {
        case ready
        /// Nothing is reported.
        case silent
        case fetching(String)
        case modelFailed(String)
        case crashed(exitCode: Int, String)
        case crashLooping(String)
        case imageMissing(String)
        /// The node does not run such pods at all.
        case refused(String)
    }

    private struct Fates {
        var usual = Fate.ready
        /// By what a pod's name begins with.
        var special: [String: Fate] = [:]

        func fate(of pod: Object) -> Fate { special.first { pod.name.hasPrefix($0.key) }?.value ?? usual }
    }

    private let fates = Mutex(Fates())
    private let client: any ResourceClient
    private let time: any TimeSource
    private let informer: Informer
    private let queue: WorkQueue<ObjectKey>

    init(client: any ResourceClient, informers: Informers, time: any TimeSource, logger: Logger) {
        self.client = client
        self.time = time
        informer = informers.informer(.pods)
        queue = WorkQueue(time: time)
        informer.subscribe { [queue] change in queue.add(change.object.key) }
    }

    var isAtRest: Bool { queue.isAtRest }

    /// From now on, for the pods there are too.
    func setFate(_ fate: Fate, ofPods prefix: String? = nil) {
        fates.withLock { fates in
            if let prefix { fates.special[prefix] = fate } else { fates.usual = fate }
        }
        for pod in informer.store.all { queue.add(pod.key) }
    }

    func run() async {
        while let key = await queue.next() {
            await see(to: key)
            queue.finish(key)
        }
    }

    private func see(to key: ObjectKey) async {
        guard let pod = informer.store[key], pod["spec", "nodeName"] != nil || pod.isBeingDeleted else { return }
        do {
            if pod.isBeingDeleted {
                try await client.delete(.pods, key, DeleteOptions(gracePeriodSeconds: 0))
            } else if let status = PodStatuses.status(fates.withLock { $0.fate(of: pod) }) {
                var changed = pod
                let reported = Object(["status": status]).conditions
                for member in status.objectValue ?? [:] where member.key != "conditions" {
                    changed["status", member.key] = member.value
                }
                if !reported.isEmpty { changed.setConditions(reported, now: time.timestamp) }
                if changed.status == pod.status { return }
                changed.resourceVersion = ""
                _ = try await client.replace(.pods, changed, subresource: "status")
            }
        } catch {
            return  // Its next event will be another chance.
        }
    }
}

/// Pod statuses as the node writes them.
enum PodStatuses {
    static func status(_ fate: FakeNode.Fate) -> JSONValue? {
        switch fate {
        case .silent: nil
        case .ready:
            [
                "phase": "Running", "podIP": "127.1.2.3", "conditions": [["type": "Ready", "status": "True"]],
                "initContainerStatuses": [initializer(["terminated": ["exitCode": 0, "reason": "Completed"]])],
                "containerStatuses": [server(["running": [:]], isReady: true)],
            ]
        case .fetching(let message):
            notReady(initializer(["waiting": ["reason": "Downloading", "message": .string(message)]]))
        case .modelFailed(let message):
            notReady(
                initializer(["terminated": ["exitCode": 1, "reason": "Error", "message": .string(message)]]))
        case .crashed(let exitCode, let message):
            notReady(
                initializer(["terminated": ["exitCode": 0, "reason": "Completed"]]),
                server([
                    "terminated": [
                        "exitCode": .number(JSONNumber(exitCode)), "reason": "Error", "message": .string(message),
                    ]
                ]))
        case .crashLooping(let message):
            notReady(
                initializer(["terminated": ["exitCode": 0, "reason": "Completed"]]),
                server(["waiting": ["reason": "CrashLoopBackOff", "message": .string(message)]]))
        case .refused(let message): ["phase": "Failed", "reason": "Unsupported", "message": .string(message)]
        case .imageMissing(let message):
            notReady(
                initializer(["terminated": ["exitCode": 0, "reason": "Completed"]]),
                server(["waiting": ["reason": "ImagePullBackOff", "message": .string(message)]]))
        }
    }

    private static func notReady(_ initializer: JSONValue, _ server: JSONValue? = nil) -> JSONValue {
        [
            "phase": "Pending", "conditions": [["type": "Ready", "status": "False"]],
            "initContainerStatuses": [initializer],
            "containerStatuses": [server ?? Self.server(["waiting": ["reason": "PodInitializing"]])],
        ]
    }

    private static func initializer(_ state: JSONValue) -> JSONValue {
        ["name": "storage-initializer", "ready": false, "restartCount": 0, "image": "", "imageID": "", "state": state]
    }

    private static func server(_ state: JSONValue, isReady: Bool = false) -> JSONValue {
        [
            "name": "kserve-container", "ready": .bool(isReady), "restartCount": 0, "image": "", "imageID": "",
            "state": state,
        ]
    }
}
