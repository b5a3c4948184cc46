import JSONModel
import KubeClient
import KubeController
import KubeModel
import Logging
import ServingAPI
import Synchronization

/// Writes what a pod does to the API: the latest status, and events. The pod never waits for it; what is overtaken
/// before it was written is never written.
final class PodReporter: Sendable {
    struct Event: Sendable, Hashable {
        var isWarning: Bool
        var reason: String
        var message: String
    }

    private struct State {
        var wanted: Object
        var stages: PodMachine.Stages?
        var events: [Event] = []
        var isPassing = false
        /// A write of a passing state is due at some time.
        var isDue = false
        var isClosed = false
    }

    /// How long a passing state may last without being written.
    private static let passingTime: Duration = .milliseconds(250)

    private enum Timer: Hashable { case passing }

    private let timers = Effects<Timer>()
    private let client: any ResourceClient
    private let informer: Informer
    private let recorder: EventRecorder
    private let time: any TimeSource
    private let logger: Logger
    private let state: Mutex<State>
    private let changes: AsyncStream<Void>
    private let change: AsyncStream<Void>.Continuation

    init(
        pod: Object, client: any ResourceClient, informer: Informer, recorder: EventRecorder, time: any TimeSource,
        logger: Logger
    ) {
        self.client = client
        self.informer = informer
        self.recorder = recorder
        self.time = time
        self.logger = logger
        state = Mutex(State(wanted: pod))
        (changes, change) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// - Parameters:
    ///   - stages: of the last start that succeeded.
    ///   - isPassing: the pod is about to be ready. Such a state is written only if it lasts, and events wait: each
    ///     write wakes whoever watches pods, and would take the CPU from the server that starts.
    func want(_ pod: Object, stages: PodMachine.Stages?, isPassing: Bool) {
        let isTimerNeeded = state.withLock { state in
            state.wanted = pod
            state.stages = stages
            state.isPassing = isPassing
            defer { state.isDue = state.isDue || isPassing }
            return isPassing && !state.isDue
        }
        if !isPassing { change.yield() }
        guard isTimerNeeded else { return }
        timers.start(.passing) { [self] in
            try? await time.sleep(for: Self.passingTime)
            state.withLock { $0.isDue = false }
            change.yield()
        }
    }

    func tell(_ event: Event) {
        // Bounded: a pod that fails fast tells the same again, which the recorder counts.
        state.withLock { if $0.events.count < 64 { $0.events.append(event) } }
        if !state.withLock({ $0.isPassing }) { change.yield() }
    }

    /// Writes what is still to be written, then lets `run` return.
    func close() async {
        state.withLock { state in
            state.isClosed = true
            state.isPassing = false
        }
        change.yield()
        change.finish()
        await timers.endAll()
    }

    /// Writes until `close` or cancellation.
    ///
    /// - Parameter pod: as it is stored.
    func run(from pod: Object) async {
        var stored = pod
        var annotated: PodMachine.Stages?
        var failures = 0
        for await _ in changes {
            while await !write(&stored, &annotated), !Task.isCancelled, !state.withLock({ $0.isClosed }) {
                failures += 1
                try? await time.sleep(for: BackOff.watching.delay(afterFailures: failures, random: 0))
            }
            failures = 0
            await writeEvents()
        }
    }

    /// - Returns: whether there is nothing left to try.
    private func write(_ stored: inout Object, _ annotated: inout PodMachine.Stages?) async -> Bool {
        let (wanted, stages) = state.withLock { ($0.wanted, $0.stages) }
        do {
            if let patch = StatusPatch.patch(from: stored, to: wanted) {
                let written = try await client.patch(.pods, wanted.key, .merge(patch), subresource: "status")
                informer.take(written: written)
                stored.status = wanted.status
            }
            if let stages, stages != annotated {
                let patch = StatusPatch.annotation(stages, key: ServingKeys.startStages)
                informer.take(written: try await client.patch(.pods, wanted.key, .merge(patch)))
                annotated = stages
            }
            return true
        } catch let status as Status where status.isNotFound || status.isConflict {
            // The pod is gone, or another has its name.
            return true
        } catch let status as Status where status.code == 422 {
            logger.error(
                "A pod's status was refused", metadata: ["pod": "\(wanted.key)", "error": "\(status)"])
            return true
        } catch {
            logger.warning(
                "Could not write a pod's status; will try again",
                metadata: ["pod": "\(wanted.key)", "error": "\(error)"])
            return false
        }
    }

    private func writeEvents() async {
        let (pod, events) = state.withLock { state -> (Object, [Event]) in
            guard !state.isPassing else { return (state.wanted, []) }
            defer { state.events = [] }
            return (state.wanted, state.events)
        }
        for event in events {
            await recorder.record(event.isWarning ? .warning : .normal, event.reason, about: pod, event.message)
        }
    }
}
