package import ArgumentParser

/// The `martlet` program: one verb, one file.
package struct Martlet: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "martlet",
        abstract: "Serves models, each from its own model server: deploys, routes, scales to zero and back.",
        discussion: """
            Start with:
              martlet up                             start Martlet on this machine
              martlet apply -f smollm2.yaml          deploy a model
              martlet wait isvc/smollm2              watch it become ready
              martlet chat smollm2                   talk to it

            kubectl works too: export KUBECONFIG=~/.local/share/martlet/kubeconfig
            """,
        version: Version.text,
        subcommands: [
            Up.self, Down.self, StatusVerb.self, Apply.self, Get.self, Describe.self, Why.self, Delete.self, Logs.self,
            Chat.self, Wait.self, Top.self, RequestsVerb.self, DashboardVerb.self, ModelVerb.self, RuntimeVerb.self,
            TokenVerb.self, KeyVerb.self, AuditVerb.self, ExposureVerb.self, KubeconfigVerb.self, Backup.self,
            Restore.self, Export.self, DoctorVerb.self, Completion.self, VersionVerb.self,
        ])

    package init() {}
}
