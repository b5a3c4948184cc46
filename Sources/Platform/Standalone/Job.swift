import ServiceLifecycle

/// One long-running part of the program, as the service group runs it.
struct Job: Service {
    private let body: @Sendable () async throws -> Void

    /// Runs `body`; it ends by cancellation when the group stops.
    init(_ body: @escaping @Sendable () async throws -> Void) {
        self.body = { try await cancelWhenGracefulShutdown { try await body() } }
    }

    /// Runs `body`, which `stop` lets return.
    init(run body: @escaping @Sendable () async throws -> Void, stop: @escaping @Sendable () -> Void) {
        self.body = {
            try await withGracefulShutdownHandler {
                try await body()
            } onGracefulShutdown: {
                stop()
            }
        }
    }

    /// What runs by itself, until `stop` has ended it.
    static func ending(_ stop: @escaping @Sendable () async throws -> Void) -> Job {
        Job(unmanaged: {
            try? await gracefulShutdown()
            try await stop()
        })
    }

    private init(unmanaged body: @escaping @Sendable () async throws -> Void) { self.body = body }

    func run() async throws { try await body() }
}
