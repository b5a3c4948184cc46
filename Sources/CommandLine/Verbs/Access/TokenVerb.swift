import ArgumentParser

/// Tokens by which callers reach protected services.
struct TokenVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Make, list and revoke tokens for calling a protected service.",
        discussion: """
            A service with the annotation security.opendatahub.io/enable-auth: "true" is called with a token:
              TOKEN=$(martlet token create smollm2 --name ci)
              curl -H "Authorization: Bearer $TOKEN" http://smollm2-default.localhost:8080/v1/models
            """,
        subcommands: [TokenCreate.self, TokenList.self, TokenRevoke.self])
}

/// The service that tokens are about.
struct TokenScope: ParsableArguments {
    @Argument(help: "The InferenceService's name.")
    var service: String

    @Option(name: .shortAndLong, help: "The service's namespace.")
    var namespace = "default"

    @OptionGroup var instance: InstanceOptions
}
