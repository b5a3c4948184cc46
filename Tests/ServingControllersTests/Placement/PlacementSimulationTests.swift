import KubeModel
import Randomness
import Testing

@testable import ServingControllers

/// Models of random sizes on a node too small for them, called at random for hours of virtual time, with the plan
/// carried out to the letter.
private struct Simulation {
    struct Model {
        var size: Int
        var loadSeconds: Int
        var isCalled = false
        /// When it began to wait, to load, to leave; at most one is set.
        var waitsSince: Int?
        var loadsSince: Int?
        var readySince: Int?
        var leavesAt: Int?
        var isAnswering: Bool { readySince != nil && isCalled }
    }

    static let capacity = 10
    var models: [Model]
    var now = 0
    var longestWait = 0

    init(_ random: inout SeededRandom) {
        models = (0..<Int.random(in: 2...6, using: &random)).map { _ in
            Model(size: Int.random(in: 1...10, using: &random), loadSeconds: Int.random(in: 1...40, using: &random))
        }
    }

    func key(_ index: Int) -> ObjectKey { revisionKey("m\(index)") }

    var room: NodeRoom {
        var room = NodeRoom(allocatable: Amounts(memory: Self.capacity))
        for (index, model) in models.enumerated() {
            let holds = Amounts(memory: model.size)
            if let since = model.waitsSince {
                var applicant = Applicant(pod: key(index), demand: holds)
                (applicant.revision, applicant.since) = (key(index), Int64(since))
                applicant.waited = .seconds(now - since)
                room.applicants.append(applicant)
            } else if model.leavesAt != nil {
                room.leaving += holds
                room.taken += holds
            } else if model.loadsSince != nil || model.readySince != nil {
                room.taken += holds
                var occupant = Occupant(revision: key(index))
                (occupant.holds, occupant.isIdle) = (holds, !model.isCalled)
                occupant.stayed = model.readySince.map { .seconds(now - $0) }
                occupant.loadSeconds = Double(model.loadSeconds)
                room.occupants.append(occupant)
            }
        }
        return room
    }

    mutating func step(_ random: inout SeededRandom) throws {
        for index in models.indices {
            if Int.random(in: 0..<30, using: &random) == 0 { models[index].isCalled.toggle() }
            advance(index)
        }
        let plan = PlacementPlan(room)
        for departure in plan.departures {
            let index = try #require(models.indices.first { key($0) == departure.occupant.revision })
            let model = models[index]
            if departure.reason == .idle { try #require(!model.isAnswering, "a busy model was evicted") }
            let ready = try #require(model.readySince, "a loading model was evicted")
            try #require(now - ready >= model.loadSeconds, "it stayed shorter than it took to load")
            models[index].readySince = nil
            // It finishes what it answers.
            models[index].leavesAt = now + (model.isAnswering ? 5 : 1)
        }
        for applicant in plan.bound {
            let index = try #require(models.indices.first { key($0) == applicant.pod })
            longestWait = max(longestWait, now - (models[index].waitsSince ?? now))
            (models[index].waitsSince, models[index].loadsSince) = (nil, now)
        }
        try #require(room.taken[Amounts.memory] <= Self.capacity, "more was given out than there is")
        now += 1
    }

    private mutating func advance(_ index: Int) {
        let model = models[index]
        if let since = model.loadsSince, now - since >= model.loadSeconds {
            (models[index].loadsSince, models[index].readySince) = (nil, now)
        }
        if let at = model.leavesAt, now >= at { models[index].leavesAt = nil }
        let isAway = models[index].loadsSince == nil && models[index].readySince == nil && models[index].leavesAt == nil
        if isAway, model.isCalled, model.waitsSince == nil { models[index].waitsSince = now }
    }
}

@Suite("Room over a long time")
struct PlacementSimulationTests {
    @Test("never more than there is, none stopped while it answers, and nobody waits for longer than all turns take")
    func simulation() throws {
        for _ in 0..<FuzzRun.iterations(30) {
            var random = SeededRandom()
            var simulation = Simulation(&random)
            do {
                for _ in 0..<3_000 { try simulation.step(&random) }
            } catch {
                Issue.record("seed \(random.seed): \(error)")
                return
            }
            // Everyone else has a turn of at most a minute, or as long as it took to load, after loading and before
            // leaving.
            let turns = simulation.models.map { $0.loadSeconds + max(60, $0.loadSeconds) + 5 }.reduce(0, +)
            #expect(simulation.longestWait <= 60 + turns, "seed \(random.seed)")
        }
    }
}
