import Autoscaling
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
        var entries = ConfigEntries(configMap)
        var settings = AutoscalerConfiguration()
        // A percentage; up to 1 it is a fraction already, as Knative reads it.
        entries.percentage("container-concurrency-target-percentage", into: &settings.targetUtilization) {
            $0 <= 1 ? $0 : $0 / 100
        }
        entries.number("container-concurrency-target-default", into: &settings.defaultConcurrency)
        entries.number("requests-per-second-target-default", into: &settings.defaultRequestsPerSecond)
        entries.number("target-burst-capacity", into: &settings.targetBurstCapacity, in: -1...Double.infinity)
        entries.duration("stable-window", into: &settings.stableWindow)
        entries.percentage("panic-window-percentage", into: &settings.panicWindowShare) { $0 / 100 }
        entries.percentage("panic-threshold-percentage", into: &settings.panicThreshold) { $0 / 100 }
        entries.number("max-scale-up-rate", into: &settings.maxScaleUpRate)
        entries.number("max-scale-down-rate", into: &settings.maxScaleDownRate)
        entries.flag("enable-scale-to-zero", into: &settings.allowsScaleToZero)
        entries.duration("scale-to-zero-grace-period", into: &settings.scaleToZeroGracePeriod)
        entries.duration("scale-to-zero-pod-retention-period", into: &settings.scaleToZeroRetention)
        entries.read("pod-autoscaler-class", into: &settings.scalingClass, "", parse: ScalingClass.init)
        entries.number("activator-capacity", into: &settings.activatorCapacity)
        entries.count("initial-scale", into: &settings.initialScale)
        entries.flag("allow-zero-initial-scale", into: &settings.allowsZeroInitialScale)
        entries.count("min-scale", into: &settings.minScale)
        entries.count("max-scale", into: &settings.maxScale)
        entries.count("max-scale-limit", into: &settings.maxScaleLimit)
        entries.duration("scale-down-delay", into: &settings.scaleDownDelay)
        return settings
    }
}

extension ConfigEntries {
    fileprivate mutating func percentage(_ key: String, into share: inout Double, _ convert: (Double) -> Double) {
        read(key, into: &share, "") { Double($0).flatMap { $0.isFinite ? convert($0) : nil } }
    }
}
