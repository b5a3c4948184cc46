/// The tokens of one answer, as its server counted them.
package struct TokenCounts: Sendable, Hashable {
    package var prompt: Int?
    package var completion: Int?

    package init(prompt: Int? = nil, completion: Int? = nil) {
        self.prompt = prompt
        self.completion = completion
    }
}

/// Finds the token counts in an answer's JSON, whole or in events, in the bytes as they pass: the last value of
/// `prompt_tokens` and `completion_tokens` (OpenAI) or `input_tokens` and `output_tokens` (OpenAI's Responses,
/// Anthropic), however deep they stand. No JSON is read: within a string the quotes around such a name are escaped, so
/// that generated text is never taken for a count.
///
///     text -> name -> colon -> number -> text
package struct TokenScanner: Sendable, Hashable {
    private enum Name: Sendable, Hashable { case prompt, completion, input, output }

    private enum State: Sendable, Hashable {
        case text
        /// After a quote.
        case quote
        case name(Name, matched: UInt8)
        case colon(Name)
        case value(Name)
        case number(Name)
    }

    private var state = State.text
    private var number = 0
    package private(set) var counts = TokenCounts()

    package init() {}

    package mutating func scan(_ bytes: Span<UInt8>) {
        var index = 0
        while index < bytes.count {
            if state == .text { index = bytes.index(of: UInt8(ascii: "\""), from: index) ?? bytes.count }
            guard index < bytes.count else { return }
            take(bytes[index])
            index += 1
        }
    }

    private mutating func take(_ byte: UInt8) {
        switch state {
        case .text: restart(byte)
        case .quote: begin(byte)
        case .name(let name, let matched): match(byte, name, matched)
        case .colon(let name):
            if byte == UInt8(ascii: ":") { state = .value(name) } else if !byte.isJSONSpace { restart(byte) }
        case .value(let name):
            if byte.isDigit {
                number = Int(byte - UInt8(ascii: "0"))
                state = .number(name)
            } else if !byte.isJSONSpace {
                restart(byte)
            }
        case .number(let name): takeDigit(byte, name)
        }
    }

    private mutating func restart(_ byte: UInt8) { state = byte == UInt8(ascii: "\"") ? .quote : .text }

    private mutating func begin(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "p"): state = .name(.prompt, matched: 1)
        case UInt8(ascii: "c"): state = .name(.completion, matched: 1)
        case UInt8(ascii: "i"): state = .name(.input, matched: 1)
        case UInt8(ascii: "o"): state = .name(.output, matched: 1)
        default: restart(byte)
        }
    }

    private mutating func match(_ byte: UInt8, _ name: Name, _ matched: UInt8) {
        let text = Self.text(name)
        // SAFETY: `matched` is below the literal's count, for its last byte leaves this state.
        guard byte == text.utf8Start[Int(matched)] else {
            restart(byte)
            return
        }
        state = Int(matched) + 1 == text.utf8CodeUnitCount ? .colon(name) : .name(name, matched: matched + 1)
    }

    /// With the closing quote.
    private static func text(_ name: Name) -> StaticString {
        switch name {
        case .prompt: "prompt_tokens\""
        case .completion: "completion_tokens\""
        case .input: "input_tokens\""
        case .output: "output_tokens\""
        }
    }

    private mutating func takeDigit(_ byte: UInt8, _ name: Name) {
        if byte.isDigit {
            // More tokens than any model gives: what follows is a server's mistake, not a count.
            number = min(number * 10 + Int(byte - UInt8(ascii: "0")), 1_000_000_000)
            return
        }
        switch name {
        case .prompt, .input: counts.prompt = number
        case .completion, .output: counts.completion = number
        }
        restart(byte)
    }
}

extension UInt8 {
    fileprivate var isJSONSpace: Bool {
        self == .space || self == .tab || self == .lineFeed || self == .carriageReturn
    }
}
