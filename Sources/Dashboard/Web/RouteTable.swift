/// Which page is at which path, and which form goes where.
struct RouteTable: Sendable {
    typealias MakePage = @Sendable (PageContext, [String]) async throws -> Page
    typealias Answer = @Sendable (PageContext, [String]) async throws -> WebResponse

    /// One path: `/models/:namespace/:name`. Parts that begin with a colon stand for anything.
    struct Route: Sendable {
        let pattern: [String]
        let page: MakePage
        /// In the place of a page: an answer of its own.
        let stream: Answer?
    }

    struct Action: Sendable {
        let pattern: [String]
        let handler: Answer
    }

    private(set) var routes: [Route] = []
    private(set) var actions: [Action] = []

    mutating func page(_ path: String, _ page: @escaping MakePage) {
        routes.append(Route(pattern: Self.pattern(path), page: page, stream: nil))
    }

    mutating func stream(_ path: String, _ answer: @escaping Answer) {
        let none: MakePage = { _, _ in Page(.overview, title: "", []) }
        routes.append(Route(pattern: Self.pattern(path), page: none, stream: answer))
    }

    mutating func action(_ path: String, _ handler: @escaping Answer) {
        actions.append(Action(pattern: Self.pattern(path), handler: handler))
    }

    func page(_ segments: [String]) -> (route: Route, arguments: [String])? {
        for route in routes {
            if let arguments = Self.match(route.pattern, segments) { return (route, arguments) }
        }
        return nil
    }

    func action(_ segments: [String]) -> (handler: Answer, arguments: [String])? {
        for action in actions {
            if let arguments = Self.match(action.pattern, segments) { return (action.handler, arguments) }
        }
        return nil
    }

    private static func pattern(_ path: String) -> [String] { path.split(separator: "/").map(String.init) }

    private static func match(_ pattern: [String], _ segments: [String]) -> [String]? {
        guard pattern.count == segments.count else { return nil }
        var arguments: [String] = []
        for (part, segment) in zip(pattern, segments) {
            if part.hasPrefix(":") { arguments.append(segment) } else if part != segment { return nil }
        }
        return arguments
    }
}

extension RouteTable {
    /// All that there is.
    static let all: RouteTable = {
        var table = RouteTable()
        table.page("/") { context, _ in try await OverviewPage.make(context) }
        ModelsPage.register(&table)
        ModelForm.register(&table)
        ModelPage.register(&table)
        table.page("/playground") { context, _ in try await PlaygroundPage.make(context) }
        RuntimesPage.register(&table)
        ConnectionsPage.register(&table)
        KeysPage.register(&table)
        UsersPage.register(&table)
        table.page("/audit") { context, _ in try await AuditPage.make(context) }
        SettingsPage.register(&table)
        return table
    }()
}
