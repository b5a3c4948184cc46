import ServingAPI

// The parameters of a query, as a form has them: `?name=value&other`. The first one of a name counts.
extension Span<UInt8> {
    /// Of a query with its `?`, or an empty one.
    func hasParameter(_ wanted: RequestMatch.Named) -> Bool {
        var start = min(1, count)
        while start < count {
            let last = end(at: UInt8(ascii: "&"), in: start..<count)
            let nameEnd = end(at: UInt8(ascii: "="), in: start..<last)
            if decodes(start..<nameEnd, to: wanted.name) {
                return takes(min(nameEnd + 1, last)..<last, wanted.value)
            }
            start = last + 1
        }
        return false
    }

    fileprivate func takes(_ range: Range<Int>, _ value: RequestMatch.Text) -> Bool {
        switch value {
        case .exact(let exact): decodes(range, to: exact)
        case .pattern(let pattern): pattern.matches(decoded(range).span)
        }
    }

    fileprivate func end(at byte: UInt8, in range: Range<Int>) -> Int {
        for index in range where self[index] == byte { return index }
        return range.upperBound
    }

    fileprivate func decodes(_ range: Range<Int>, to expected: [UInt8]) -> Bool {
        var (index, count) = (range.lowerBound, 0)
        while index < range.upperBound {
            let byte = next(&index, range.upperBound)
            guard count < expected.count, expected[count] == byte else { return false }
            count += 1
        }
        return count == expected.count
    }

    fileprivate func decoded(_ range: Range<Int>) -> [UInt8] {
        var (index, bytes) = (range.lowerBound, [UInt8]())
        while index < range.upperBound { bytes.append(next(&index, range.upperBound)) }
        return bytes
    }

    /// A `%` that does not begin an encoding stands for itself.
    fileprivate func next(_ index: inout Int, _ end: Int) -> UInt8 {
        let byte = self[index]
        index += 1
        if byte == UInt8(ascii: "+") { return UInt8(ascii: " ") }
        guard byte == UInt8(ascii: "%"), index + 1 < end, let high = Self.digit(self[index]),
            let low = Self.digit(self[index + 1])
        else { return byte }
        index += 2
        return high << 4 | low
    }

    fileprivate static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
