import KubeController
package import KubeModel

/// What something uses of the machine, over a window that ended just now.
package struct Usage: Sendable, Hashable {
    /// Billionths of a processor.
    package var nanocores: Int64
    /// Bytes of memory: of a pod what its processes have resident, files that they map included.
    package var memory: Int64
    package var window: Duration
    /// Nanoseconds of processor time since it began.
    package var used: Int64
}

/// What a pod uses, by container.
package struct PodUsage: Sendable, Hashable {
    package var key: ObjectKey
    package var containers: [String: Usage]
}

/// Measures what pods and machine use. A reading is taken every 15 seconds, as metrics-server does, and one when it is
/// asked: what is told is always of the last moments.
actor UsageSampler {
    static let interval: Duration = .seconds(15)
    /// A shorter window says little: processor time is counted in hundredths of a second.
    private static let shortestWindow: Duration = .seconds(5)

    struct Target: Sendable, Hashable {
        var key: ObjectKey
        var uid: String
        var container: String
        var shim: Int32
        var startedAt: Duration
    }

    private struct Sample {
        var at: Duration
        var busy: Int64
        var pods: [Target: Int64]
    }

    private let directory: String
    private let time: any TimeSource
    private let targets: @Sendable () async -> [Target]
    /// The last but one and the last.
    private var samples: [Sample] = []

    init(directory: String, time: any TimeSource, targets: @escaping @Sendable () async -> [Target]) {
        self.directory = directory
        self.time = time
        self.targets = targets
    }

    func run() async {
        while !Task.isCancelled {
            let targets = await targets()
            let table = ProcessTable.read()
            let pods = Dictionary(targets.map { ($0, table.total(of: $0.shim).nanoseconds) }) { $1 }
            samples.append(
                Sample(at: time.now, busy: MachineReadings(directory: directory).busy, pods: pods))
            if samples.count > 2 { samples.removeFirst() }
            try? await time.sleep(for: Self.interval)
        }
    }

    /// `nil` before anything was measured.
    func machine() -> Usage? {
        let readings = MachineReadings(directory: directory)
        guard let base = base(at: time.now) ?? samples.first, time.now > base.at else { return nil }
        return Self.usage(
            readings.busy - base.busy, readings.memory - readings.memoryAvailable, time.now - base.at,
            used: readings.busy)
    }

    func pods() async -> [PodUsage] {
        let targets = await targets()
        let table = ProcessTable.read()
        let now = time.now
        var usages: [PodUsage] = []
        for target in targets {
            let total = table.total(of: target.shim)
            // Of what is younger than the window, all that it ever used.
            let base = base(at: now).flatMap { sample in sample.pods[target].map { (sample.at, $0) } }
            let (start, used) = base ?? (target.startedAt, 0)
            guard now > start else { continue }
            // The containers of a pod follow each other.
            if usages.last?.key != target.key { usages.append(PodUsage(key: target.key, containers: [:])) }
            usages[usages.count - 1].containers[target.container] = Self.usage(
                total.nanoseconds - used, Int(total.bytes), now - start, used: total.nanoseconds)
        }
        return usages
    }

    private func base(at now: Duration) -> Sample? { samples.last { now - $0.at >= Self.shortestWindow } }

    private static func usage(_ nanoseconds: Int64, _ bytes: Int, _ window: Duration, used: Int64) -> Usage {
        let seconds = max(0.001, window / .seconds(1))
        return Usage(
            nanocores: Int64((Double(max(0, nanoseconds)) / seconds).rounded()), memory: Int64(max(0, bytes)),
            window: window, used: used)
    }
}
