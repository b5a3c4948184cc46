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

    /// `fetched 34.1 MB of 98.0 MB (12.3 MB/s)`
    package var description: String {
        guard phase != .resolving else { return "looking up the model" + (hindrance.map { "; \($0)" } ?? "") }
        let verb = [.verifying: "verified", .unpacking: "unpacked"][phase] ?? "fetched"
        let total = bytesTotal.map { " of \(ByteText.decimal($0))" } ?? ""
        let rate = bytesPerSecond.map { " (\(ByteText.decimal(Int64($0)))/s)" } ?? ""
        return "\(verb) \(ByteText.decimal(bytesDone))\(total)\(rate)" + (hindrance.map { "; \($0)" } ?? "")
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
