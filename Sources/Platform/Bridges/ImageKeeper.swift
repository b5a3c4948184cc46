import HostImages
import JSONModel
import KubeClient
import KubeController
import KubeModel
import Logging
import ModelStorage
import ServingAPI

/// Says in each HostImage's status whether it is installed here, and installs or removes what is asked for by the
/// annotation `martlet.dev/requested`, which it takes away when that is done.
///
/// Condition Ready: `Installed` with the size, `NotInstalled`, `Installing` with how far it is, `InstallFailed`, `InUse`.
struct ImageKeeper: Sendable {
    private let store: EnvironmentStore
    private let informers: Informers
    private let client: any ResourceClient
    private let logger: Logger
    private let names: AsyncStream<String>
    private let name: AsyncStream<String>.Continuation

    init(store: EnvironmentStore, informers: Informers, client: any ResourceClient, logger: Logger) {
        self.store = store
        self.informers = informers
        self.client = client
        self.logger = logger
        (names, name) = AsyncStream.makeStream()
        informers.informer(.hostImages).subscribe { [name] in name.yield($0.object.name) }
    }

    /// Something was installed without being asked for: a pod needed it.
    func look(at image: HostImage) { name.yield(image.name) }

    /// One at a time: two installations would share the same disk and network.
    func run() async {
        await informers.informer(.hostImages).waitUntilSynced()
        for await name in names {
            guard let object = informers.store(.hostImages)[ObjectKey(name: name)] else { continue }
            await keep(HostImage(object))
        }
    }

    private func keep(_ image: HostImage) async {
        var condition = state(of: image)
        switch image.annotations[ServingKeys.requested] {
        case "install": condition = await install(image)
        case "remove": condition = await remove(image)
        case _?, nil: break
        }
        await write(condition, image)
        if image.annotations[ServingKeys.requested] != nil { await answer(image) }
    }

    private func state(of image: HostImage) -> Condition {
        guard let bytes = store.bytes(of: image) else {
            return Condition(
                "Ready", "False", reason: "NotInstalled", message: "it is installed when a pod needs it")
        }
        return Condition("Ready", "True", reason: "Installed", message: ByteText.decimal(bytes))
    }

    private func install(_ image: HostImage) async -> Condition {
        let (news, tell) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingNewest(1))
        async let told: Void = show(news, image)
        var condition: Condition
        do {
            _ = try await store.prepare(image) { tell.yield("\($0)") }
            condition = state(of: image)
        } catch {
            condition = Condition("Ready", "False", reason: "InstallFailed", message: "\(error)")
        }
        tell.finish()
        await told
        return condition
    }

    private func show(_ news: AsyncStream<String>, _ image: HostImage) async {
        for await message in news {
            await write(Condition("Ready", "False", reason: "Installing", message: message), image)
        }
    }

    private func remove(_ image: HostImage) async -> Condition {
        if let pod = user(of: image) {
            return Condition(
                "Ready", "True", reason: "InUse",
                message: "the pod \(pod.key) runs from it; delete what it serves first")
        }
        do {
            try await store.remove(image)
            return state(of: image)
        } catch {
            return Condition("Ready", "True", reason: "RemoveFailed", message: "\(error)")
        }
    }

    private func user(of image: HostImage) -> Object? {
        let known = informers.store(.hostImages).all.map(HostImage.init)
        return informers.store(.pods).all.first { pod in
            guard !["Succeeded", "Failed"].contains(pod["status", "phase"]?.stringValue) else { return false }
            return ["containers", "initContainers"].flatMap { pod.spec[$0]?.arrayValue ?? [] }.contains { container in
                let name = container["image"]?.stringValue ?? ""
                return HostImage.standing(for: name, among: known)?.name == image.name
            }
        }
    }

    private func write(_ condition: Condition, _ image: HostImage) async {
        let known = informers.store(.hostImages)[image.key] ?? image.object
        let old = known.condition("Ready")
        guard old?.status != condition.status || old?.reason != condition.reason || old?.message != condition.message
        else { return }
        var object = known
        object.setConditions([condition], now: SystemTime().timestamp)
        await patch(image, ["status": object.status], subresource: "status")
    }

    private func answer(_ image: HostImage) async {
        await patch(image, ["metadata": ["annotations": [ServingKeys.requested: .null]]], subresource: nil)
    }

    private func patch(_ image: HostImage, _ change: JSONValue, subresource: String?) async {
        do {
            let written = try await client.patch(.hostImages, image.key, .merge(change), subresource: subresource)
            informers.informer(.hostImages).take(written: written)
        } catch {
            logger.warning(
                "Could not write a HostImage", metadata: ["name": "\(image.name)", "error": "\(error)"])
        }
    }
}
