/// A block that begins an entry of a tar file.
struct TarHeader {
    enum Kind { case file, directory, longName, extended, global, forbidden }

    var name: String
    var size: Int64
    var type: Kind

    init(_ block: [UInt8]) throws {
        let sum = block.enumerated().reduce(0) { $0 + Int((148..<156).contains($1.offset) ? 0x20 : $1.element) }
        guard Int64(sum) == Self.number(block[148..<156]) else { throw ArchiveError.corrupt("a header's sum is wrong") }
        let prefix = block[257..<263].elementsEqual("ustar\0".utf8) ? Self.text(block[345..<500]) : ""
        let base = Self.text(block[0..<100])
        name = prefix.isEmpty ? base : "\(prefix)/\(base)"
        guard let number = Self.number(block[124..<136]) else { throw ArchiveError.corrupt("a size is out of bounds") }
        size = number
        type = Self.kind(block[156], name)
    }

    private static func kind(_ flag: UInt8, _ name: String) -> Kind {
        switch flag {
        case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): name.hasSuffix("/") ? .directory : .file
        case UInt8(ascii: "5"): .directory
        case UInt8(ascii: "L"): .longName
        case UInt8(ascii: "x"): .extended
        case UInt8(ascii: "g"): .global
        default: .forbidden
        }
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String {
        String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// Octal digits, or (GNU) a binary number whose first bit is set.
    private static func number(_ field: ArraySlice<UInt8>) -> Int64? {
        if let first = field.first, first & 0x80 != 0 {
            return first == 0x80 && field.dropFirst().dropLast(8).allSatisfy { $0 == 0 }
                ? Int64(exactly: field.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }) : nil
        }
        let digits = text(field).trimming(while: { $0 == " " })
        return digits.isEmpty ? 0 : Int64(digits, radix: 8)
    }
}

/// pax's records: `27 path=models/weights.bin\n`, one after another.
struct PaxRecords {
    private var values: [String: String] = [:]

    init(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while let space = rest.firstIndex(of: UInt8(ascii: " ")),
            let length = Int(String(decoding: rest[..<space], as: UTF8.self)), length > space - rest.startIndex,
            length <= rest.count
        {
            let record = rest[(space + 1)..<(rest.startIndex + length - 1)]
            if let equals = record.firstIndex(of: UInt8(ascii: "=")) {
                let key = String(decoding: record[..<equals], as: UTF8.self)
                values[key] = String(decoding: record[(equals + 1)...], as: UTF8.self)
            }
            rest = rest.dropFirst(length)
        }
    }

    subscript(key: String) -> String? { values[key] }
}
