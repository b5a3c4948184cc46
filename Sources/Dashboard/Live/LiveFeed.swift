import KubeModel

/// The parts of open pages that change, made once for all who have the same page open in the same session.
actor LiveFeed {
    struct Key: Hashable, Sendable {
        /// Forms carry its token.
        var session: String
        var language: Language
        var target: String
    }

    typealias Regions = [(id: String, html: HTML)]

    /// How long what was made is good for. Browsers are told a little less often.
    static let age = Duration.milliseconds(900)

    private struct Made {
        var at: ContinuousClock.Instant
        var task: Task<Regions, any Error>
    }

    private var made: [Key: Made] = [:]

    /// - Parameter make: asked only where nobody asked just before.
    func regions(
        _ key: Key, now: ContinuousClock.Instant = .now, make: @escaping @Sendable () async throws -> Regions
    ) async throws -> Regions {
        if let known = made[key], now - known.at < Self.age { return try await known.task.value }
        made = made.filter { now - $0.value.at < .seconds(5) }
        // A task of its own: whoever asked first may leave while others wait for it.
        let task = Task { try await make() }
        made[key] = Made(at: now, task: task)
        return try await task.value
    }
}

/// `/events?page=…`: server-sent events that bring the changed parts of a page.
///
/// Each browser is written to at its own pace: what a slow one misses is not kept, it gets the newest next time.
struct LiveEvents: Sendable {
    static let interval = Duration.seconds(1)

    let site: Site
    let context: PageContext

    func answer() -> WebResponse {
        WebResponse(
            headers: [
                ("Content-Type", "text/event-stream; charset=utf-8"), ("Cache-Control", "no-store"),
            ], body: .stream { [self] write in try await follow(write) })
    }

    private func follow(_ write: WebResponse.Write) async throws {
        let target = context.query["page"] ?? "/"
        var sent: [String: HTML] = [:]
        // A session that has ended gets nothing more.
        while await site.session(context.session.id) != nil {
            var text = ""
            do {
                for region in try await regions(target) where sent[region.id] != region.html {
                    text += Self.event(region.id, region.html)
                    sent[region.id] = region.html
                }
            } catch let status as Status {
                if [401, 403, 404].contains(status.code) {
                    try await write(Array("event: gone\ndata: \n\n".utf8))
                    return
                }
            }
            try await write(Array((text.isEmpty ? ": \n\n" : text).utf8))
            try await Task.sleep(for: Self.interval)
        }
        try await write(Array("event: gone\ndata: \n\n".utf8))
    }

    private func regions(_ target: String) async throws -> LiveFeed.Regions {
        let key = LiveFeed.Key(session: context.session.id, language: context.language, target: target)
        return try await site.feed.regions(key) { [site, context] in
            let request = WebRequest(target: target)
            guard let found = site.routes.page(request.segments) else { throw Status.noPage }
            let session = context.session
            let page = PageContext(
                site: site.services, request: request, session: session, language: context.language)
            return try await found.route.page(page, found.arguments).regions
        }
    }

    /// One line of HTML for each line of data, as event streams have it.
    static func event(_ id: String, _ html: HTML) -> String {
        let lines = html.text.split(separator: "\n", omittingEmptySubsequences: false)
        return "event: region\nid: \(id)\n" + lines.map { "data: \($0)\n" }.joined() + "\n"
    }
}
