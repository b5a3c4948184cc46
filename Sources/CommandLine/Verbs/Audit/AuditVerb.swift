import ArgumentParser

/// The log of calls, which `martlet up --call-log FILE` writes.
struct AuditVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Read the log of calls, and verify that nothing in it was changed.",
        subcommands: [AuditVerify.self, AuditTail.self])
}
