import ArgumentParser
import Glibc
import KubeModel
import ServingAPI

struct TokenList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List a service's tokens; never what they are.")

    @OptionGroup var scope: TokenScope

    func run() async throws {
        try await Connection.with(scope.instance) { connection in
            let secrets = try await TokenDesk(connection, scope).secrets()
            let rows = secrets.map { secret in
                [
                    secret.annotations[ServiceToken.displayName] ?? secret.name, secret.name,
                    secret.annotations[ServiceToken.end] ?? "never", secret.creationTimestamp ?? "",
                ]
            }
            print(Table(header: ["NAME", "SECRET", "EXPIRES", "CREATED"], rows: rows).render())
        }
    }
}
