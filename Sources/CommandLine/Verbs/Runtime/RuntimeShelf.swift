import JSONModel
import KubeClient
import KubeModel
import ServingAPI

/// The runtimes that there are, and what their images are on this machine.
struct RuntimeShelf: Sendable {
    let runtimes: [ServingRuntime]
    let images: [HostImage]

    /// Those of the cluster and of all namespaces.
    init(_ client: any ResourceClient) async throws {
        let cluster = try await client.list(.clusterServingRuntimes).items
        let local = try await client.list(.servingRuntimes, namespace: nil).items
        runtimes = (cluster + local).map(ServingRuntime.init)
        images = try await client.list(.hostImages).items.map(HostImage.init)
    }

    /// - Throws: `CommandFailure` with the nearest spelling and all names.
    func runtime(_ name: String) throws -> ServingRuntime {
        if let found = runtimes.first(where: { $0.name == name }) { return found }
        let names = runtimes.map(\.name).sorted()
        let hint = Spelling.nearest(to: name, among: names).map { "; did you mean \($0)?" } ?? "."
        throw CommandFailure("there is no runtime \(name)\(hint) There are \(names.joined(separator: ", ")).")
    }

    /// What stands for its containers' images here, each once.
    func images(of runtime: ServingRuntime) -> [HostImage] {
        var found: [HostImage] = []
        for container in runtime.containers {
            let name = container["image"]?.stringValue ?? ""
            guard let image = HostImage.standing(for: name, among: images),
                !found.contains(where: { $0.name == image.name })
            else { continue }
            found.append(image)
        }
        return found
    }

    /// `574.2 MB`, `no`, or what is wrong.
    func installed(_ runtime: ServingRuntime) -> String {
        let images = images(of: runtime)
        guard !images.isEmpty else { return "no HostImage" }
        return images.map(Self.state).joined(separator: " + ")
    }

    static func state(_ image: HostImage) -> String {
        guard let ready = image.object.condition("Ready") else { return "unknown" }
        switch ready.reason {
        case "Installed": return ready.message ?? "yes"
        case "NotInstalled": return "no"
        case let reason: return reason ?? ready.status
        }
    }

    static func title(_ runtime: ServingRuntime) -> String { runtime.annotations["openshift.io/display-name"] ?? "" }
}
