import JSONModel
import KubeModel

extension ResourceCall {
    /// `pods/portforward`, in each of the three ways that clients have.
    func portForward(_ name: String) async throws -> APIResponse {
        let pod = try await server.get(resource, key(name))
        guard let offer = request.upgrade else { throw Status.upgradeRequired }
        let connect: @Sendable (Int) async throws -> any PodConnection = { [streams] in
            try await streams.connect(to: $0, of: pod)
        }
        let overSPDY = SPDYPortForward(pod: pod, connect: connect)
        let upgrade: Upgrade
        switch offer.carrier {
        case .spdy:
            // Clients of the first version name none.
            let chosen = offer.protocols.isEmpty ? "" : try offer.choose([SPDYPortForward.name])
            upgrade = Upgrade(offer, chosen: chosen) { await overSPDY.run(over: $0) }
        case .webSocket where offer.protocols.contains(SPDYPortForward.tunnelName):
            upgrade = Upgrade(offer, chosen: SPDYPortForward.tunnelName) {
                await overSPDY.run(over: WebSocketTunnel($0))
            }
        case .webSocket:
            let channels = ChannelPortForward(pod: pod, ports: try ports(), connect: connect)
            upgrade = Upgrade(offer, chosen: try offer.choose(ChannelPortForward.protocols)) {
                await channels.run(over: $0)
            }
        }
        return APIResponse(code: 101, contentType: "", body: .upgraded(upgrade))
    }

    private func ports() throws(Status) -> [Int] {
        let words = query.all("ports").flatMap { $0.split(separator: ",") }
        let ports = words.compactMap { Int($0) }.filter { (1...65_535).contains($0) }
        guard !ports.isEmpty, ports.count == words.count, ports.count <= 100 else {
            throw .badRequest("ports must name between 1 and 100 ports: ports=8080&ports=9090")
        }
        return ports
    }
}
