import ArgumentParser
import JSONModel
import KubeClient
import KubeModel
import ServingAPI

struct KeyRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revoke a key at once: martlet key revoke team-a")

    @Argument(help: "What the key is known by.")
    var name: String

    @OptionGroup var scope: KeyScope

    func run() async throws {
        let key = ObjectKey(namespace: scope.namespace, name: name)
        try await Connection.with(scope.instance) { connection in
            let secret = try await connection.client.get(.secrets, key)
            guard secret.labels[ModelKeySecret.label] != nil else {
                throw CommandFailure("secret/\(name) is no API key: martlet key list shows them")
            }
            try await connection.client.delete(.secrets, key)
            print("key \(name) revoked")
        }
    }
}
