import ArgumentParser
import Glibc
import KubeModel
import ServingAPI

struct TokenCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a token and print it: martlet token create smollm2 --name ci",
        discussion: "It makes the ServiceAccount <service>-sa, a Role that lets it call this one service, and a Secret."
    )

    @OptionGroup var scope: TokenScope

    @Option(help: "What the token is known by.")
    var name = "default-name"

    @Option(help: "When it ends: 12h, 30d; at least 10m. Without it the token lasts until it is revoked.")
    var expires: String?

    func validate() throws {
        if let problem = NameRule.dnsSubdomain.problem(name) { throw ValidationError("--name \(name): \(problem)") }
        if let expires, Lifetime.seconds(expires) ?? 0 < 600 {
            throw ValidationError("--expires \(expires): a time of at least 10 minutes, such as 30m, 12h or 30d")
        }
    }

    func run() async throws {
        try await Connection.with(scope.instance) { connection in
            let tokens = try await TokenDesk(connection, scope)
            print(try await tokens.create(name, seconds: expires.flatMap(Lifetime.seconds)))
            if !tokens.isProtected {
                Terminal.write(
                    "isvc/\(scope.service) lets everyone call. Protect it: kubectl annotate isvc \(scope.service) "
                        + "\(ServingKeys.enableAuth)=true\n", to: STDERR_FILENO)
            }
        }
    }
}
