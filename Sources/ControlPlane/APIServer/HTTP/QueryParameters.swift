import KubeModel

/// The parameters of a request's URL. Of two with the same name the first counts, as in Kubernetes.
struct QueryParameters: Sendable {
    private var values: [String: [String]] = [:]

    init(_ query: Substring) {
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts[0].percentDecoded(plusIsSpace: true)
            let value = parts.count > 1 ? parts[1].percentDecoded(plusIsSpace: true) : ""
            values[name, default: []].append(value)
        }
    }

    /// `nil` where the parameter is missing or empty.
    subscript(name: String) -> String? { values[name]?.first.flatMap { $0.isEmpty ? nil : $0 } }

    /// Every value of a parameter that may be repeated, in order.
    func all(_ name: String) -> [String] { values[name] ?? [] }

    /// Present and not `false` or `0`.
    func bool(_ name: String) -> Bool {
        guard let value = values[name]?.first else { return false }
        return value != "false" && value != "0"
    }

    func int(_ name: String) throws(Status) -> Int? {
        guard let text = self[name] else { return nil }
        guard let value = Int(text), value >= 0 else {
            throw Status.badRequest("the query parameter \(name) must be a whole number, not \"\(text)\"")
        }
        return value
    }
}

extension Substring {
    /// Undoes percent-encoding; bytes that are no UTF-8 become U+FFFD, a `%` without two digits stays.
    func percentDecoded(plusIsSpace: Bool = false) -> String {
        var bytes: [UInt8] = []
        var rest = utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let value = UInt8(String(rest.prefix(2)) ?? "", radix: 16),
                rest.prefix(2).count == 2
            {
                rest = rest.dropFirst(2)
                bytes.append(value)
            } else {
                bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
