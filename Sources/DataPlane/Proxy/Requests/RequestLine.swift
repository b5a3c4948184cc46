/// Method and path of a request as it came, without the query, which may hold secrets: at most 160 bytes, in place.
struct RequestLine {
    private static let capacity = 160
    private var bytes = InlineArray<160, UInt8>(repeating: 0)
    private var count: UInt8 = 0
    private var methodCount: UInt8 = 0

    mutating func clear() { (count, methodCount) = (0, 0) }

    mutating func set(_ head: Span<UInt8>, method: Range<Int>, path: Range<Int>) {
        clear()
        append(head, method)
        methodCount = count
        append(head, path)
    }

    private mutating func append(_ head: Span<UInt8>, _ range: Range<Int>) {
        for index in range.prefix(Self.capacity - Int(count)) {
            bytes[Int(count)] = head[index]
            count += 1
        }
    }

    var method: String { text(0..<Int(methodCount)) }
    var path: String { text(Int(methodCount)..<Int(count)) }

    private func text(_ range: Range<Int>) -> String {
        var text: [UInt8] = []
        for index in range { text.append(bytes[index]) }
        return String(decoding: text, as: UTF8.self)
    }
}
