/// Keeps a text from costing exponential time before it is even a tree: Yams hashes the keys of mappings, and a key that
/// is an alias of aliases of aliases takes as long to hash as it is large when written out.
///
/// Aliases as values are harmless here (they share memory); `YAMLConversion` bounds what they expand to.
enum AliasGuard {
    /// So few aliases expand a text by less than 250 times, however they are nested.
    private static let harmlessAliases = 15

    /// Refuses a text with many aliases that also has keys which are more than a word: `? key`, `*alias : value`,
    /// `[list]: value`, `{*alias}`. Looks at characters only, so that it may refuse an odd text without need, but lets no
    /// harmful one pass.
    static func check(_ text: String) throws(YAMLError) {
        let bytes = Array(text.utf8)
        guard bytes.contains(UInt8(ascii: "*")), bytes.contains(UInt8(ascii: "&")) else { return }
        var scan = Scan(bytes: bytes)
        scan.run()
        guard scan.aliases > harmlessAliases, let line = scan.complexKeyLine else { return }
        throw YAMLError(
            problem: "many aliases together with a key that is not a plain word; write the key or the aliases out",
            line: line, column: 1)
    }

    private struct Scan {
        let bytes: [UInt8]
        var aliases = 0
        var complexKeyLine: Int?
        private var line = 1
        /// Whether a flow mapping with something in it was seen: from there on an alias may be a key.
        private var hasFlowMapping = false

        init(bytes: [UInt8]) { self.bytes = bytes }

        mutating func run() {
            for (index, byte) in bytes.enumerated() {
                switch byte {
                case 0x0A: line += 1
                case UInt8(ascii: "*") where isWord(index + 1):
                    aliases += 1
                    if hasFlowMapping || precedesColon(endOfWord(index + 1)) { noteKey() }
                case UInt8(ascii: "{") where next(index + 1) != UInt8(ascii: "}"): hasFlowMapping = true
                case UInt8(ascii: "]"), UInt8(ascii: "}"):
                    if precedesColon(index + 1) { noteKey() }
                case UInt8(ascii: "?") where startsToken(index) && !isWord(index + 1): noteKey()
                default: break
                }
            }
        }

        private mutating func noteKey() { complexKeyLine = complexKeyLine ?? line }

        private func startsToken(_ index: Int) -> Bool {
            index == 0 || bytes[index - 1] <= 0x20 || "[{,".utf8.contains(bytes[index - 1])
        }

        private func isWord(_ index: Int) -> Bool {
            guard index < bytes.count else { return false }
            switch bytes[index] {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                return true
            default: return bytes[index] >= 0x80
            }
        }

        private func endOfWord(_ start: Int) -> Int {
            var index = start
            while isWord(index) { index += 1 }
            return index
        }

        private func next(_ start: Int) -> UInt8? {
            var index = start
            while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
            return index < bytes.count ? bytes[index] : nil
        }

        private func precedesColon(_ index: Int) -> Bool { next(index) == UInt8(ascii: ":") }
    }
}
