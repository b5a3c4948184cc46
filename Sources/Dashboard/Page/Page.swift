/// A page of the dashboard, without the frame that all of them have.
struct Page: Sendable {
    /// A part of a page.
    enum Block: Sendable {
        case fixed(HTML)
        /// Sent again to browsers that have the page open, when it has changed.
        case live(id: String, HTML)
    }

    /// Where in the navigation a page is.
    enum Section: String, CaseIterable, Sendable {
        case overview, models, playground, runtimes, connections, keys, users, audit, settings

        var path: String { self == .overview ? "/" : "/\(rawValue)" }
        /// What follows `g` on the keyboard.
        var shortcut: String {
            switch self {
            case .overview: "o"
            case .models: "m"
            case .playground: "p"
            case .runtimes: "r"
            case .connections: "c"
            case .keys: "k"
            case .users: "u"
            case .audit: "a"
            case .settings: "s"
            }
        }
    }

    var section: Section
    var title: String
    /// Beside the title: buttons.
    var actions: HTML = ""
    var blocks: [Block]
    var scripts: [String] = []
    var code = 200

    init(_ section: Section, title: String, actions: HTML = "", _ blocks: [Block], scripts: [String] = []) {
        self.section = section
        self.title = title
        self.actions = actions
        self.blocks = blocks
        self.scripts = scripts
    }

    /// The parts that change, by id.
    var regions: [(id: String, html: HTML)] {
        blocks.compactMap { block in
            if case .live(let id, let html) = block { (id, html) } else { nil }
        }
    }

    var isLive: Bool { !regions.isEmpty }
}
