import ArgumentParser
import JSONModel
import KubeModel
import ServingAPI

struct RuntimeDescribe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "What a model server serves and speaks, and what it is on this machine.")

    @Argument(help: "The runtime's name.")
    var name: String

    @OptionGroup var instance: InstanceOptions

    func run() async throws {
        try await Connection.with(instance) { connection in
            let shelf = try await RuntimeShelf(connection.client)
            let runtime = try shelf.runtime(name)
            print("\(runtime.title): \(RuntimeShelf.title(runtime))")
            print("  serves     \(runtime.formats.map(described).joined(separator: ", "))")
            let speaks = runtime.protocolVersions.joined(separator: ", ")
            print("  speaks     \(speaks.isEmpty ? "what its server speaks" : speaks)")
            print("  enabled    \(runtime.isDisabled ? "no" : "yes")")
            for container in runtime.containers {
                let image = container["image"]?.stringValue ?? ""
                print("  container  \(container["name"]?.stringValue ?? ""): \(image)")
                let standing = HostImage.standing(for: image, among: shelf.images)
                print(
                    "             here: \(standing.map { "HostImage \($0.name), \(state($0))" } ?? "nothing stands for it")"
                )
            }
        }
    }

    private func described(_ format: ServingRuntime.Format) -> String {
        format.isAutoSelected ? format.text : "\(format.text) (when asked for)"
    }

    private func state(_ image: HostImage) -> String {
        let state = RuntimeShelf.state(image)
        return state == "no" ? "not installed" : "installed: \(state)"
    }
}
