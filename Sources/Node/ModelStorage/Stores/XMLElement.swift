/// An element of an XML document, as S3 and Azure list their objects: elements and text. What else XML has (attributes,
/// comments, declarations) is passed over; entities other than the five and characters by number are not known.
struct XMLElement: Hashable {
    private static let depthLimit = 32

    var name: String
    var text = ""
    var children: [XMLElement] = []

    private init(name: String) { self.name = name }

    /// `nil` where the bytes are no such document.
    init?(parsing bytes: [UInt8]) {
        var open: [XMLElement] = []
        var rest = bytes[...]
        while let start = rest.firstIndex(of: UInt8(ascii: "<")) {
            if let last = open.indices.last { open[last].text += Self.unescaped(rest[..<start]) }
            rest = rest[(start + 1)...]
            if rest.starts(with: "!--".utf8) {
                guard let end = rest.firstRange(of: Array("-->".utf8)) else { return nil }
                rest = rest[end.upperBound...]
                continue
            }
            guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return nil }
            let tag = rest[..<end]
            rest = rest[(end + 1)...]
            switch tag.first {
            case UInt8(ascii: "?"), UInt8(ascii: "!"): continue
            case UInt8(ascii: "/"):
                guard let closed = open.popLast(), tag.dropFirst().elementsEqual(closed.name.utf8) else { return nil }
                guard let last = open.indices.last else {
                    self = closed
                    return
                }
                open[last].children.append(closed)
            default:
                let name = tag.prefix { !" \t\r\n/".utf8.contains($0) }
                guard !name.isEmpty, open.count < Self.depthLimit else { return nil }
                let element = XMLElement(name: String(decoding: name, as: UTF8.self))
                if tag.last != UInt8(ascii: "/") {
                    open.append(element)
                } else if let last = open.indices.last {
                    open[last].children.append(element)
                } else {
                    self = element
                    return
                }
            }
        }
        return nil
    }

    func children(named name: String) -> [XMLElement] { children.filter { $0.name == name } }

    subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

    func text(of name: String) -> String? { self[name]?.text }

    private static func unescaped(_ bytes: ArraySlice<UInt8>) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.contains("&") else { return text }
        var parts = text.split(separator: "&", omittingEmptySubsequences: false)[...]
        var result = String(parts.popFirst() ?? "")
        for part in parts {
            guard let end = part.firstIndex(of: ";"), let character = character(part[..<end]) else {
                result += "&" + part
                continue
            }
            result += String(character) + part[part.index(after: end)...]
        }
        return result
    }

    private static func character(_ entity: Substring) -> Character? {
        switch entity {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard entity.hasPrefix("#") else { return nil }
            let digits = entity.dropFirst()
            let value = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
            return value.flatMap { Unicode.Scalar($0) }.map { Character($0) }
        }
    }
}
