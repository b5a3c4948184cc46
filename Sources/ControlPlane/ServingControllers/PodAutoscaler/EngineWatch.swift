import Autoscaling
import KubeController
import KubeModel
import ServingAPI
import Synchronization

/// What the engines of revisions of the class for language models said last: asked every second, all at once, off the path
/// of any decision. An answer counts for a few seconds; after a restart they are asked anew.
final class EngineWatch: Sendable {
    private struct Answer: Sendable {
        var sample: EngineSample
        var moment: Duration
        /// What was said ten to twenty seconds ago, or at first: first tokens are averaged since.
        var base: EngineSample
        /// What will be the base ten seconds after `since`.
        var nextBase: EngineSample
        var since: Duration

        mutating func take(_ new: EngineSample, at now: Duration) {
            if now - since >= .seconds(10) { (base, nextBase, since) = (nextBase, new, now) }
            (sample, moment) = (new, now)
        }

        var load: EngineLoad { sample.load(since: base) }
    }

    private static let interval: Duration = .seconds(1)
    private static let shelfLife: Duration = .seconds(5)

    private let source: any EngineMetricsSource
    private let time: any TimeSource
    private let answers = Mutex<[EngineAddress: Answer]>([:])

    init(source: any EngineMetricsSource, time: any TimeSource) {
        self.source = source
        self.time = time
    }

    /// Asks the engines that `addresses` names, again and again until cancelled.
    func run(_ addresses: @Sendable () -> [EngineAddress]) async {
        while !Task.isCancelled {
            await ask(addresses())
            do { try await time.sleep(for: Self.interval) } catch { return }
        }
    }

    /// Asks each of them once.
    func ask(_ addresses: [EngineAddress]) async {
        let samples = await withTaskGroup(of: (EngineAddress, EngineSample?).self) { group in
            for address in addresses {
                group.addTask { [source] in (address, await source.read(address)) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let now = time.now
        answers.withLock { answers in
            for case (let address, let sample?) in samples {
                answers[
                    address,
                    default: Answer(
                        sample: sample, moment: now, base: sample, nextBase: sample, since: now)
                ].take(sample, at: now)
            }
            answers = answers.filter { now - $0.value.moment < Self.shelfLife }
        }
    }

    /// The sum over a revision's pods; `nil` unless all of them answered lately.
    func load(of addresses: [EngineAddress]) -> EngineLoad? {
        let now = time.now
        let loads = answers.withLock { answers in
            addresses.compactMap { address in
                answers[address].flatMap { now - $0.moment < Self.shelfLife ? $0.load : nil }
            }
        }
        guard !loads.isEmpty, loads.count == addresses.count else { return nil }
        return EngineLoad(
            running: loads.reduce(0) { $0 + $1.running }, waiting: loads.reduce(0) { $0 + $1.waiting },
            cacheUse: loads.compactMap(\.cacheUse).max(), firstToken: loads.compactMap(\.firstToken).max())
    }
}
