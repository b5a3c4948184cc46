import ArgumentParser

/// API keys for models.
struct KeyVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Make, list and revoke API keys for models, with budgets.",
        discussion: """
            A key is good for protected services of one namespace; OpenAI's clients take it as their API key:
              export OPENAI_API_KEY=$(martlet key create team-a --service smollm2 --tokens-per-day 100000)
            Martlet keeps only the key's SHA-256: nobody can be told the key again.
            """,
        subcommands: [KeyCreate.self, KeyList.self, KeyRevoke.self])
}

/// Where keys are.
struct KeyScope: ParsableArguments {
    @Option(name: .shortAndLong, help: "The key's namespace, and that of the services that it is for.")
    var namespace = "default"

    @OptionGroup var instance: InstanceOptions
}
