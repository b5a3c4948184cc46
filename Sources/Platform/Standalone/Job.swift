import ServiceLifecycle

/// One long-running part of the program, as the service group runs it: it ends by cancellation when the group stops.
struct Job: Service {
    private let body: @Sendable () async throws -> Void

    init(_ body: @escaping @Sendable () async throws -> Void) { self.body = body }

    func run() async throws {
        try await cancelWhenGracefulShutdown { [body] in try await body() }
    }
}
