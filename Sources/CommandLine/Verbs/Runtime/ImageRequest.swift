import ArgumentParser
import JSONModel
import KubeClient
import KubeModel
import ServingAPI

/// Asks the node to install or remove what a runtime is on this machine, and waits until it has.
struct ImageRequest {
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
