/// The header fields that a proxy has to understand; all others are `other`.
package enum HeaderName: UInt8, Sendable, Hashable {
    case other
    case host, contentLength, transferEncoding, connection, te, trailer, upgrade, expect, contentType
    /// What callers identify themselves with: Authorization, X-API-Key, Api-Key.
    case credential
    case accept, prefer
    case traceparent
    /// Knative-Serving-Tag and K-Network-Probe: for the gateway, and for no server.
    case routeTag, networkProbe
    /// Belongs to one connection: Keep-Alive, Proxy-*, HTTP2-Settings.
    case hopByHop
    case forwarded, forwardedFor, forwardedProto, forwardedHost
    /// Is spoken between the platform's own parts, never by a client: K-*, Knative-Serving-*, KServe-Isvc-*, X-Gateway-*, X-Envoy-*,
    /// X-Remote-User and its like.
    case reserved

    /// What a recipient must know before the body, or trusts, comes in a head only. RFC 9110 section 6.5.1.
    package var mayStandInTrailers: Bool { [.other, .contentType, .forwarded, .traceparent].contains(self) }

    package static func identify(_ name: Span<UInt8>) -> HeaderName {
        name.isEmpty ? .other : identify(0..<name.count, in: name)
    }

    static func identify(_ range: Range<Int>, in bytes: Span<UInt8>) -> HeaderName {
        func match(_ literal: StaticString, _ name: HeaderName) -> HeaderName? {
            bytes.equals(literal, in: range) ? name : nil
        }
        let known: HeaderName? =
            switch range.count {
            case 2: match("te", .te)
            case 4: match("host", .host)
            case 6: match("expect", .expect) ?? match("accept", .accept) ?? match("prefer", .prefer)
            case 7: match("upgrade", .upgrade) ?? match("trailer", .trailer) ?? match("api-key", .credential)
            case 9: match("forwarded", .forwarded) ?? match("x-api-key", .credential)
            case 10: match("connection", .connection) ?? match("keep-alive", .hopByHop)
            case 11: match("traceparent", .traceparent)
            case 12: match("content-type", .contentType)
            case 13: match("authorization", .credential)
            case 14: match("content-length", .contentLength) ?? match("http2-settings", .hopByHop)
            case 15: match("x-forwarded-for", .forwardedFor) ?? match("k-network-probe", .networkProbe)
            case 16: match("x-forwarded-host", .forwardedHost)
            case 17: match("transfer-encoding", .transferEncoding) ?? match("x-forwarded-proto", .forwardedProto)
            case 19: match("knative-serving-tag", .routeTag)
            default: nil
            }
        return known ?? identifyByPrefix(range, in: bytes)
    }

    private static func identifyByPrefix(_ range: Range<Int>, in bytes: Span<UInt8>) -> HeaderName {
        switch bytes[range.lowerBound] | 0x20 {
        case UInt8(ascii: "k"):
            let isReserved =
                bytes.hasPrefix("k-", in: range) || bytes.hasPrefix("knative-serving-", in: range)
                || bytes.hasPrefix("kserve-isvc-", in: range)
            return isReserved ? .reserved : .other
        case UInt8(ascii: "x"):
            let isReserved =
                bytes.hasPrefix("x-gateway-", in: range) || bytes.hasPrefix("x-envoy-", in: range)
                || bytes.equals("x-forwarded-client-cert", in: range) || bytes.hasPrefix("x-remote-user", in: range)
                || bytes.hasPrefix("x-remote-group", in: range) || bytes.hasPrefix("x-remote-extra-", in: range)
            return isReserved ? .reserved : .other
        case UInt8(ascii: "p"):
            return bytes.hasPrefix("proxy-", in: range) ? .hopByHop : .other
        default: return .other
        }
    }
}

/// One line of a head, as offsets into the received bytes.
package struct HeaderField: Sendable, Hashable {
    var start: UInt32
    var nameEnd: UInt32
    var valueStart: UInt32
    var valueEnd: UInt32
    /// After the line's CRLF: the start of the next line.
    var end: UInt32
    package var kind: HeaderName
    /// The field is not passed on.
    package internal(set) var isDropped = false

    package var name: Range<Int> { Int(start)..<Int(nameEnd) }
    /// Without the white space around it.
    package var value: Range<Int> { Int(valueStart)..<Int(valueEnd) }

    /// - Parameter line: without its CRLF, not empty.
    static func parse(_ line: Range<Int>, in bytes: Span<UInt8>) throws(FramingError) -> HeaderField {
        let first = bytes[line.lowerBound]
        if first == .space || first == .tab { throw .foldedField }
        let token = ByteClass.token
        var colon = line.lowerBound
        while colon < line.upperBound, token.contains(bytes[colon]) { colon += 1 }
        guard colon > line.lowerBound, colon < line.upperBound, bytes[colon] == UInt8(ascii: ":") else {
            throw .malformedFieldName
        }
        for index in (colon + 1)..<line.upperBound where !bytes[index].isFieldValueByte { throw .controlCharacter }
        let value = bytes.trimmed((colon + 1)..<line.upperBound)
        let name = line.lowerBound..<colon
        var field = HeaderField(
            start: UInt32(name.lowerBound), nameEnd: UInt32(colon), valueStart: UInt32(value.lowerBound),
            valueEnd: UInt32(value.upperBound), end: UInt32(line.upperBound + 2),
            kind: HeaderName.identify(name, in: bytes))
        field.dropIfDisguised(in: bytes)
        return field
    }

    /// `Content_Length` is no Content-Length, but some servers take it for one: it goes nowhere.
    private mutating func dropIfDisguised(in bytes: Span<UInt8>) {
        guard kind != .other else { return }
        for index in name where bytes[index] == UInt8(ascii: "_") {
            kind = .reserved
            isDropped = true
            return
        }
    }
}
