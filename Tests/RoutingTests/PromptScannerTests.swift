import JSONModel
import Randomness
import Testing

@testable import Routing

struct PromptScannerTests {
    private static func blocks(_ text: String, splitAt split: Int? = nil) -> [UInt64] {
        var scanner = PromptScanner()
        let bytes = Array(text.utf8)
        let middle = split ?? bytes.count
        scanner.scan(Array(bytes[..<middle]).span)
        scanner.scan(Array(bytes[middle...]).span)
        return scanner.blocks
    }

    private static func chat(_ messages: [String], before: String = "", after: String = "") -> String {
        let list = messages.map { #"{"role":"user","content":"\#($0)"}"# }.joined(separator: ",")
        return "{\(before)\"messages\":[\(list)]\(after)}"
    }

    private static let long = String(repeating: "once upon a time ", count: 100)

    @Test
    func `A conversation that goes on begins with the blocks that it had`() {
        let first = Self.blocks(Self.chat([Self.long]))
        let second = Self.blocks(Self.chat([Self.long, "and then?"]))
        #expect(first.count == 6)
        #expect(Array(second.prefix(6)) == first)
    }

    @Test
    func `What differs early has no block in common, what differs late has all before it`() {
        let one = Self.blocks(Self.chat(["a" + Self.long]))
        #expect(Set(one).isDisjoint(with: Self.blocks(Self.chat(["b" + Self.long]))))
        let two = Self.blocks(Self.chat([Self.long + "x" + Self.long]))
        let three = Self.blocks(Self.chat([Self.long + "y" + Self.long]))
        let common = zip(two, three).prefix { $0 == $1 }.count
        #expect(common == 6)
    }

    @Test
    func `Tools and model count wherever they stand; what is no part of the prompt does not`() {
        let tools = #""tools":[{"type":"function","function":{"name":"f"}}]"#
        let before = Self.blocks(Self.chat([Self.long], before: "\(tools),"))
        #expect(before == Self.blocks(Self.chat([Self.long], after: ",\(tools)")))
        #expect(Set(before).isDisjoint(with: Self.blocks(Self.chat([Self.long]))))
        let plain = Self.blocks(Self.chat([Self.long]))
        #expect(plain == Self.blocks(Self.chat([Self.long], before: #""temperature":0.7,"stop":["]","\"}"],"#)))
        #expect(plain == Self.blocks(Self.chat([Self.long], before: #""metadata":{"messages":["x"]},"n":1,"#)))
        #expect(plain != Self.blocks(Self.chat([Self.long], before: #""model":"a","#)))
    }

    @Test
    func `The blocks are the same however the body comes in pieces`() {
        var random = SeededRandom(seed: 3)
        let text = Self.chat([Self.long, #"with \"quotes\" and \\"#, Self.long], after: #","model":"m","stream":true"#)
        let whole = Self.blocks(text)
        #expect(whole.count == 13)
        for _ in 0..<300 { #expect(Self.blocks(text, splitAt: random.below(text.utf8.count)) == whole) }
    }

    @Test
    func `Whatever the bytes are, it comes to an end`() {
        var random = SeededRandom(seed: 4)
        let good = Array(Self.chat([Self.long], after: #","tools":[{"a":1}]"#).utf8)
        for _ in 0..<2_000 {
            var bytes = good
            for _ in 0..<(1 + random.below(5)) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
            var scanner = PromptScanner()
            scanner.scan(bytes.span)
            #expect(scanner.blocks.count <= bytes.count / PromptScanner.blockBytes)
        }
    }

    @Test
    func `Paths that prompts go to are known by their last part`() {
        for path in ["/v1/chat/completions", "/v1/messages", "/openai/v1/completions", "/v2/models/m/generate"] {
            let isPrompt = Array(path.utf8).span.isPromptPath
            #expect(isPrompt, "\(path)")
        }
        for path in ["/v1/models", "/", "", "/completionsx", "/v2/models/m/infer"] {
            let isPrompt = Array(path.utf8).span.isPromptPath
            #expect(!isPrompt, "\(path)")
        }
    }

    @Test
    func `A session is what a cookie or a header says`() {
        let head = Array("GET / HTTP/1.1\r\nHost: h\r\nCookie: a=1; sid=abc; b=2\r\nX-Session: s1 \r\n\r\n".utf8)
        #expect(SessionRule(annotation: "cookie=sid")?.value(in: head.span) == Array("abc".utf8))
        #expect(SessionRule(annotation: "cookie=id")?.value(in: head.span) == nil)
        #expect(SessionRule(annotation: "header=X-Session")?.value(in: head.span) == Array("s1".utf8))
        #expect(SessionRule(annotation: "client-ip")?.source == .address)
        #expect(SessionRule(annotation: "whatever") == nil)
        let rule = SessionRule(persistence: ["sessionName": "a\r\nX: y", "type": "Cookie"])
        #expect(rule?.name == "martlet-session", "a name cannot end the line")
    }
}
