import KubeModel
import Testing

@testable import ServingControllers

private let gibibyte = 1 << 30

func revisionKey(_ name: String) -> ObjectKey { ObjectKey(namespace: "default", name: name) }

func applicant(_ name: String, needs gibibytes: Int, waited: Duration = .zero) -> Applicant {
    var applicant = Applicant(pod: revisionKey("\(name)-pod"), demand: Amounts(memory: gibibytes * gibibyte))
    applicant.revision = revisionKey(name)
    applicant.waited = waited
    return applicant
}

func occupant(_ name: String, holds gibibytes: Int, load: Double = 4, rate: Double = 0) -> Occupant {
    var occupant = Occupant(revision: revisionKey(name))
    occupant.holds = Amounts(memory: gibibytes * gibibyte)
    occupant.stayed = .seconds(600)
    (occupant.loadSeconds, occupant.rate) = (load, rate)
    return occupant
}

/// A node with 8 GiB that its occupants hold.
func plan(_ applicants: [Applicant], _ occupants: [Occupant], leaving: Int = 0) -> PlacementPlan {
    var room = NodeRoom(allocatable: Amounts(memory: 8 * gibibyte))
    room.leaving = Amounts(memory: leaving * gibibyte)
    room.taken = occupants.reduce(room.leaving) { $0 + $1.holds }
    (room.applicants, room.occupants) = (applicants, occupants)
    return PlacementPlan(room)
}

@Suite("Who gets room")
struct PlacementPlanTests {
    private func left(_ plan: PlacementPlan) -> [String] { plan.departures.map(\.occupant.revision.name) }

    @Test("what fits is bound, and what is bound is no longer free for the next")
    func fits() {
        let plan = plan([applicant("a", needs: 4), applicant("b", needs: 4)], [occupant("x", holds: 4)])
        #expect(plan.bound.map(\.pod.name) == ["a-pod"])
        #expect(left(plan) == ["x"])
    }

    @Test("a pod that is larger than the node says so, and nobody leaves for it")
    func neverFits() {
        let plan = plan([applicant("a", needs: 9)], [occupant("x", holds: 4)])
        #expect(plan.departures.isEmpty)
        #expect(
            plan.waits.values.first
                == "0/1 nodes are available: 1 Insufficient memory (needs 9.0 GiB, the node has 8.0 GiB of 8.0 GiB).")
    }

    @Test("the idle model that is cheapest to bring back leaves: load time times use for each byte")
    func cheapest() {
        let cases: [([Occupant], [String])] = [
            ([occupant("slow", holds: 4, load: 60), occupant("fast", holds: 4, load: 2)], ["fast"]),
            ([occupant("used", holds: 4, rate: 0.1), occupant("unused", holds: 4)], ["unused"]),
            ([occupant("large", holds: 6), occupant("small", holds: 2)], ["large"]),
            // The cheap one alone is not enough; with the next one it is not needed any more.
            ([occupant("cheap", holds: 2, load: 0.1), occupant("dear", holds: 6, load: 60)], ["dear"]),
        ]
        for (occupants, expected) in cases {
            #expect(left(plan([applicant("a", needs: 4)], occupants)) == expected)
        }
    }

    @Test(
        "these stay, however idle: with a minimum of replicas, just loaded, still loading, more important",
        arguments: ["minimum", "just loaded", "loading", "important"])
    func stays(_ what: String) {
        var occupant = occupant("x", holds: 8, load: 30)
        switch what {
        case "minimum": occupant.mayGoToZero = false
        case "just loaded": occupant.stayed = .seconds(29)
        case "loading": occupant.stayed = nil
        default: occupant.priority = 1
        }
        let plan = plan([applicant("a", needs: 4, waited: .seconds(3_600))], [occupant])
        #expect(plan.departures.isEmpty)
        #expect(plan.waits.values.first?.contains("needs 4.0 GiB, free are 0 B of 8.0 GiB") == true)
    }

    @Test("a busy model stays until another has waited for its patience, and was there for as long itself")
    func turns() {
        var busy = occupant("x", holds: 8, load: 5)
        busy.isIdle = false
        func left(_ waited: Int, _ stayed: Int, isFurther: Bool = false) -> Departure.Reason? {
            busy.stayed = .seconds(stayed)
            var applicant = applicant("a", needs: 4, waited: .seconds(waited))
            applicant.isFurther = isFurther
            return plan([applicant], [busy]).departures.first?.reason
        }
        #expect(left(59, 600) == nil)
        #expect(left(60, 59) == nil)
        #expect(left(60, 60) == .turn)
        #expect(left(60, 60, isFurther: true) == nil, "nobody in use leaves for one more replica")
    }

    @Test("a new revision takes its predecessor's place only where nothing else makes room")
    func handOver() {
        var new = applicant("new", needs: 6)
        (new.configuration, new.generation, new.replacesSiblings) = (revisionKey("model"), 2, true)
        var old = occupant("old", holds: 6)
        (old.configuration, old.generation, old.isIdle, old.mayGoToZero) = (revisionKey("model"), 1, false, false)
        #expect(plan([new], [old]).departures.map(\.reason) == [.handOver])
        #expect(left(plan([new], [old, occupant("idle", holds: 2)])) == ["old"])
        new.demand = Amounts(memory: 8 * gibibyte)
        #expect(left(plan([new], [old, occupant("idle", holds: 2)])) == ["old", "idle"])
        var other = occupant("other", holds: 2)
        other.mayGoToZero = false
        #expect(plan([new], [old, other]).departures.isEmpty, "nothing is gained by stopping it")
        new.demand = Amounts(memory: 2 * gibibyte)
        #expect(plan([new], [old]).departures.isEmpty, "both have room")
        new.asksForHandOver = true
        #expect(plan([new], [old]).departures.map(\.reason) == [.handOver])
    }

    @Test("what is promised to one is kept from those behind it")
    func promised() {
        let first = applicant("a", needs: 8)
        var second = applicant("b", needs: 2)
        second.since = 1
        let plan = plan([second, first], [occupant("x", holds: 6)])
        #expect(left(plan) == ["x"])
        #expect(plan.bound.isEmpty)
    }

    @Test("devices are counted like memory")
    func devices() {
        var room = NodeRoom(allocatable: Amounts(memory: gibibyte, devices: ["nvidia.com/gpu": 1]))
        room.taken = Amounts(memory: 0, devices: ["nvidia.com/gpu": 1])
        var applicant = applicant("a", needs: 0)
        applicant.demand = Amounts(memory: 0, devices: ["nvidia.com/gpu": 1])
        room.applicants = [applicant]
        #expect(
            PlacementPlan(room).waits.values.first
                == "0/1 nodes are available: 1 Insufficient nvidia.com/gpu (needs 1, free are 0 of 1).")
    }
}
