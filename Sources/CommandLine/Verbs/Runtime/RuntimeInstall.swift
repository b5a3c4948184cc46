import ArgumentParser
import JSONModel
import KubeClient
import KubeModel
import ServingAPI

struct RuntimeInstall: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install", abstract: "Install a model server now, rather than when its first model is deployed.")

    @Argument(help: "The runtime's name.")
    var name: String

    @OptionGroup var instance: InstanceOptions

    func run() async throws {
        try await Connection.with(instance) {
            try await ImageRequest(runtime: name, verb: "install").perform($0.client)
        }
    }
}

struct RuntimeRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove what a model server takes on this machine; the runtime stays.")

    @Argument(help: "The runtime's name.")
    var name: String

    @OptionGroup var instance: InstanceOptions

    func run() async throws {
        try await Connection.with(instance) { try await ImageRequest(runtime: name, verb: "remove").perform($0.client) }
    }
}

/// Asks the node to install or remove what a runtime is on this machine, and waits until it has.
private struct ImageRequest {
    var runtime: String
    /// `install` or `remove`.
    var verb: String

    func perform(_ client: any ResourceClient) async throws {
        let shelf = try await RuntimeShelf(client)
        let images = shelf.images(of: try shelf.runtime(runtime))
        guard !images.isEmpty else {
            throw CommandFailure(
                "no HostImage stands for the images of \(runtime): apply one whose spec.images has them")
        }
        let progress = ProgressLine(terminal: .standard)
        for image in images {
            let patch: JSONValue = ["metadata": ["annotations": [ServingKeys.requested: .string(verb)]]]
            _ = try await client.patch(.hostImages, image.key, .merge(patch))
            let ready = try await answer(client, image, progress)
            progress.finish()
            let isDone = ready.isTrue == (verb == "install") && ready.reason != "InUse"
            guard isDone else { throw CommandFailure("\(image.name): \(ready.reason ?? ""): \(ready.message ?? "")") }
            print("hostimage/\(image.name) \(verb == "install" ? "installed: \(ready.message ?? "")" : "removed")")
        }
    }

    /// The condition once the node has taken the request away.
    private func answer(
        _ client: any ResourceClient, _ image: HostImage, _ progress: ProgressLine
    ) async throws -> Condition {
        let options = WatchOptions(fieldSelector: "metadata.name=\(image.name)")
        while true {
            for try await event in try await client.watch(.hostImages, namespace: nil, options) {
                guard case .added(let object) = event.asAdded else { continue }
                let ready = object.condition("Ready")
                if object.annotations[ServingKeys.requested] == nil, let ready { return ready }
                progress.show(ready?.reason ?? "Waiting", ready?.message ?? "")
            }
        }
    }
}

extension WatchEvent {
    /// A change as the object that it left.
    fileprivate var asAdded: WatchEvent { if case .modified(let object) = self { .added(object) } else { self } }
}
