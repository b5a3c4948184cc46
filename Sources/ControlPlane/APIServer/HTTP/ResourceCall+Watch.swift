import KubeClient
import KubeModel
import ObjectStore
import ServiceLifecycle

extension ResourceCall {
    /// Lines of JSON, each sent when it happens. An error after the first of them becomes an `ERROR` event.
    ///
    /// What lies behind the present is sent as fast as the client takes it, and read part by part; only then does the
    /// watch begin to hear of changes.
    func watch() async throws -> APIResponse {
        let rendering = try rendering()
        let options = try WatchOptions(query)
        var past = try WatchedPast(server, definition, namespace: target.namespace, options)
        let first = try await past.next()
        return APIResponse(
            contentType: MediaType.json,
            body: .streamed { [past] write in
                var (past, lines, notices) = (past, WatchLines(rendering: rendering), first)
                do {
                    while true {
                        if !notices.isEmpty { try await write(try lines.bytes(notices)) }
                        guard !past.isComplete else { break }
                        notices = try await past.next()
                    }
                    let stream = try await server.notices(
                        resource, namespace: target.namespace, options.continued(from: past.revision))
                    for try await notice in stream.cancelOnGracefulShutdown() {
                        try await write(try lines.bytes([notice]))
                    }
                } catch let status as Status {
                    try await write(Rendering.line(status))
                }
            })
    }
}

extension WatchOptions {
    fileprivate func continued(from revision: Int) -> WatchOptions {
        var options = self
        options.resourceVersion = String(revision)
        options.sendsInitialEvents = nil
        options.resourceVersionMatch = nil
        return options
    }
}

/// The lines of one watch.
private struct WatchLines {
    let rendering: Rendering
    private var isFirst = true

    init(rendering: Rendering) { self.rendering = rendering }

    mutating func bytes(_ notices: [WatchNotice]) throws -> [UInt8] {
        var bytes: [UInt8] = []
        for notice in notices {
            try rendering.append(notice, isFirst: isFirst, to: &bytes)
            if case .object = notice { isFirst = false }
        }
        return bytes
    }
}
