import Autoscaling
import JSONModel

/// What all metrics of a HorizontalPodAutoscaler ask for: the one that wants most counts.
struct HorizontalEvaluation: Sendable {
    let readings: [MetricReading]
    let failures: [MetricReading.Failure]
    private let current: Int

    init(_ spec: HorizontalSpec, pods: [MeasuredPod], current: Int) {
        self.current = current
        var readings: [MetricReading] = []
        var failures: [MetricReading.Failure] = []
        for metric in spec.metrics {
            do throws(MetricReading.Failure) {
                let reading = try MetricReading.read(metric, pods: pods, current: current, up: spec.up, down: spec.down)
                readings.append(reading)
            } catch {
                failures.append(error)
            }
        }
        (self.readings, self.failures) = (readings, failures)
    }

    /// The replicas that are asked for, and why; `nil` where that cannot be told: a metric could not be read, and the others
    /// want no more than there is.
    ///
    /// - Parameter idle: for how long nobody has called. A serving target that may go to zero goes there after the window
    ///   of scaling down without a call, and not for its small use of the processor; before, one replica stays.
    func wish(_ spec: HorizontalSpec, idle: Duration) -> (replicas: Int, evidence: String)? {
        if spec.least == 0, idle > .zero, idle >= spec.down.stabilizationWindow {
            return (0, "nobody has called for \(ScaleWish.text(idle.inSeconds)) s")
        }
        guard let most = readings.max(by: { $0.replicas < $1.replicas }) else { return nil }
        let isSure = failures.isEmpty || most.replicas > current
        return isSure ? (max(1, most.replicas), most.evidence) : nil
    }
}
