import Testing

@testable import Activation

struct ConcurrencyMeterTests {
    private func at(_ seconds: Double) -> MonotonicTime { MonotonicTime(nanoseconds: Int64(seconds * 1e9)) }

    @Test
    func `The average between two readings is exact`() {
        let load = RevisionLoad(namespace: "n", name: "r", concurrencyLimit: 0, loops: 2)
        let start = load.read(at: at(10))
        #expect(start.inFlight == 0)
        load.meters[0].enter(at: at(10.25))
        load.meters[1].enter(at: at(10.5))
        let middle = load.read(at: at(11))
        #expect(middle.average(since: start) == 0.75 + 0.5)
        #expect(middle.inFlight == 2)
        load.meters[0].leave(at: at(11.5))
        let end = load.read(at: at(12))
        #expect(end.average(since: middle) == 0.5 + 1)
        #expect(end.average(since: start) == (1.25 + 1.5) / 2)
        #expect(end.inFlight == 1)
        #expect(end.requests == 2)
    }

    @Test
    func `A request shorter than the time between two readings is not missed`() {
        let meter = ConcurrencyMeter()
        let start = meter.read(at: at(1))
        meter.enter(at: at(1.1))
        meter.leave(at: at(1.2))
        let average = meter.read(at: at(2)).average(since: start)
        #expect(abs(average - 0.1) < 1e-9)
    }

    @Test
    func `A reading whose time was taken before a request came does not go back in time`() {
        let meter = ConcurrencyMeter()
        meter.enter(at: at(2))
        let early = meter.read(at: at(1))
        #expect(early.integral == 0)
        meter.leave(at: at(3))
        #expect(meter.read(at: at(2)).integral == 1_000_000_000)
        #expect(meter.read(at: at(4)).integral == 1_000_000_000)
    }

    @Test
    func `Readings at the same moment give what is in flight`() {
        let meter = ConcurrencyMeter()
        meter.enter(at: at(1))
        let reading = meter.read(at: at(1))
        #expect(reading.average(since: reading) == 1)
    }

    @Test
    func `A reader on another thread never sees half of a change`() async {
        let meter = ConcurrencyMeter()
        let rounds = 100_000
        await withTaskGroup { group in
            group.addTask {
                // One request, always running, and one that comes and goes: between 1 and 2 at any time.
                meter.enter(at: MonotonicTime(nanoseconds: 0))
                for round in 0..<rounds {
                    meter.enter(at: MonotonicTime(nanoseconds: Int64(round * 10)))
                    meter.leave(at: MonotonicTime(nanoseconds: Int64(round * 10 + 5)))
                }
            }
            group.addTask {
                var last = ConcurrencyReading()
                while last.requests < rounds {
                    let reading = meter.read(at: MonotonicTime(nanoseconds: 0))
                    #expect(reading.requests >= last.requests)
                    #expect(0...2 ~= reading.inFlight)
                    last = reading
                }
            }
        }
        let end = meter.read(at: MonotonicTime(nanoseconds: Int64(rounds * 10)))
        #expect(end.integral == UInt64(rounds * 15))
    }
}
