import JSONModel
import KubeModel
import Testing

@testable import ServingAPI

@Suite("The ConfigMap config-autoscaler (reference: Knative's config-autoscaler)")
struct AutoscalerConfigMapTests {
    @Test(
        "a value in its range is taken",
        arguments: [
            ("container-concurrency-target-percentage", "0.5"), ("container-concurrency-target-percentage", "100"),
            ("container-concurrency-target-default", "0.1"), ("requests-per-second-target-default", "0.01"),
            ("target-burst-capacity", "0"), ("target-burst-capacity", "-1"), ("stable-window", "6s"),
            ("stable-window", "1h"), ("panic-window-percentage", "1"), ("panic-threshold-percentage", "200"),
            ("max-scale-up-rate", "1.01"), ("max-scale-down-rate", "2"), ("enable-scale-to-zero", "False"),
            ("scale-to-zero-grace-period", "1ms"), ("scale-to-zero-pod-retention-period", "0s"),
            ("pod-autoscaler-class", "hpa.autoscaling.knative.dev"), ("activator-capacity", "1"),
            ("initial-scale", "0"), ("allow-zero-initial-scale", "true"), ("min-scale", "1"), ("max-scale", "0"),
            ("max-scale-limit", "0"), ("scale-down-delay", "1h"), ("_example", "anything"),
        ])
    func good(key: String, value: String) throws {
        #expect(try Self.fields([key: value]) == [])
    }

    @Test(
        "a value outside its range is refused, with its key",
        arguments: [
            ("container-concurrency-target-percentage", "0"), ("container-concurrency-target-percentage", "101"),
            ("container-concurrency-target-default", "0.011"), ("requests-per-second-target-default", "0"),
            ("target-burst-capacity", "-2"), ("stable-window", "5s"), ("stable-window", "61m"),
            ("stable-window", "6500ms"), ("panic-window-percentage", "0.5"), ("panic-threshold-percentage", "100"),
            ("max-scale-up-rate", "1"), ("max-scale-down-rate", "1"), ("enable-scale-to-zero", "maybe"),
            ("scale-to-zero-grace-period", "0s"), ("scale-to-zero-pod-retention-period", "-1s"),
            ("pod-autoscaler-class", "keda"), ("activator-capacity", "0.5"), ("initial-scale", "-1"),
            ("allow-zero-initial-scale", "0"), ("min-scale", "-1"), ("max-scale", "1.5"), ("max-scale-limit", "-1"),
            ("scale-down-delay", "2h"), ("scale-down-delay", "1.5s"), ("max-scale-up-rate", "inf"),
        ])
    func bad(key: String, value: String) throws {
        #expect(try Self.fields([key: value]) == ["data[\(key)]"])
    }

    @Test("keys that do not go together are refused")
    func together() throws {
        #expect(
            try Self.fields(["initial-scale": "0", "allow-zero-initial-scale": "false"]) == ["data[initial-scale]"])
        #expect(try Self.fields(["max-scale-limit": "5"]) == ["data[max-scale]"])
        #expect(try Self.fields(["max-scale-limit": "5", "max-scale": "6"]) == ["data[max-scale]"])
        #expect(try Self.fields(["max-scale-limit": "5", "max-scale": "5"]) == [])
    }

    @Test("every problem is told at once, and no other ConfigMap is looked at")
    func all() throws {
        let fields = try Self.fields(["stable-window": "x", "min-scale": "x"])
        #expect(fields == ["data[stable-window]", "data[min-scale]"])
        #expect(try Self.fields(["stable-window": "x"], namespace: "default") == [])
        #expect(try Self.fields(["stable-window": "x"], namespace: "knative-serving") == ["data[stable-window]"])
    }

    private static func fields(_ data: [String: String], namespace: String = "martlet-system") throws -> [String] {
        var map = Object(.configMaps, namespace: namespace, name: "config-autoscaler")
        for (key, value) in data { map["data", key] = .string(value) }
        return try Admitted(map).causes.map(\.field)
    }
}
