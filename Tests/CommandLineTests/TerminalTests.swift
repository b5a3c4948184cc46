import ArgumentParser
import JSONModel
import Testing

@testable import CommandLine

@Suite("What a person sees")
struct TerminalTests {
    @Test("columns are three spaces apart, the last one is not padded")
    func table() {
        let table = Table(header: ["NAME", "READY"], rows: [["a-long-name", "True"], ["b", "False"]])
        #expect(table.render() == "NAME          READY\na-long-name   True\nb             False")
    }

    @Test("columns above priority 0 are for -o wide")
    func priority() throws {
        let json: JSONValue = [
            "columnDefinitions": [["name": "Name"], ["name": "Node", "priority": 1]],
            "rows": [["cells": ["a", 5], "object": ["metadata": ["namespace": "n"]]]],
        ]
        #expect(ObjectTable(json, isWide: false, showsNamespace: false)?.text == "NAME\na")
        #expect(
            ObjectTable(json, isWide: true, showsNamespace: true)?.text
                == "NAMESPACE   NAME   NODE\nn           a      5")
        #expect(ObjectTable([:], isWide: false, showsNamespace: false) == nil)
    }

    @Test(
        "times",
        arguments: [(Duration.milliseconds(430), "0.4 s"), (.seconds(12), "12 s"), (.seconds(185), "3 m 05 s")])
    func elapsed(duration: Duration, text: String) {
        #expect(Elapsed.text(duration) == text)
    }

    @Test("server-sent events are put together from any pieces", arguments: 1...12)
    func events(size: Int) {
        var parser = EventStreamParser()
        let bytes = Array(": ping\n\ndata: {\"a\":1}\r\n\r\ndata:b\nevent: x\ndata: [DONE]\n\n".utf8)
        let found = stride(from: 0, to: bytes.count, by: size).flatMap { start in
            parser.append(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        #expect(found == ["{\"a\":1}", "b", "[DONE]"])
    }

    @Test(
        "what wait waits for",
        arguments: [("condition=Ready", "ready"), ("condition=Ready=False", "Ready=False"), ("delete", "deleted")])
    func goals(text: String, said: String) throws {
        #expect(try WaitGoal(text).text == said)
    }

    @Test("other goals are refused", arguments: ["ready", "condition", "condition=a=b=c", ""])
    func badGoals(text: String) {
        #expect(throws: CommandFailure.self) { try WaitGoal(text) }
    }

    @Test("completions know every verb", arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) throws {
        let script = Martlet.completionScript(for: try #require(CompletionShell(rawValue: shell)))
        for verb in ["up", "down", "status", "apply", "get", "describe", "delete", "logs", "chat", "wait", "version"] {
            #expect(script.contains(verb))
        }
    }

    @Test("a port beyond 65535 is refused with the flag's name")
    func ports() {
        let error = #expect(throws: (any Error).self) { try Martlet.parseAsRoot(["up", "--api-port", "70000"]) }
        #expect(error.map { Martlet.message(for: $0).contains("--api-port 70000") } == true)
    }
}
