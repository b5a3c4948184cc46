import Foundation
import Logging
import Synchronization

@testable import ModelStorage

/// A cache in a directory of its own, with time that needs no waiting.
struct CacheFixture {
    let directory = TemporaryDirectory()
    let time = SkippingTime()
    var environment: [String: String] = [:]
    var configuration = ModelCache.Configuration()

    init() {
        configuration.idleTimeout = .seconds(60)
        configuration.freeBytes = { _ in 1 << 40 }
        environment["PIP_CONFIG_FILE"] = "/nonexistent"
    }

    /// Opens the cache, as a new process would, and closes it again.
    func with<Value>(_ body: (ModelCache) async throws -> Value) async throws -> Value {
        let cache = ModelCache(
            directory: directory.path, environment: environment, time: time, configuration: configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        do {
            let value = try await body(cache)
            await cache.shutDown()
            return value
        } catch {
            await cache.shutDown()
            throw error
        }
    }

    func acquire(_ uri: String) async throws -> ModelDirectory { try await with { try await $0.acquire(uri) } }
}

/// What was reported, in order.
final class Record<Element: Sendable>: Sendable {
    private let state = Mutex<[Element]>([])

    var all: [Element] { state.withLock { $0 } }

    func add(_ element: Element) { state.withLock { $0.append(element) } }
}

/// The error that `body` throws; `nil` if it throws none or another kind.
func storageError(_ body: () async throws -> Void) async -> ModelStorageError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? ModelStorageError
    }
}

extension FileTree {
    /// As if the file was last written so long ago.
    static func setTime(_ path: String, secondsAgo: Int64) throws {
        let time = Date(timeIntervalSinceNow: -Double(secondsAgo))
        try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: path)
    }
}
