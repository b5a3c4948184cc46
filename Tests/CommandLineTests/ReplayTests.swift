import JSONModel
import Testing

@testable import CommandLine

@Suite("Requests sent again")
struct ReplayTests {
    @Test(
        "The server gets what it got then",
        arguments: [
            ("/serving/default/m/v1/chat/completions", "/v1/chat/completions"),
            ("/openai/v1/completions", "/v1/completions"), ("/v2/models/m/infer", "/v2/models/m/infer"),
        ])
    func paths(path: String, expected: String) { #expect(Replay.serverPath(path) == expected) }

    @Test("The body names the service that is asked now, if it named the one before")
    func model() {
        #expect(Replay.renamed(#"{"model":"a"}"#, from: "a", to: "b") == #"{"model":"b"}"#)
        #expect(Replay.renamed(#"{"model":"other"}"#, from: "a", to: "b") == #"{"model":"other"}"#)
        #expect(Replay.renamed("no JSON", from: "a", to: "b") == "no JSON")
    }

    @Test("Without bodies there is nothing to send")
    func unrecorded() { #expect(throws: CommandFailure.self) { try Replay(["id": "x"], to: nil) } }

    @Test("Answers are compared as text, line by line")
    func comparison() {
        let events = "data: {\"choices\":[{\"delta\":{\"content\":\"a\\nb\"}}]}\n\ndata: [DONE]\n\n"
        let record: JSONValue = ["status": 200, "milliseconds": 10.0, "response": .string(events)]
        let same = ReplayComparison(
            record, Replay.Answer(status: 200, body: #"{"choices":[{"message":{"content":"a\nb"}}]}"#, milliseconds: 5))
        #expect(same.isSame)
        let other = ReplayComparison(
            record, Replay.Answer(status: 200, body: #"{"choices":[{"text":"a\nc\nd"}]}"#, milliseconds: 5))
        let text = other.text(Terminal(isInteractive: false, colours: false))
        #expect(text.hasSuffix("  a\n- b\n+ c\n+ d"))
    }
}
