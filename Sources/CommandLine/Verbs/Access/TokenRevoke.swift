import ArgumentParser
import Glibc
import KubeModel
import ServingAPI

struct TokenRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revoke a token at once: martlet token revoke smollm2 ci")

    @OptionGroup var scope: TokenScope

    @Argument(help: "What the token is known by.")
    var name: String

    func run() async throws {
        try await Connection.with(scope.instance) { connection in
            let tokens = try await TokenDesk(connection, scope)
            try await tokens.revoke(name)
            print("token \(name) of isvc/\(scope.service) revoked")
        }
    }
}
