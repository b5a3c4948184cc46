import Autoscaling
import JSONModel
import KubeModel
import ServingAPI
import Synchronization

/// The cluster's settings of the autoscaler, read live from Knative's ConfigMap `config-autoscaler`.
///
/// Admission lets no bad value in. Should one be there all the same, the last good settings stay in force. They are kept in
/// memory only: after a restart a bad ConfigMap counts as far as its keys can be read.
final class AutoscalerSettings: Sendable {
    private struct Held: Sendable {
        var uid: String
        var version: String
        var settings: AutoscalerConfiguration
    }

    private let find: @Sendable (ObjectKey) -> Object?
    private let held = Mutex<Held?>(nil)

    /// - Parameter find: the ConfigMap of that key, as it is now.
    init(find: @escaping @Sendable (ObjectKey) -> Object?) { self.find = find }

    var current: AutoscalerConfiguration {
        let found = AutoscalerConfigMap.keys.lazy.compactMap(find).first
        return held.withLock { held in
            guard let found else {
                held = nil
                return AutoscalerConfiguration()
            }
            if let held, held.uid == found.uid, held.version == found.resourceVersion { return held.settings }
            let isGood = AutoscalerConfigMap.check(found).isEmpty
            let settings = isGood ? Self.read(found) : held?.settings ?? Self.read(found)
            held = Held(uid: found.uid, version: found.resourceVersion, settings: settings)
            return settings
        }
    }

    /// A key that is missing or cannot be read keeps its default.
    static func read(_ configMap: Object) -> AutoscalerConfiguration {
        let read = Reader(entries: configMap["data"]?.objectValue ?? [:])
        var settings = AutoscalerConfiguration()
        read.fraction("container-concurrency-target-percentage") { settings.targetUtilization = $0 }
        read.number("container-concurrency-target-default") { settings.defaultConcurrency = $0 }
        read.number("requests-per-second-target-default") { settings.defaultRequestsPerSecond = $0 }
        read.number("target-burst-capacity") { settings.targetBurstCapacity = $0 }
        read.duration("stable-window") { settings.stableWindow = $0 }
        read.number("panic-window-percentage") { settings.panicWindowShare = $0 / 100 }
        read.number("panic-threshold-percentage") { settings.panicThreshold = $0 / 100 }
        read.number("max-scale-up-rate") { settings.maxScaleUpRate = $0 }
        read.number("max-scale-down-rate") { settings.maxScaleDownRate = $0 }
        read.flag("enable-scale-to-zero") { settings.allowsScaleToZero = $0 }
        read.duration("scale-to-zero-grace-period") { settings.scaleToZeroGracePeriod = $0 }
        read.duration("scale-to-zero-pod-retention-period") { settings.scaleToZeroRetention = $0 }
        read.scalingClass("pod-autoscaler-class") { settings.scalingClass = $0 }
        read.number("activator-capacity") { settings.activatorCapacity = $0 }
        read.count("initial-scale") { settings.initialScale = $0 }
        read.flag("allow-zero-initial-scale") { settings.allowsZeroInitialScale = $0 }
        read.count("min-scale") { settings.minScale = $0 }
        read.count("max-scale") { settings.maxScale = $0 }
        read.count("max-scale-limit") { settings.maxScaleLimit = $0 }
        read.duration("scale-down-delay") { settings.scaleDownDelay = $0 }
        return settings
    }

    private struct Reader {
        var entries: JSONObject

        func number(_ key: String, _ set: (Double) -> Void) {
            value(key, { Double($0).flatMap { $0.isFinite ? $0 : nil } }, set)
        }

        /// A percentage; up to 1 it is a fraction already, as Knative reads it.
        func fraction(_ key: String, _ set: (Double) -> Void) {
            number(key) { set($0 <= 1 ? $0 : $0 / 100) }
        }

        func count(_ key: String, _ set: (Int) -> Void) { value(key, Int.init, set) }

        func flag(_ key: String, _ set: (Bool) -> Void) { value(key, { Bool($0.lowercased()) }, set) }

        func duration(_ key: String, _ set: (Duration) -> Void) { value(key, Duration.init(goText:), set) }

        func scalingClass(_ key: String, _ set: (ScalingClass) -> Void) { value(key, ScalingClass.init, set) }

        private func value<Value>(_ key: String, _ read: (String) -> Value?, _ set: (Value) -> Void) {
            if let value = entries[key]?.stringValue.flatMap(read) { set(value) }
        }
    }
}
