import KubeModel

/// What a page is made with: who asks for what, in which language.
struct PageContext: Sendable {
    let site: SiteServices
    let request: WebRequest
    let session: Session
    let language: Language

    var api: UserAPI { UserAPI(door: site.door, identity: session.identity) }
    /// Seconds since 1970.
    var now: Int64 { site.now() }
    var query: Form { request.query }
    var form: Form { request.form }

    /// A text of `strings.txt`, in the page's language.
    func t(_ key: String, _ arguments: String...) -> String { Strings.text(key, language, arguments) }

    /// How long ago, as `kubectl` writes it.
    func age(_ timestamp: String?) -> HTML {
        guard let timestamp, let seconds = Timestamp.seconds(timestamp) else { return "–" }
        return "<time datetime=\"\(timestamp)\" title=\"\(timestamp)\">\(Duration.text(now - seconds, self))</time>"
    }

    /// `theme` as the browser keeps it: `light`, `dark`, or empty for the system's.
    var theme: String {
        let value = request.cookie("martlet-theme") ?? ""
        return ["light", "dark"].contains(value) ? value : ""
    }
}

extension Duration {
    /// Seconds in the two largest units, in the page's language.
    fileprivate static func text(_ seconds: Int64, _ page: PageContext) -> String {
        let seconds = max(0, seconds)
        return switch seconds {
        case ..<60: page.t("time.seconds", "\(seconds)")
        case ..<3_600: page.t("time.minutes", "\(seconds / 60)")
        case ..<172_800: page.t("time.hours", "\(seconds / 3_600)")
        default: page.t("time.days", "\(seconds / 86_400)")
        }
    }
}
