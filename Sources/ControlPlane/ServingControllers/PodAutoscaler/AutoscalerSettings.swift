import Autoscaling
import JSONModel
import KubeModel

/// Knative's ConfigMap `config-autoscaler`: a key that is missing or cannot be read keeps its default.
enum AutoscalerSettings {
    static let keys = ["martlet-system", "knative-serving"].map {
        ObjectKey(namespace: $0, name: "config-autoscaler")
    }

    static func read(_ configMap: Object) -> AutoscalerConfiguration {
        let read = Reader(entries: configMap["data"]?.objectValue ?? [:])
        var settings = AutoscalerConfiguration()
        read.share("container-concurrency-target-percentage") { settings.targetUtilization = $0 }
        read.number("container-concurrency-target-default") { settings.defaultConcurrency = $0 }
        read.number("requests-per-second-target-default") { settings.defaultRequestsPerSecond = $0 }
        read.number("target-burst-capacity") { settings.targetBurstCapacity = $0 }
        read.duration("stable-window") { settings.stableWindow = $0 }
        read.share("panic-window-percentage") { settings.panicWindowShare = $0 }
        read.number("panic-threshold-percentage") { settings.panicThreshold = $0 / 100 }
        read.number("max-scale-up-rate") { settings.maxScaleUpRate = $0 }
        read.number("max-scale-down-rate") { settings.maxScaleDownRate = $0 }
        read.flag("enable-scale-to-zero") { settings.allowsScaleToZero = $0 }
        read.duration("scale-to-zero-grace-period") { settings.scaleToZeroGracePeriod = $0 }
        read.duration("scale-to-zero-pod-retention-period") { settings.scaleToZeroRetention = $0 }
        read.count("initial-scale") { settings.initialScale = $0 }
        read.flag("allow-zero-initial-scale") { settings.allowsZeroInitialScale = $0 }
        read.count("min-scale") { settings.minScale = $0 }
        read.count("max-scale") { settings.maxScale = $0 }
        read.duration("scale-down-delay") { settings.scaleDownDelay = $0 }
        return settings
    }

    private struct Reader {
        var entries: JSONObject

        func number(_ key: String, _ set: (Double) -> Void) { value(key, Double.init, set) }

        /// A percentage; up to 1 it is read as a fraction, as Knative does.
        func share(_ key: String, _ set: (Double) -> Void) {
            number(key) { set($0 <= 1 ? $0 : $0 / 100) }
        }

        func count(_ key: String, _ set: (Int) -> Void) { value(key, Int.init, set) }

        func flag(_ key: String, _ set: (Bool) -> Void) { value(key, { Bool($0.lowercased()) }, set) }

        func duration(_ key: String, _ set: (Duration) -> Void) { value(key, Duration.init(goText:), set) }

        private func value<Value>(_ key: String, _ read: (String) -> Value?, _ set: (Value) -> Void) {
            if let value = entries[key]?.stringValue.flatMap(read) { set(value) }
        }
    }
}
