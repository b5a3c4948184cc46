import Autoscaling
import JSONModel
import KubeModel
import ServingAPI
import Synchronization
import Testing

@testable import ServingControllers

@Suite("The autoscaler's next step")
struct ScaleStepTests {
    private static let now: Int64 = 1_767_225_600

    /// - Parameters:
    ///   - active: the condition `Active` as it stands, and for how many seconds.
    private func step(
        desired: Int, ready: Int, replicas: Int?, active: (status: String, seconds: Int64, reason: String)? = nil,
        isInitialized: Bool = true, reachability: String? = "Reachable", _ annotations: [String: String] = [:]
    ) -> ScaleStep {
        var autoscaler = Object(.podAutoscalers, namespace: "default", name: "r")
        autoscaler["spec", "reachability"] = reachability.map { .string($0) }
        var conditions: [JSONValue] = [
            ["type": "ScaleTargetInitialized", "status": isInitialized ? "True" : "Unknown"]
        ]
        if let active {
            let since = Timestamp.string(seconds: Self.now - active.seconds)
            conditions.append([
                "type": "Active", "status": .string(active.status), "reason": .string(active.reason),
                "lastTransitionTime": .string(since),
            ])
        }
        autoscaler["status", "conditions"] = .array(conditions)
        let deployment = replicas.map { replicas in
            Object(
                .deployments, namespace: "default", name: "r-deployment",
                ["spec": ["replicas": .number(JSONNumber(replicas))]])
        }
        return ScaleStep(
            PodAutoscalerReconciler.Observation(
                autoscaler: autoscaler, deployment: deployment, ready: ready,
                policy: ScalingPolicy(annotations: annotations), wish: ScaleWish(desired: desired),
                clock: Calendar(seconds: Self.now)))
    }

    @Test("holds replicas that nobody needs for the stable window, then for the grace period, then lets them go")
    func toZero() {
        let busy = step(desired: 0, ready: 1, replicas: 1, active: ("True", 59, ""))
        #expect(busy.want == 1 && busy.active.isTrue)
        #expect(busy.lookAgain == .seconds(1))
        let inactive = step(desired: 0, ready: 1, replicas: 1, active: ("True", 60, ""))
        #expect(inactive.want == 1 && inactive.active.reason == "NoTraffic")
        let waiting = step(desired: 0, ready: 1, replicas: 1, active: ("False", 29, "NoTraffic"))
        #expect(waiting.want == 1 && waiting.active.isFalse)
        let gone = step(desired: 0, ready: 1, replicas: 1, active: ("False", 30, "NoTraffic"))
        #expect(gone.want == 0 && gone.active.reason == "NoTraffic")
        #expect(gone.lookAgain == nil)
    }

    @Test("starts the first replica of a revision that is wanted, whatever it was before")
    func wake() {
        for active in [("False", 500, "NoTraffic"), ("False", 500, "TimedOut")] as [(String, Int64, String)] {
            let step = step(desired: 1, ready: 0, replicas: 0, active: active)
            #expect(step.want == 1)
            #expect(step.active.isUnknown && step.active.reason == "Queued")
            #expect(step.lookAgain == PodAutoscalerPlanner.evaluationInterval)
        }
    }

    @Test(
        "starts one replica for any number of callers, or activation-scale, until one is ready",
        arguments: [([:], 1), (["activation-scale": "2"], 2), (["min-scale": "3"], 3)])
    func manyCallers(annotations: [String: String], expected: Int) {
        #expect(
            step(desired: 7, ready: 0, replicas: 0, active: ("False", 500, "NoTraffic"), annotations).want == expected)
        #expect(step(desired: 7, ready: 1, replicas: 1, active: ("True", 5, ""), annotations).want == 7)
    }

    @Test("waits for a start that takes long, and gives it up after the deadline and half a minute")
    func deadline() {
        let waiting = step(desired: 0, ready: 0, replicas: 1, active: ("Unknown", 629, "Queued"), isInitialized: false)
        #expect(waiting.want == 1 && waiting.active.isUnknown)
        let late = step(desired: 0, ready: 0, replicas: 1, active: ("Unknown", 630, "Queued"), isInitialized: false)
        #expect(late.want == 0 && late.active.reason == "TimedOut")
        let after = step(desired: 0, ready: 0, replicas: 0, active: ("False", 5, "TimedOut"), isInitialized: false)
        #expect(after.want == 0 && after.active.reason == "TimedOut")
    }

    @Test(
        "keeps to the bounds of the revision",
        arguments: [
            (0, ["min-scale": "2"], 2), (9, ["max-scale": "3"], 3), (9, [:], 9), (1, ["min-scale": "2"], 2),
        ] as [(Int, [String: String], Int)])
    func bounds(desired: Int, annotations: [String: String], want: Int) {
        #expect(step(desired: desired, ready: 1, replicas: 1, active: ("True", 10, ""), annotations).want == want)
    }

    @Test("a revision without a route has no least number")
    func unreachable() {
        let step = step(
            desired: 0, ready: 1, replicas: 1, active: ("False", 100, "NoTraffic"), reachability: "Unreachable",
            ["min-scale": "2"])
        #expect(step.want == 0)
        // Nor is it retained.
        let retained = self.step(
            desired: 0, ready: 1, replicas: 1, active: ("False", 31, "NoTraffic"), reachability: "Unreachable",
            ["scale-to-zero-pod-retention-period": "5m"])
        #expect(retained.want == 0)
        // Nor does it wait for the rest of its first scale.
        let first = self.step(
            desired: 0, ready: 1, replicas: 1, active: ("True", 60, ""), isInitialized: false,
            reachability: "Unreachable", ["initial-scale": "2"])
        #expect(first.isInitialized && first.active.reason == "NoTraffic")
    }

    @Test("is active only with as many ready as the least, and at first with as many as the initial scale")
    func enough() {
        #expect(step(desired: 1, ready: 1, replicas: 2, active: ("True", 1, ""), ["min-scale": "2"]).active.isUnknown)
        let first = step(desired: 1, ready: 2, replicas: 3, isInitialized: false, ["initial-scale": "3"])
        #expect(first.want == 3 && first.active.isUnknown && !first.isInitialized)
        let done = step(desired: 1, ready: 3, replicas: 3, isInitialized: false, ["initial-scale": "3"])
        #expect(done.isInitialized && done.want == 1)
        let none = step(desired: 0, ready: 0, replicas: 0, isInitialized: false, ["initial-scale": "0"])
        #expect(none.isInitialized && none.want == 0)
    }

    @Test("decides nothing before there is a deployment")
    func noDeployment() {
        let step = step(desired: 0, ready: 0, replicas: nil, isInitialized: false)
        #expect(step.want == -1 && step.active.isUnknown)
    }
}

/// One object that changes.
private final class HeldObject: Sendable {
    private let held = Mutex<Object?>(nil)

    var object: Object? {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }
}

@Suite("The ConfigMap config-autoscaler")
struct AutoscalerSettingsTests {
    @Test("sets what it names and leaves what it cannot say properly")
    func reads() {
        let map = Self.configMap([
            "stable-window": "30s", "scale-to-zero-grace-period": "2s", "enable-scale-to-zero": "false",
            "container-concurrency-target-percentage": "0.5", "panic-window-percentage": "20",
            "initial-scale": "nonsense", "max-scale": "7",
        ])
        let settings = AutoscalerSettings.read(map)
        #expect(settings.stableWindow == .seconds(30))
        #expect(settings.scaleToZeroGracePeriod == .seconds(2))
        #expect(!settings.allowsScaleToZero)
        #expect(settings.targetUtilization == 0.5)
        #expect(settings.panicWindowShare == 0.2)
        #expect(settings.initialScale == 1)
        #expect(settings.maxScale == 7)
        #expect(settings.defaultConcurrency == 100)
    }

    @Test("every key of Knative's is read")
    func everyKey() {
        let settings = AutoscalerSettings.read(
            Self.configMap([
                "container-concurrency-target-percentage": "60", "container-concurrency-target-default": "50",
                "requests-per-second-target-default": "20", "target-burst-capacity": "-1", "stable-window": "2m",
                "panic-window-percentage": "1", "panic-threshold-percentage": "110", "max-scale-up-rate": "10",
                "max-scale-down-rate": "3", "enable-scale-to-zero": "False", "scale-to-zero-grace-period": "1m",
                "scale-to-zero-pod-retention-period": "5m", "pod-autoscaler-class": "hpa.autoscaling.knative.dev",
                "activator-capacity": "20", "initial-scale": "2", "allow-zero-initial-scale": "false",
                "min-scale": "1", "max-scale": "9", "max-scale-limit": "10", "scale-down-delay": "15m",
            ]))
        var expected = AutoscalerConfiguration()
        expected.targetUtilization = 0.6
        expected.defaultConcurrency = 50
        expected.defaultRequestsPerSecond = 20
        expected.targetBurstCapacity = -1
        expected.stableWindow = .seconds(120)
        expected.panicWindowShare = 0.01
        expected.panicThreshold = 1.1
        expected.maxScaleUpRate = 10
        expected.maxScaleDownRate = 3
        expected.allowsScaleToZero = false
        expected.scaleToZeroGracePeriod = .seconds(60)
        expected.scaleToZeroRetention = .seconds(300)
        expected.scalingClass = .hpa
        expected.activatorCapacity = 20
        expected.initialScale = 2
        expected.allowsZeroInitialScale = false
        expected.minScale = 1
        expected.maxScale = 9
        expected.maxScaleLimit = 10
        expected.scaleDownDelay = .seconds(900)
        #expect(settings == expected)
    }

    @Test("a bad one leaves the last good one in force")
    func lastGood() {
        let held = HeldObject()
        let settings = AutoscalerSettings { held.object?.key == $0 ? held.object : nil }
        #expect(settings.current == AutoscalerConfiguration())
        func put(_ data: [String: String], version: String) {
            var map = Self.configMap(data)
            map.resourceVersion = version
            held.object = map
        }
        put(["stable-window": "30s"], version: "1")
        #expect(settings.current.stableWindow == .seconds(30))
        put(["stable-window": "5s", "max-scale": "3"], version: "2")
        #expect(settings.current.stableWindow == .seconds(30))
        #expect(settings.current.maxScale == 0)
        put(["stable-window": "40s"], version: "3")
        #expect(settings.current.stableWindow == .seconds(40))
        held.object = nil
        #expect(settings.current == AutoscalerConfiguration())
    }

    @Test("what is wrong with one is told in events on it")
    func events() {
        let problems = AutoscalerConfigMap.check(Self.configMap(["stable-window": "5s", "max-scale": "-1"]))
        let notices = problems.map(AutoscalerSettingsReconciler.notice)
        #expect(notices.map(\.reason) == ["InvalidConfiguration", "InvalidConfiguration"])
        let prefix = "the last good settings stay in force: data[stable-window]: "
        #expect(notices[0].isWarning && notices[0].message.hasPrefix(prefix))
    }

    private static func configMap(_ data: [String: String]) -> Object {
        Object(
            .configMaps, namespace: "martlet-system", name: "config-autoscaler",
            ["data": .object(JSONObject(data.map { ($0.key, JSONValue.string($0.value)) }))])
    }
}
