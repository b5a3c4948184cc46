/// Finds the member `model` of the JSON object that a request's body is, in the bytes as they come in and wherever it
/// stands, without building a value: strings and nested values are walked over. It stops at the first one, and keeps
/// nothing but the name.
package struct ModelScanner: Sendable {
    package enum Outcome: Sendable, Hashable {
        /// More bytes are needed.
        case incomplete
        /// The name's bytes, escapes resolved.
        case found([UInt8])
        /// The object ended without one.
        case missing
        /// `model` is there and is no string.
        case notAString
        /// The body is no JSON object.
        case malformed
        /// Longer than any name: 512 bytes.
        case tooLong
    }

    private enum State: Sendable, Hashable {
        case start
        /// At depth 1, where a key may stand.
        case key
        case colon
        /// At depth 1, before a value.
        case value
        /// Inside of a value of depth 1 that is no string.
        case skipping
        case afterValue
        case done
    }

    private enum Role: Sendable, Hashable { case key, name, skipped }

    private var state = State.start
    private var outcome = Outcome.incomplete
    /// Of the value that is skipped: how many objects and arrays are open in it.
    private var depth = 0
    private var string: StringScanner?
    private var role = Role.skipped
    private var isModel = false

    package init() {}

    /// - Parameter bytes: What came next.
    package mutating func scan(_ bytes: Span<UInt8>) -> Outcome {
        var index = 0
        while index < bytes.count, state != .done {
            if string != nil {
                index = takeString(bytes, from: index)
            } else {
                take(bytes[index])
                index += 1
            }
        }
        return outcome
    }

    private mutating func end(_ outcome: Outcome) {
        self.outcome = outcome
        state = .done
    }

    private mutating func begin(_ role: Role) {
        self.role = role
        string = StringScanner(keepsBytes: role != .skipped)
    }

    private mutating func takeString(_ bytes: Span<UInt8>, from start: Int) -> Int {
        guard var scanner = string.take() else { return start }
        let end = scanner.scan(bytes, from: start)
        if scanner.isMalformed {
            self.end(.malformed)
        } else if scanner.isTooLong, role == .name {
            self.end(.tooLong)
        } else if scanner.isComplete {
            finishString(scanner)
        } else {
            string = scanner
        }
        return end
    }

    private mutating func finishString(_ scanner: StringScanner) {
        switch role {
        case .key:
            isModel = !scanner.isTooLong && scanner.bytes.elementsEqual("model".utf8)
            state = .colon
        case .name: end(.found(scanner.bytes))
        case .skipped: if depth == 0 { state = .afterValue }
        }
    }

    private mutating func take(_ byte: UInt8) {
        if byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            if state == .skipping, depth == 0 { state = .afterValue }
            return
        }
        switch state {
        case .start: byte == UInt8(ascii: "{") ? state = .key : end(.malformed)
        case .key:
            if byte == UInt8(ascii: "\"") {
                begin(.key)
            } else {
                end(byte == UInt8(ascii: "}") ? .missing : .malformed)
            }
        case .colon: byte == UInt8(ascii: ":") ? state = .value : end(.malformed)
        case .value: beginValue(byte)
        case .skipping: skip(byte)
        case .afterValue: takeSeparator(byte)
        case .done: break
        }
    }

    private mutating func beginValue(_ byte: UInt8) {
        if byte == UInt8(ascii: "\"") {
            state = .skipping
            begin(isModel ? .name : .skipped)
        } else if isModel {
            end(.notAString)
        } else if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
            end(.malformed)
        } else {
            state = .skipping
            skip(byte)
        }
    }

    private mutating func skip(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            if depth == 0 {
                takeSeparator(byte)
            } else {
                depth -= 1
                if depth == 0 { state = .afterValue }
            }
        case UInt8(ascii: ","): if depth == 0 { takeSeparator(byte) }
        case UInt8(ascii: "\""): begin(.skipped)
        default: break
        }
    }

    private mutating func takeSeparator(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: ","): state = .key
        case UInt8(ascii: "}"): end(.missing)
        default: end(.malformed)
        }
    }
}

extension Optional {
    /// The value, leaving `nil` behind: what it holds is then held once.
    fileprivate mutating func take() -> Wrapped? {
        defer { self = nil }
        return self
    }
}
