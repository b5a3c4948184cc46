import Crypto
import JSONModel

/// Lines that hold together: each has its number, the hash of the line before, and a hash of itself with both. Who changes,
/// removes or adds a line breaks it; only the end can be cut off unseen, by who knows it, so keep the last hash elsewhere.
package struct CallChain: Sendable {
    /// What the first line follows.
    package static let beginning = String(repeating: "0", count: 64)

    /// Of the last line.
    package private(set) var number: Int
    package private(set) var hash: String
    private var before: (number: Int, hash: String)

    package init(number: Int = 0, hash: String = CallChain.beginning) {
        self.number = number
        self.hash = hash
        before = (number, hash)
    }

    /// - Parameter line: the last one that was written; one that cannot be read begins a new chain, which `verify` tells.
    init(after line: String?) {
        let json = line.flatMap { try? JSONValue(parsing: $0) }
        self.init(number: json?["n"]?.intValue ?? 0, hash: json?["hash"]?.stringValue ?? Self.beginning)
    }

    /// The next line.
    mutating func line(_ entry: JSONValue) -> String {
        before = (number, hash)
        var json = entry
        number += 1
        json["n"] = .number(JSONNumber(number))
        json["prev"] = .string(hash)
        hash = Self.hash(json)
        json["hash"] = .string(hash)
        return String(decoding: json.serialized(), as: UTF8.self)
    }

    /// The last line was not written.
    mutating func takeBack() { (number, hash) = before }

    private static func hash(_ json: JSONValue) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let bytes = SHA256.hash(data: json.serialized()).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Goes on to a line that was read.
    ///
    /// - Returns: why it does not follow; `nil`: it does.
    package mutating func follow(_ line: some StringProtocol) -> String? {
        guard var json = try? JSONValue(parsing: String(line)), let own = json["hash"]?.stringValue else {
            return "it is no line of a log of calls"
        }
        json["hash"] = nil
        guard Self.hash(json) == own else { return "it was changed" }
        guard json["prev"]?.stringValue == hash else { return "lines before it were removed, changed or added" }
        guard json["n"]?.intValue == number + 1 else { return "its number does not follow" }
        (number, hash) = (number + 1, own)
        return nil
    }
}
