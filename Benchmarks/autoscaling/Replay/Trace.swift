/// Requests over time.
package struct Trace: Sendable {
    package struct Request: Sendable {
        /// Seconds since the start.
        package var arrival: Double
        /// Seconds that it occupies a slot for.
        package var work: Double
    }

    package var name: String
    package var length: Double
    package var requests: [Request]

    /// Requests at random (Poisson) at a rate that changes over time; each is read in 0.3 s and answered by 20 tokens to
    /// 1,000, a token in 20 ms, 4 s in all on average. The same seed makes the same requests.
    package init(_ name: String, length: Double, seed: UInt64, rate: (Double) -> Double) {
        self.name = name
        self.length = length
        var random = SplitMix(state: seed)
        requests = []
        var now = 0.0
        let most = 50.0
        while now < length {
            now -= logarithm(random.uniform()) / most
            guard random.uniform() < rate(now) / most else { continue }
            let tokens = min(1000, max(20, -logarithm(random.uniform()) * 185))
            requests.append(Request(arrival: now, work: 0.3 + tokens * 0.02))
        }
    }

    /// The traces of the comparison.
    package static func all(seed: UInt64 = 1) -> [Trace] {
        [
            Trace("step", length: 1800, seed: seed) { 300..<1200 ~= $0 ? 8 : 1 },
            Trace("ramp", length: 2100, seed: seed) { now in
                now < 900 ? 0.5 + 9.5 * now / 900 : now < 1200 ? 10 : max(0.5, 10 - 9.5 * (now - 1200) / 900)
            },
            Trace("square wave", length: 2400, seed: seed) { Int($0 / 120).isMultiple(of: 2) ? 1 : 8 },
            Trace("flash crowd", length: 1800, seed: seed) { 1 + crowd($0 - 400) + crowd($0 - 1200) },
        ]
    }

    /// From nothing to 19 a second in 15 s, then half of them every 80 s.
    private static func crowd(_ time: Double) -> Double {
        guard time > 0 else { return 0 }
        return time < 15 ? 19 * time / 15 : 19 * exponential(-(time - 15) / 120)
    }
}

/// A small generator of random numbers that can be had again.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// Above 0 and at most 1.
    mutating func uniform() -> Double { (Double(next() >> 11) + 1) / 9_007_199_254_740_992 }
}
