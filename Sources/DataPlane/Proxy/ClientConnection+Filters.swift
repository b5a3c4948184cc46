import HTTPFraming
import NIOCore
import Routing

// What the filters of a Gateway API route do to a request. Routes without filters do not come here.
extension ClientConnection {
    /// Changes the head in `request`, which has no empty line at its end yet: who may call was decided by what the caller
    /// sent, what is sent on is what the filters make of it.
    func apply(_ filters: RouteFilters, prefix: Int) throws(FramingError) {
        request.writeStaticString("\r\n")
        let old = request
        let head = old.readableBytesUInt8Span
        let filter = try HeadFilter(head)
        let path = filters.path.map { $0.applied(to: head.extracting(filter.path), prefix: prefix) }
        let room = head.count + (path.map { $0.count } ?? 0) + (filters.host.map { $0.count } ?? 0) + 16
        request = ByteBuffer()
        request.writeWithOutputRawSpan(minimumWritableBytes: room) { output in
            filter.write(head, path: path, host: filters.host, removed: filters.request.removed, to: &output)
        }
    }
}

extension LocalResponse {
    /// The client is sent elsewhere.
    init(
        _ redirect: Redirect, _ head: RequestHead, _ bytes: Span<UInt8>, path: Span<UInt8>, _ rule: RuleChoice,
        isSecure: Bool
    ) {
        let location = redirect.location(
            host: bytes.extracting(head.host).string, port: Self.port(head, bytes), isSecure: isSecure, path: path,
            prefix: rule.prefix, query: bytes.extracting(head.query))
        self.init(redirect: redirect.status, location: location)
    }

    /// The port that the request names after its host.
    private static func port(_ head: RequestHead, _ bytes: Span<UInt8>) -> Int? {
        guard let colon = head.authority.last(where: { bytes[$0] == UInt8(ascii: ":") }), colon >= head.host.upperBound
        else { return nil }
        return Int(bytes.extracting((colon + 1)..<head.authority.upperBound).string)
    }
}

extension Span<UInt8> {
    fileprivate var string: String {
        var bytes: [UInt8] = []
        for index in indices { bytes.append(self[index]) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
