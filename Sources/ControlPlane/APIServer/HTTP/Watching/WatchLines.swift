import KubeModel
import ObjectStore

/// What a client reads of a watch: a line of JSON for each event, or a frame of protobuf.
struct WatchLines: Sendable {
    let rendering: Rendering
    var isProtobuf = false
    /// Whether no object was sent yet: only the first table of a watch has columns.
    private var isFirst = true

    init(rendering: Rendering) { self.rendering = rendering }

    mutating func bytes(_ notices: [WatchNotice]) throws -> [UInt8] {
        var bytes: [UInt8] = []
        for notice in notices { bytes += try self.bytes(notice) }
        return bytes
    }

    /// One event as a part of a chunked body (RFC 9112, section 7.1). It is made once for all who watch in this form.
    mutating func chunk(_ notice: WatchNotice) throws -> [UInt8] {
        guard case .object(let kind, let version) = notice, rendering.form != .table else {
            return Self.chunk(try bytes(notice))
        }
        let key = "\(kind.rawValue) \(rendering.form) \(rendering.table.definition.resource.version) \(isProtobuf)"
        return try version.rendered(key) { Self.chunk(try bytes(notice)) }
    }

    /// What tells why a watch ends.
    func bytes(_ status: Status) throws -> [UInt8] { try framed(Rendering.line(status)) }

    private mutating func bytes(_ notice: WatchNotice) throws -> [UInt8] {
        var line: [UInt8] = []
        try rendering.append(notice, isFirst: isFirst, to: &line)
        if case .object = notice { isFirst = false }
        return try framed(line)
    }

    private func framed(_ line: [UInt8]) throws -> [UInt8] { isProtobuf ? try ProtobufAnswer.frame(line) : line }

    static func chunk(_ bytes: [UInt8]) -> [UInt8] {
        Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + Array("\r\n".utf8)
    }
}
