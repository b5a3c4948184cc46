/// Cuts one stream's bytes into lines. A line longer than `limit` is cut into parts, so that memory is bounded
/// whatever a process writes.
struct LineSplitter {
    /// As containerd's.
    static let limit = 16_384

    private var pending: [UInt8] = []

    /// - Parameter take: a line, or part of one, without its newline.
    mutating func feed(_ bytes: ArraySlice<UInt8>, _ take: (_ text: ArraySlice<UInt8>, _ isPartial: Bool) -> Void) {
        var rest = bytes
        while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
            append(rest[..<newline], take)
            take(pending[...], false)
            pending.removeAll(keepingCapacity: true)
            rest = rest[(newline + 1)...]
        }
        append(rest, take)
    }

    /// The last line, if it has no newline.
    mutating func end(_ take: (_ text: ArraySlice<UInt8>, _ isPartial: Bool) -> Void) {
        if !pending.isEmpty { take(pending[...], false) }
        pending = []
    }

    private mutating func append(_ bytes: ArraySlice<UInt8>, _ take: (ArraySlice<UInt8>, Bool) -> Void) {
        pending += bytes
        while pending.count > Self.limit {
            take(pending[..<Self.limit], true)
            pending.removeFirst(Self.limit)
        }
    }
}
