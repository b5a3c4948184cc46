import ArgumentParser
import JSONModel
import KubeModel
import ServingAPI

struct RuntimeList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "The model servers that there are, and what each takes on this machine.")

    @OptionGroup var instance: InstanceOptions

    func run() async throws {
        try await Connection.with(instance) { connection in
            let shelf = try await RuntimeShelf(connection.client)
            let rows = shelf.runtimes.sorted { $0.name < $1.name }.map { runtime in
                [
                    runtime.name, RuntimeShelf.title(runtime), formats(runtime), runtime.isDisabled ? "no" : "yes",
                    shelf.installed(runtime),
                ]
            }
            print(Table(header: ["NAME", "TITLE", "FORMATS", "ENABLED", "INSTALLED"], rows: rows).render())
        }
    }

    private func formats(_ runtime: ServingRuntime) -> String {
        var names: [String] = []
        for format in runtime.formats where !names.contains(format.name) { names.append(format.name) }
        return names.joined(separator: ",")
    }
}
