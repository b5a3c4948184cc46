import ArgumentParser
import Platform

struct KubeconfigVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kubeconfig", abstract: "Print a kubeconfig for a user, with a client certificate made for it.",
        discussion: """
            What the user may do is for roles to say, for instance:
              martlet kubeconfig --user jane --group team-a > jane.kubeconfig
              kubectl create rolebinding jane --clusterrole=edit --user=jane
            The certificate cannot be taken back; it ends by itself.
            """)

    @Option(help: "The user's name.")
    var user: String

    @Option(help: "A group that the user is one of; may be given several times.")
    var group: [String] = []

    @Option(help: "Days until the certificate ends.")
    var days = 90

    @OptionGroup var instance: InstanceOptions

    func validate() throws {
        guard !user.isEmpty else { throw ValidationError("--user: name the user") }
        guard (1...3650).contains(days) else { throw ValidationError("--days \(days): from 1 to 3650") }
    }

    func run() async throws {
        let lifetime = Int64(days) * 86_400
        Terminal.write(try instance.directory.kubeconfig(for: user, groups: group, lifetime: lifetime))
    }
}
