import KubeClient
import KubeModel
import ObjectStore

/// The body of a watch's answer: what lies behind the present, then what happens.
struct WatchBody: Sendable {
    let server: ObjectServer
    let definition: ResourceDefinition
    let filter: WatchFilter
    let options: WatchOptions
    var lines: WatchLines
    /// How far it is, and what was read already so that an error could still be an answer of its own.
    private(set) var past: WatchedPast
    private var read: [WatchNotice]
    /// Called once, when it has ended.
    var onEnd: @Sendable () -> Void = {}

    /// - Throws: `Status` where it cannot begin.
    init(_ call: ResourceCall, _ options: WatchOptions) async throws {
        server = call.server
        definition = call.definition
        self.options = options
        lines = WatchLines(rendering: try call.rendering())
        filter = WatchFilter(
            namespace: call.target.namespace,
            selector: try ObjectSelector(options.labelSelector, options.fieldSelector, of: definition))
        past = try WatchedPast(server, definition, namespace: filter.namespace, options)
        read = try await past.next()
    }

    /// Sends what lies behind the present, as fast as the client takes it.
    mutating func sendPast(_ write: APIResponse.Write) async throws {
        while true {
            if !read.isEmpty { try await write(try lines.bytes(read)) }
            read = []
            guard !past.isComplete else { return }
            read = try await past.next()
        }
    }

    /// Goes on with `sink`, which hears of all that comes behind what was sent.
    mutating func follow(into sink: some WatchSink, _ write: APIResponse.Write) async throws -> ObservedWatch {
        let observed = ObservedWatch(Watch(filter), server, definition)
        do {
            // What happened since the past was read, and before the watch began to hear of it.
            past.goOn()
            try await sendPast(write)
            try observed.watch.start([], revision: past.revision) { _ in (sink, ()) }
            return observed
        } catch {
            observed.leave()
            throw error
        }
    }
}
