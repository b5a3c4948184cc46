import ArgumentParser
import JSONModel
import Platform

struct AuditTail: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail", abstract: "Show the last calls of a log: martlet audit tail calls.log")

    @Argument(help: "The log.")
    var file: String

    @Option(name: [.customShort("n"), .long], help: "How many.")
    var lines = 20

    func run() async throws {
        guard let text = FileContents.read(file).map({ String(decoding: $0, as: UTF8.self) }) else {
            throw CommandFailure("\(file) cannot be read")
        }
        for line in text.split(separator: "\n").suffix(max(0, lines)) { print(Self.text(String(line))) }
    }

    private static func text(_ line: String) -> String {
        guard let json = try? JSONValue(parsing: line) else { return "(no line of a log of calls)" }
        func text(_ name: String) -> String { json[name]?.stringValue ?? "" }
        let who = json["key"]?.stringValue.map { "\(text("user")) (key \($0))" } ?? text("user")
        let outcome = json["allowed"]?.boolValue == true ? "allowed" : "denied \(json["status"]?.intValue ?? 0)"
        let why = text("reason").isEmpty ? "" : ": \(text("reason"))"
        return "\(text("time"))  \(outcome)  \(who) from \(text("client"))  \(text("method")) \(text("path"))  "
            + "\(text("target"))\(why)"
    }
}
