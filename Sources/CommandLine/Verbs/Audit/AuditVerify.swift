import ArgumentParser
import JSONModel
import Platform

struct AuditVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Verify a log of calls: martlet audit verify calls.log.1 calls.log",
        discussion: """
            Every line holds a hash of itself and of the line before. What cannot be seen is that lines are missing at the
            end: keep the hash that this prints, and give it with --contains the next time.
            """)

    @Argument(help: "The log; older parts of it first.")
    var files: [String]

    @Option(help: "A hash that was printed before: the log must still have it.")
    var contains: String?

    func run() async throws {
        var (chain, lost, isFirst, isFound) = (CallChain(), 0, true, contains == nil)
        for file in files {
            guard let text = FileContents.read(file).map({ String(decoding: $0, as: UTF8.self) }) else {
                throw CommandFailure("\(file) cannot be read")
            }
            for (index, line) in text.split(separator: "\n").enumerated() {
                if isFirst { chain = Self.start(line) }
                isFirst = false
                if let problem = chain.follow(line) { throw CommandFailure("\(file):\(index + 1): \(problem)") }
                lost += (try? JSONValue(parsing: String(line)))?["lost"]?.intValue ?? 0
                if chain.hash == contains { isFound = true }
            }
        }
        guard isFound, let contains else {
            guard contains == nil else { throw CommandFailure("the log has no line with the hash \(contains ?? "")") }
            report(chain, lost)
            return
        }
        report(chain, lost)
        print("It goes on from \(contains).")
    }

    /// Older parts may have been put away: the first line that is here tells what it follows.
    private static func start(_ line: Substring) -> CallChain {
        guard let json = try? JSONValue(parsing: String(line)), let number = json["n"]?.intValue, number > 1,
            let before = json["prev"]?.stringValue
        else { return CallChain() }
        print("The log begins with line \(number): what was before is not here.")
        return CallChain(number: number - 1, hash: before)
    }

    private func report(_ chain: CallChain, _ lost: Int) {
        print("\(chain.number) calls, none changed or removed. Last hash: \(chain.hash)")
        if lost > 0 { print("\(lost) calls were not written down: there was no room for them.") }
    }
}
