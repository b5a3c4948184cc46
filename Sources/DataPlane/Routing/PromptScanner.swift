/// Hashes the prompt that a request's body carries, block by block from its beginning, without building a value: two
/// requests share the first n hashes if the first n blocks of their prompts are the same, and everything that is written
/// into the prompt before them too.
///
/// The prompt is the JSON text of `messages`, `prompt` or `input`, in blocks of 256 bytes; what comes before it are
/// `model`, `system`, `instructions`, `tools`, `functions` and `chat_template`, wherever they stand in the object. There
/// is no limit on length; what is left over at the end is no block.
package struct PromptScanner: Sendable {
    private enum Role: Sendable { case prompt, context, other }
    private enum State: Sendable, Hashable { case start, key, colon, value, done }

    private var state = State.start
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    private var key = TextHash()
    private var role = Role.other
    private var prompt = BlockHash()
    private var value = TextHash()
    private var context: UInt64 = 0

    package static let blockBytes = BlockHash.size

    package init() {}

    /// The hashes of what was scanned so far.
    package var blocks: [UInt64] { prompt.blocks.map { TextHash.mix($0 ^ context) } }

    /// - Parameter bytes: what came next.
    package mutating func scan(_ bytes: Span<UInt8>) {
        var index = 0
        while index < bytes.count, state != .done {
            switch state {
            case .value: index = takeValue(bytes, from: index)
            case .key where isInString: index = takeKey(bytes, from: index)
            case .start, .key, .colon, .done:
                take(bytes[index])
                index += 1
            }
        }
    }

    private mutating func take(_ byte: UInt8) {
        switch (state, byte) {
        case (.start, UInt8(ascii: "{")): state = .key
        case (.key, UInt8(ascii: "\"")):
            isInString = true
            key = TextHash()
        case (.key, UInt8(ascii: "}")): state = .done
        case (.colon, UInt8(ascii: ":")):
            state = .value
            depth = 0
            value = key
            role = Self.role(of: key)
        default: break
        }
    }

    private mutating func takeKey(_ bytes: Span<UInt8>, from start: Int) -> Int {
        let end = skipString(bytes, from: start)
        key.add(bytes.extracting(start..<end))
        if !isInString { state = .colon }
        return end
    }

    /// Walks over a value, and hashes it if it says something of the prompt.
    private mutating func takeValue(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        var isOver = false
        while index < bytes.count, !isOver {
            if isInString {
                index = skipString(bytes, from: index)
                continue
            }
            switch bytes[index] {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                isOver = depth == 0
                depth -= 1
            case UInt8(ascii: ","): isOver = depth == 0
            default: break
            }
            if !isOver { index += 1 }
        }
        hash(bytes.extracting(start..<index))
        guard isOver else { return index }
        if role == .context { context &+= TextHash.mix(value.hash) }
        state = bytes[index] == UInt8(ascii: ",") ? .key : .done
        return index + 1
    }

    private mutating func hash(_ bytes: Span<UInt8>) {
        switch role {
        case .prompt: prompt.add(bytes)
        case .context: value.add(bytes)
        case .other: break
        }
    }

    /// - Returns: the index after what belongs to the string; `isInString` is off where it has ended.
    private mutating func skipString(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString = false
                return index
            }
        }
        return index
    }

    private static func role(of key: TextHash) -> Role {
        if promptKeys.contains(key.hash) { return .prompt }
        return contextKeys.contains(key.hash) ? .context : .other
    }

    private static let promptKeys = hashes(["messages", "prompt", "input"])
    private static let contextKeys = hashes([
        "model", "system", "instructions", "tools", "functions", "chat_template",
    ])

    private static func hashes(_ names: [String]) -> [UInt64] {
        names.map { name in
            var hash = TextHash()
            hash.add(Array("\(name)\"".utf8).span)
            return hash.hash
        }
    }
}

/// A hash of a text, of no use against those who try for collisions: what a collision costs is a worse choice.
struct TextHash: Sendable {
    private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ bytes: Span<UInt8>) {
        var value = hash
        for index in bytes.indices { value = (value ^ UInt64(bytes[index])) &* 0x0000_0100_0000_01B3 }
        hash = value
    }

    static func mix(_ value: UInt64) -> UInt64 {
        var mixed = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// A hash for each block of a text, which stands for all of the text before its end: eight bytes at a time.
struct BlockHash: Sendable {
    private(set) var blocks: [UInt64] = []
    private var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
    private var word: UInt64 = 0
    private var count = 0

    static let size = 256

    mutating func add(_ bytes: Span<UInt8>) {
        var index = 0
        while index < bytes.count {
            if count & 7 == 0, index + 8 <= bytes.count {
                word = Self.word(bytes, at: index)
                index += 8
                count += 8
            } else {
                word = word >> 8 | UInt64(bytes[index]) << 56
                index += 1
                count += 1
            }
            if count & 7 == 0 { endWord() }
        }
    }

    private mutating func endWord() {
        hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
        hash ^= hash >> 29
        guard count == Self.size else { return }
        count = 0
        blocks.append(TextHash.mix(hash))
    }

    private static func word(_ bytes: Span<UInt8>, at index: Int) -> UInt64 {
        var word: UInt64 = 0
        for offset in 0..<8 { word |= UInt64(bytes[index + offset]) << UInt64(8 * offset) }
        return word
    }
}
