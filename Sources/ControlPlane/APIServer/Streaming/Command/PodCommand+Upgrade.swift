import KubeModel

extension PodCommand {
    /// The connection as the command's streams, in the best of the protocols that the client offers.
    ///
    /// - Throws: 400 where the client offers no upgrade, 403 where it knows none of the protocols.
    func response(
        to offer: UpgradeOffer?, _ start: @escaping @Sendable () async throws -> any PodProcess
    ) throws(Status) -> APIResponse {
        guard let offer else { throw .upgradeRequired }
        let upgrade =
            switch offer.carrier {
            case .webSocket: try overWebSocket(offer, start)
            case .spdy: try overSPDY(offer, start)
            }
        return APIResponse(code: 101, contentType: "", body: .upgraded(upgrade))
    }

    private func overWebSocket(
        _ offer: UpgradeOffer, _ start: @escaping @Sendable () async throws -> any PodProcess
    ) throws(Status) -> Upgrade {
        let name = try offer.choose(ChannelTransport.Version.allCases.map(\.rawValue))
        let version = ChannelTransport.Version(rawValue: name) ?? .unnamed
        return Upgrade(offer, chosen: name) { connection in
            let transport = ChannelTransport(WebSocketConnection(connection), version, toClient: toClient)
            try await transport.begin()
            await session(transport, version.hasStatus, start).run(over: connection)
        }
    }

    private func overSPDY(
        _ offer: UpgradeOffer, _ start: @escaping @Sendable () async throws -> any PodProcess
    ) throws(Status) -> Upgrade {
        let name = try offer.choose(SPDYTransport.protocols)
        let number = name.dropFirst().first?.wholeNumberValue ?? 1
        return Upgrade(offer, chosen: name) { connection in
            let transport = SPDYTransport(SPDYConnection(connection))
            guard try await transport.begin(spdyStreams(hasSize: number >= 3), within: connection) else { return }
            await session(transport, number >= 4, start).run(over: connection)
        }
    }

    private func session(
        _ transport: any CommandTransport, _ hasStatus: Bool,
        _ start: @escaping @Sendable () async throws -> any PodProcess
    ) -> CommandSession {
        CommandSession(command: self, transport: transport, hasStatus: hasStatus, start: start)
    }

    private var toClient: [CommandStream] { (hasOutput ? [.output] : []) + (hasErrors ? [.errors] : []) }

    /// The streams that a client of SPDY opens.
    private func spdyStreams(hasSize: Bool) -> Set<CommandStream> {
        var streams: Set<CommandStream> = Set(toClient + [.status])
        if hasInput { streams.insert(.input) }
        if isTerminal, hasSize { streams.insert(.size) }
        return streams
    }
}
