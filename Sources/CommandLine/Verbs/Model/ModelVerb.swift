import ArgumentParser
import Platform

struct ModelVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "Look after the models on this machine: fetch, check, remove, carry elsewhere.",
        discussion: """
            Models are fetched when a service needs them; `pull` fetches one ahead. Martlet may be running or not.
            Credentials come from the environment: HF_TOKEN, AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL, ... \
            (Documentation/models.md).
            """,
        subcommands: [
            ModelPull.self, ModelList.self, ModelVerify.self, ModelRemove.self, ModelExport.self, ModelImport.self,
        ])
}

/// Whose models a verb is about.
struct LibraryOptions: ParsableArguments {
    @OptionGroup var instance: InstanceOptions

    @Option(name: .long, help: "Where models are kept, if Martlet was started with this option.")
    var cacheDir: String?

    var library: ModelLibrary {
        ModelLibrary(DataDirectory(instance.directory.path, cache: cacheDir.map(DataDirectory.expand)))
    }

    /// - Throws: `CommandFailure` for a model that is not here.
    func models(_ uris: [String]) throws -> [LibraryModel] {
        let all = library.models
        return try uris.flatMap { uri in
            let found = all.filter { $0.uri == uri }
            guard !found.isEmpty else {
                throw CommandFailure("\(uri) is not on this machine; `martlet model list` shows what is.")
            }
            return found
        }
    }
}
