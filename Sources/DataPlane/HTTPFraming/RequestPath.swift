/// The one form of a path that routing, authorization and the model server all see: percent-encodings of unreserved
/// characters are decoded, the others are in upper case, and `.` and `..` segments are resolved. RFC 3986 section 6.2.2.
package enum RequestPath {
    /// - Returns: `nil` where the path is in its one form already, which is the usual case and costs a scan.
    package static func normalise(_ path: Span<UInt8>) throws(FramingError) -> [UInt8]? {
        guard needsWork(path) else { return nil }
        return try resolveDots(try decode(path))
    }

    private static func needsWork(_ path: Span<UInt8>) -> Bool {
        var afterSlash = false
        for index in path.indices {
            let byte = path[index]
            if byte == UInt8(ascii: "%") || afterSlash && byte == UInt8(ascii: ".") { return true }
            afterSlash = byte == UInt8(ascii: "/")
        }
        return false
    }

    private static func decode(_ path: Span<UInt8>) throws(FramingError) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(path.count)
        var index = 0
        while index < path.count {
            guard path[index] == UInt8(ascii: "%") else {
                result.append(path[index])
                index += 1
                continue
            }
            guard index + 2 < path.count, let high = path[index + 1].hexDigit, let low = path[index + 2].hexDigit,
                high + low > 0
            else { throw .malformedPath }
            let byte = UInt8(high << 4 | low)
            if ByteClass.unreserved.contains(byte) {
                result.append(byte)
            } else {
                result.append(UInt8(ascii: "%"))
                result.append(upperHex(high))
                result.append(upperHex(low))
            }
            index += 3
        }
        return result
    }

    private static func upperHex(_ digit: Int) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + UInt8(digit) : UInt8(ascii: "A") + UInt8(digit - 10)
    }

    /// A path that climbs above its root is an error, not silently the root.
    private static func resolveDots(_ path: [UInt8]) throws(FramingError) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(path.count)
        var starts: [Int] = []
        for segment in path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst() {
            let isLast = segment.endIndex == path.endIndex
            if segment.elementsEqual("..".utf8) {
                guard let start = starts.popLast() else { throw .malformedPath }
                result.removeSubrange(start...)
                if isLast { result.append(UInt8(ascii: "/")) }
            } else if segment.elementsEqual(".".utf8) {
                if isLast { result.append(UInt8(ascii: "/")) }
            } else {
                starts.append(result.count)
                result.append(UInt8(ascii: "/"))
                result.append(contentsOf: segment)
            }
        }
        return result
    }
}
