/// The members of a JSON text that are there more than once: `spec.size`, `spec.parts[0].name`, each path once, in the
/// order of their second appearance.
package struct JSONDuplicates: Sendable, Hashable {
    package private(set) var paths: [String] = []

    /// Parses `bytes` as `JSONValue.init(parsing:)` does, and says what was there twice: the value has the last one.
    package static func parse(_ bytes: [UInt8]) throws(JSONParseError) -> (value: JSONValue, duplicates: JSONDuplicates)
    {
        let result = bytes.withUnsafeBufferPointer { buffer -> Result<(JSONValue, Bool), JSONParseError> in
            // SAFETY: the parser lives only inside this closure, and the buffer with it.
            var parser = JSONParser(bytes: buffer)
            do throws(JSONParseError) { return .success((try parser.parseDocument(), parser.hasDuplicates)) } catch {
                return .failure(error)
            }
        }
        let (value, hasDuplicates) = try result.get()
        // Only then the text is read a second time.
        return (value, hasDuplicates ? JSONDuplicates(in: bytes) : JSONDuplicates())
    }

    private init() {}

    /// - Parameter bytes: valid JSON.
    private init(in bytes: [UInt8]) {
        var scan = Scan(bytes: bytes)
        scan.value("")
        paths = scan.paths
    }
}

/// Walks over a JSON text that is known to be valid.
private struct Scan {
    let bytes: [UInt8]
    var offset = 0
    var paths: [String] = []

    mutating func value(_ path: String) {
        skipWhitespace()
        switch bytes[offset] {
        case UInt8(ascii: "{"): object(path)
        case UInt8(ascii: "["): array(path)
        case UInt8(ascii: "\""): _ = string()
        default:
            while offset < bytes.count, !",]} \n\t\r".utf8.contains(bytes[offset]) { offset += 1 }
        }
    }

    private mutating func object(_ path: String) {
        offset += 1
        var seen: Set<String> = []
        while next(UInt8(ascii: "}")) {
            let key = string()
            let place = path.isEmpty ? key : "\(path).\(key)"
            if !seen.insert(key).inserted, !paths.contains(place) { paths.append(place) }
            skipWhitespace()
            offset += 1
            value(place)
        }
    }

    private mutating func array(_ path: String) {
        offset += 1
        var index = 0
        while next(UInt8(ascii: "]")) {
            value("\(path)[\(index)]")
            index += 1
        }
    }

    /// Goes to the next element, or behind the `end`.
    private mutating func next(_ end: UInt8) -> Bool {
        skipWhitespace()
        if bytes[offset] == UInt8(ascii: ",") { offset += 1 }
        skipWhitespace()
        guard bytes[offset] == end else { return true }
        offset += 1
        return false
    }

    private mutating func string() -> String {
        let start = offset
        offset += 1
        while bytes[offset] != UInt8(ascii: "\"") { offset += bytes[offset] == UInt8(ascii: "\\") ? 2 : 1 }
        offset += 1
        return (try? JSONValue(parsing: Array(bytes[start..<offset])))?.stringValue ?? ""
    }

    private mutating func skipWhitespace() {
        while offset < bytes.count, " \n\t\r".utf8.contains(bytes[offset]) { offset += 1 }
    }
}
