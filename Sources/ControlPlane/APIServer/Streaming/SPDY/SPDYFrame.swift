/// A frame of SPDY/3.1 (draft 3, section 2.2), its headers still compressed.
enum SPDYFrame: Sendable, Hashable {
    case synStream(stream: UInt32, isLast: Bool, block: [UInt8])
    case synReply(stream: UInt32, isLast: Bool, block: [UInt8])
    case headers(stream: UInt32, isLast: Bool, block: [UInt8])
    case reset(stream: UInt32, status: UInt32)
    case ping(UInt32)
    case goAway(lastStream: UInt32, status: UInt32)
    case windowUpdate(stream: UInt32, delta: UInt32)
    /// A long one comes in pieces, `isLast` with the last of them.
    case data(stream: UInt32, bytes: [UInt8], isLast: Bool)
    /// Settings, and what later drafts have: to be passed over.
    case other(type: UInt16)

    /// Control frames are whole in memory; ours and those of Kubernetes' clients have some hundred bytes.
    static let controlLimit = 64 << 10

    /// As it goes out.
    var bytes: [UInt8] {
        switch self {
        case .synStream(let stream, let isLast, let block):
            Self.control(1, flags: isLast, Self.number(Int(stream)) + Self.number(0) + [0, 0] + block)
        case .synReply(let stream, let isLast, let block):
            Self.control(2, flags: isLast, Self.number(Int(stream)) + block)
        case .headers(let stream, let isLast, let block):
            Self.control(8, flags: isLast, Self.number(Int(stream)) + block)
        case .reset(let stream, let status): Self.control(3, Self.number(Int(stream)) + Self.number(Int(status)))
        case .ping(let id): Self.control(6, Self.number(Int(id)))
        case .goAway(let last, let status): Self.control(7, Self.number(Int(last)) + Self.number(Int(status)))
        case .windowUpdate(let stream, let delta): Self.control(9, Self.number(Int(stream)) + Self.number(Int(delta)))
        case .data(let stream, let bytes, let isLast):
            Self.number(Int(stream)) + [isLast ? 1 : 0] + Self.number(bytes.count).dropFirst() + bytes
        case .other(let type): Self.control(type, [])
        }
    }

    /// Four bytes, the greatest first.
    static func number(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }

    private static func control(_ type: UInt16, flags isLast: Bool = false, _ payload: [UInt8]) -> [UInt8] {
        [0x80, 3, UInt8(type >> 8), UInt8(type & 0xff), isLast ? 1 : 0] + number(payload.count).dropFirst() + payload
    }
}

/// What a client did against SPDY/3.1.
struct SPDYViolation: Error, Hashable, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}

/// The names and values of a block of headers (draft 3, section 2.6.10).
enum SPDYHeaders {
    /// Names in lower case; of two with the same name the last counts.
    static func read(_ block: [UInt8]) throws(SPDYViolation) -> [String: String] {
        var rest = block[...]
        var headers: [String: String] = [:]
        let count = try number(&rest)
        guard count <= 256 else { throw SPDYViolation("there are too many headers") }
        for _ in 0..<count {
            let name = try text(&rest)
            headers[name.lowercased()] = try text(&rest)
        }
        return headers
    }

    static func write(_ headers: [(name: String, value: String)]) -> [UInt8] {
        headers.reduce(into: SPDYFrame.number(headers.count)) { block, header in
            for text in [header.name, header.value] { block += SPDYFrame.number(text.utf8.count) + Array(text.utf8) }
        }
    }

    private static func number(_ rest: inout ArraySlice<UInt8>) throws(SPDYViolation) -> Int {
        guard rest.count >= 4 else { throw SPDYViolation("a block of headers ends in the middle") }
        defer { rest = rest.dropFirst(4) }
        return rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }

    private static func text(_ rest: inout ArraySlice<UInt8>) throws(SPDYViolation) -> String {
        let count = try number(&rest)
        guard rest.count >= count else { throw SPDYViolation("a block of headers ends in the middle") }
        defer { rest = rest.dropFirst(count) }
        return String(decoding: rest.prefix(count), as: UTF8.self)
    }
}
