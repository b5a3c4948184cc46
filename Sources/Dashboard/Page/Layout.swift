import KubeAccess
import KubeClient

/// The frame that pages are in.
enum Layout {
    static func render(_ page: Page, _ context: PageContext) -> HTML {
        let t = { (key: String) in context.t(key) }
        let live: HTML = html(if: page.isLive, " data-events=\"/events?page=\(context.request.pageTarget)\"")
        return document(
            title: page.title, language: context.language, theme: context.theme,
            scripts: ["app.js"] + page.scripts,
            """
            <body\(live)>
            <a class="skip" href="#main">\(t("nav.skip"))</a>
            <header class="top">
            <a class="brand" href="/"><img src="/assets/icon.svg?v=\(Asset.version)" alt="" width="24" height="24"> Martlet</a>
            <button type="button" class="menu" data-menu aria-expanded="false" aria-controls="nav">\(Icon.menu)<span class="hidden">\(t("nav.menu"))</span></button>
            </header>
            <nav id="nav" aria-label="\(t("nav.label"))">
            <a class="brand wide" href="/"><img src="/assets/icon.svg?v=\(Asset.version)" alt="" width="26" height="26"> Martlet</a>
            <ul>\(Page.Section.allCases.map { item($0, isHere: $0 == page.section, context) })</ul>
            \(footer(context))
            </nav>
            <main id="main" tabindex="-1">
            \(notice(context))
            <div class="title"><h1>\(page.title)</h1><div class="actions">\(page.actions)</div></div>
            \(page.blocks.map(block))
            </main>
            <div class="toast" role="status" aria-live="polite" data-toast data-copied="\(t("copied"))" data-lost="\(t("live.lost"))"></div>
            </body>
            """)
    }

    static func document(
        title: String, language: Language, theme: String, scripts: [String], _ body: HTML
    ) -> HTML {
        """
        <!doctype html>
        <html lang="\(language.rawValue)"\(html(if: !theme.isEmpty, " data-theme=\"\(theme)\""))>
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(title) · Martlet</title>
        <link rel="icon" href="/assets/icon.svg?v=\(Asset.version)" type="image/svg+xml">
        <link rel="stylesheet" href="/assets/style.css?v=\(Asset.version)">
        \(scripts.map { name -> HTML in "<script src=\"/assets/\(name)?v=\(Asset.version)\" defer></script>" })
        </head>
        \(body)
        </html>
        """
    }

    static func region(_ id: String, _ html: HTML) -> HTML { "<div data-live=\"\(id)\">\(html)</div>" }

    private static func block(_ block: Page.Block) -> HTML {
        switch block {
        case .fixed(let html): html
        case .live(let id, let html): region(id, html)
        }
    }

    private static func item(_ section: Page.Section, isHere: Bool, _ context: PageContext) -> HTML {
        """
        <li><a href="\(section.path)" data-key="\(section.shortcut)"\(html(if: isHere, " aria-current=\"page\""))>\
        \(Icon.of(section))<span>\(context.t("nav.\(section.rawValue)"))</span></a></li>
        """
    }

    private static func footer(_ context: PageContext) -> HTML {
        let other: Language = context.language == .english ? .chinese : .english
        let next = context.theme.isEmpty ? "dark" : context.theme == "dark" ? "light" : "system"
        return """
            <div class="foot">
            <p class="who" title="\(context.t("nav.user"))">\(Icon.user)<span>\(context.session.identity.user)</span></p>
            <div class="switches">
            \(context.post("/preferences", fields: ["language": other.rawValue, "back": context.request.target], """
                <button class="quiet" lang="\(other.rawValue)">\(other.name)</button>
                """))
            \(context.post("/preferences", fields: ["theme": next, "back": context.request.target], """
                <button class="quiet" title="\(context.t("theme.next.\(next)"))">\(Icon.theme)<span class="hidden">\(context.t("theme.next.\(next)"))</span></button>
                """))
            \(context.post("/logout", """
                <button class="quiet" title="\(context.t("nav.logout"))">\(Icon.leave)<span class="hidden">\(context.t("nav.logout"))</span></button>
                """))
            </div></div>
            """
    }

    private static func notice(_ context: PageContext) -> HTML {
        guard let key = context.query["notice"], Strings.entry("notice.\(key)", .english) != nil else { return "" }
        return "<p class=\"notice good\" role=\"status\">\(context.t("notice.\(key)"))</p>"
    }
}

extension WebRequest {
    /// Path and query, without the notice that was shown once.
    var target: String {
        let fields = query.fields.filter { $0.name != "notice" }
        return fields.isEmpty
            ? path
            : "\(path)?" + fields.map { "\($0.name.percentEncoded)=\($0.value.percentEncoded)" }.joined(separator: "&")
    }

    /// The same, as a value in a query.
    var pageTarget: String { target.percentEncoded }
}
