import ArgumentParser
import KubeClient
import KubeModel
import Platform
import ServingAPI

struct Wait: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Wait for an object, showing how far it is: martlet wait isvc/smollm2 --timeout 600")

    @Argument(help: "KIND NAME, or KIND/NAME.")
    var object: [String]

    @Option(name: .customLong("for"), help: "condition=NAME[=VALUE], or delete.")
    var goal = "condition=Ready"

    @Option(help: "Give up after so many seconds (exit code 4).")
    var timeout = 600

    @OptionGroup var scope: NamespaceOptions
    @OptionGroup var instance: InstanceOptions

    func run() async throws {
        guard let argument = try ResourceArgument.parse(object).first, let name = argument.name else {
            throw CommandFailure("name one object: martlet wait isvc/smollm2", code: 2)
        }
        let goal = try WaitGoal(goal)
        let namespace = argument.resource.isNamespaced ? scope.namespace : nil
        try await Connection.with(instance) { connection in
            let progress = ProgressLine(terminal: .standard)
            let watcher = ObjectWatcher(
                client: connection.client, resource: argument.resource,
                key: ObjectKey(namespace: namespace, name: name))
            let isReached = try await withTimeout(.seconds(timeout)) {
                try await watcher.wait(for: goal, progress: progress)
                return true
            }
            progress.finish()
            guard isReached == true else {
                throw CommandFailure(
                    "\(name): not \(goal.text) after \(timeout) s. See: martlet describe \(object.joined(separator: " "))",
                    code: 4)
            }
            print("\(argument.resource.kind.lowercased())/\(name) \(goal.text)")
        }
    }
}

/// What `wait` waits for.
enum WaitGoal: Sendable {
    case condition(String, status: String)
    case deleted

    init(_ text: String) throws {
        let parts = text.split(separator: "=").map(String.init)
        switch (parts.first, parts.count) {
        case ("delete", 1): self = .deleted
        case ("condition", 2): self = .condition(parts[1], status: "True")
        case ("condition", 3): self = .condition(parts[1], status: parts[2])
        default:
            throw CommandFailure("--for \(text): expected condition=NAME, condition=NAME=VALUE or delete", code: 2)
        }
    }

    var text: String {
        switch self {
        case .condition(let name, "True"): name.lowercased()
        case .condition(let name, let status): "\(name)=\(status)"
        case .deleted: "deleted"
        }
    }
}

/// The result of `body`, or `nil` when the time passed first.
func withTimeout<Value: Sendable>(
    _ limit: Duration, _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value? {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        return try await group.next() ?? nil
    }
}
