/// How far the fetch of a model has come.
package struct ModelProgress: Sendable, Hashable, CustomStringConvertible {
    package enum Phase: String, Sendable, Hashable {
        /// Looking up what to fetch.
        case resolving
        case downloading
        /// Computing the digest of what an earlier, interrupted fetch left.
        case verifying
        case unpacking
    }

    package var phase: Phase
    /// Bytes of this phase that are done, counting those of an earlier, interrupted fetch.
    package var bytesDone: Int64
    /// `nil` where the server does not say.
    package var bytesTotal: Int64?
    /// Of the last seconds; `nil` until it can be told.
    package var bytesPerSecond: Double?
    /// Why it does not go on: `the connection was cut; trying again in 2 s`.
    package var hindrance: String?

    package init(
        phase: Phase, bytesDone: Int64 = 0, bytesTotal: Int64? = nil, bytesPerSecond: Double? = nil,
        hindrance: String? = nil
    ) {
        self.phase = phase
        self.bytesDone = bytesDone
        self.bytesTotal = bytesTotal
        self.bytesPerSecond = bytesPerSecond
        self.hindrance = hindrance
    }

    /// How long the phase will take from now on, at this rate; `nil` until it can be told.
    package var remaining: Duration? {
        guard let bytesTotal, let bytesPerSecond, bytesPerSecond > 0, bytesDone < bytesTotal else { return nil }
        return .seconds(Double(bytesTotal - bytesDone) / bytesPerSecond)
    }

    /// `fetched 34.1 MB of 98.0 MB (12.3 MB/s, 6 s left)`
    package var description: String {
        guard phase != .resolving else { return "looking up the model" + (hindrance.map { "; \($0)" } ?? "") }
        let verb = [.verifying: "verified", .unpacking: "unpacked"][phase] ?? "fetched"
        let total = bytesTotal.map { " of \(ByteText.decimal($0))" } ?? ""
        let left = remaining.map { ", \(Self.text($0)) left" } ?? ""
        let rate = bytesPerSecond.map { " (\(ByteText.decimal(Int64($0)))/s\(left))" } ?? ""
        return "\(verb) \(ByteText.decimal(bytesDone))\(total)\(rate)" + (hindrance.map { "; \($0)" } ?? "")
    }
}

extension ModelProgress {
    /// `6 s`, `2 min`, `1 h 5 min`
    private static func text(_ duration: Duration) -> String {
        let seconds = max(1, Int((duration / .seconds(1)).rounded(.up)))
        if seconds < 100 { return "\(seconds) s" }
        let minutes = (seconds + 30) / 60
        return minutes < 60 ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60) min"
    }
}

/// Counts of bytes, as people read them.
package enum ByteText {
    /// In decimal units with one digit after the point: `34.1 MB`.
    package static func decimal(_ count: Int64) -> String {
        guard count >= 1000 else { return "\(max(count, 0)) B" }
        var value = Double(count) / 1000
        var unit = 0
        let units = ["kB", "MB", "GB", "TB", "PB"]
        while value >= 999.95, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}
