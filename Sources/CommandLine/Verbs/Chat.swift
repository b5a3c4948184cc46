import ArgumentParser
import Glibc
import JSONModel
import Platform

struct Chat: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Talk to a model: martlet chat smollm2, or martlet chat smollm2 \"one question\"")

    @Argument(help: "The InferenceService's name (NAMESPACE/NAME where two have the same).")
    var model: String

    @Argument(help: "A question; without one, a conversation begins (end it with Ctrl-D).")
    var question: [String] = []

    @Option(help: "A system prompt.")
    var system: String?

    @Option(help: "At most so many tokens in an answer.")
    var maxTokens = 512

    @Option(help: "0 gives the same answer again.")
    var temperature: Double?

    @Option(
        help: "A token or API key for a protected service. Default: $MARTLET_TOKEN, else one that is made for an hour.")
    var token: String?

    @OptionGroup var instance: InstanceOptions

    func run() async throws {
        guard let endpoints = instance.directory.runningInstance() else {
            throw CommandFailure(
                "Martlet is not running on \(instance.directory.path). Start it with: martlet up", code: 3)
        }
        let client = ChatClient(
            gateway: endpoints.gateway, model: model, token: try await credential(), maxTokens: maxTokens,
            temperature: temperature)
        var conversation = Conversation(system: system)
        if !question.isEmpty {
            _ = try await answer(question.joined(separator: " "), &conversation, client)
            return
        }
        try await converse(&conversation, client)
    }

    /// `nil` where the service asks for none.
    private func credential() async throws -> String? {
        if let token = token ?? getenv("MARTLET_TOKEN").map({ String(cString: $0) }), !token.isEmpty { return token }
        return try await Connection.with(instance) { try await TokenDesk.borrow(for: model, $0) }
    }

    private func converse(_ conversation: inout Conversation, _ client: ChatClient) async throws {
        let isInteractive = isatty(STDIN_FILENO) == 1
        if isInteractive { print("Talking to \(model). Ctrl-D ends.") }
        while true {
            if isInteractive { Terminal.write(Terminal.standard.styled("> ", .bold)) }
            guard let line = readLine() else { break }
            if line.allSatisfy(\.isWhitespace) { continue }
            do { _ = try await answer(line, &conversation, client) } catch let failure as CommandFailure {
                guard isInteractive else { throw failure }
                print(Terminal.standard.styled(failure.message, .red))
                conversation.dropLast()
            }
        }
        if isInteractive { print() }
    }

    private func answer(_ text: String, _ conversation: inout Conversation, _ client: ChatClient) async throws -> String
    {
        conversation.ask(text)
        var whole = ""
        for try await piece in client.stream(conversation) {
            whole += piece
            Terminal.write(piece)
        }
        Terminal.write("\n")
        conversation.hear(whole)
        return whole
    }
}

/// What was said so far.
struct Conversation: Sendable {
    private(set) var messages: [JSONValue] = []

    init(system: String?) {
        if let system { messages.append(["role": "system", "content": .string(system)]) }
    }

    mutating func ask(_ text: String) { messages.append(["role": "user", "content": .string(text)]) }
    mutating func hear(_ text: String) { messages.append(["role": "assistant", "content": .string(text)]) }
    mutating func dropLast() { messages.removeLast() }
}
