import NIOCore

// Single requests; from any thread.
extension Gateway {
    /// The oldest first.
    package func requestsInFlight() async -> [GatewayRequest] {
        guard !isShutDown else { return [] }
        var all: [GatewayRequest] = []
        for worker in workers {
            all += (try? await worker.loop.submit { worker.requestsInFlight }.get()) ?? []
        }
        return all.sorted { $0.age > $1.age }
    }

    /// Ends a request: its caller gets an error, or a stream that is visibly cut.
    ///
    /// - Returns: Whether it was still under way.
    package func cancel(_ id: GatewayRequestID) async -> Bool {
        guard !isShutDown, workers.indices.contains(id.loop) else { return false }
        let worker = workers[id.loop]
        return (try? await worker.loop.submit { worker.cancel(id.number) }.get()) ?? false
    }

    /// The requests that have ended since the last call, and how many of them there was no room for.
    package func takeEnded() async -> (ended: [EndedRequest], lost: Int) {
        isShutDown ? takeLeftover() : await askEnded()
    }

    func askEnded() async -> (ended: [EndedRequest], lost: Int) {
        var (all, lost): ([EndedRequest], Int) = ([], 0)
        for worker in workers {
            guard let taken = try? await worker.loop.submit({ worker.takeEnded() }).get() else { continue }
            all += taken.ended
            lost += taken.lost
        }
        return (all, lost)
    }
}
