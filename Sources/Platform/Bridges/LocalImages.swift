import HostImages
import KubeController
import KubeModel
import NodeAgent
import ServingAPI

/// What container images are on this machine, by the HostImage objects that there are now.
struct LocalImages: PodImages {
    let store: EnvironmentStore
    let informers: Informers
    let keeper: ImageKeeper

    func resolve(
        _ image: String, progress: @escaping @Sendable (String) -> Void
    ) async throws -> ImageEnvironment {
        await informers.informer(.hostImages).waitUntilSynced()
        let known = informers.store(.hostImages).all.map(HostImage.init)
        guard let chosen = HostImage.standing(for: image, among: known) else {
            throw HostImageError(
                "no HostImage on this machine stands for the image \(image)",
                remedy: "apply a HostImage whose spec.images has it, or use one of: "
                    + known.flatMap(\.images).sorted().joined(separator: ", "))
        }
        let wasInstalled = store.isInstalled(chosen)
        let prepared = try await store.prepare(chosen) { progress("\($0)") }
        if !wasInstalled { keeper.look(at: chosen) }
        return ImageEnvironment(
            entrypoint: prepared.entrypoint, path: prepared.path, variables: prepared.environment,
            workingDirectory: nil, directories: prepared.directories)
    }
}
