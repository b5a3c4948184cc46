import FoundationEssentials

/// Which package indexes this machine uses: what pip and uv are told by the environment and by pip's files.
struct PipConfiguration: Sendable {
    /// The indexes to ask, best first; at least one.
    var indexes: [WebAddress]

    /// - Parameter read: the text of a file; `nil` where there is none.
    init(environment: [String: String], read: (String) -> String?) {
        let files = Self.files(environment).compactMap(read).map(Self.parse)
        func value(_ variables: [String], _ key: String) -> String? {
            let found = variables.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
            return found ?? files.last { $0[key] != nil }?[key]
        }
        let main = value(["PIP_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX"], "index-url")
        let extra = value(["PIP_EXTRA_INDEX_URL", "UV_EXTRA_INDEX_URL"], "extra-index-url") ?? ""
        indexes =
            ([main ?? "https://pypi.org/simple"] + extra.split(whereSeparator: \.isWhitespace).map(String.init))
            .map(WebAddress.init(splitting:))
    }

    /// In the order in which pip reads them: later ones win.
    private static func files(_ environment: [String: String]) -> [String] {
        if let file = environment["PIP_CONFIG_FILE"] { return [file] }
        let home = environment["HOME"] ?? "/"
        let configuration = environment["XDG_CONFIG_HOME"] ?? home + "/.config"
        return [
            "/etc/xdg/pip/pip.conf", "/etc/pip.conf", home + "/.pip/pip.conf", configuration + "/pip/pip.conf",
        ] + (environment["VIRTUAL_ENV"].map { [$0 + "/pip.conf"] } ?? [])
    }

    /// The settings of the sections `global` and `install`. A value goes on over indented lines.
    private static func parse(_ text: String) -> [String: String] {
        var values: [String: String] = [:]
        var isRelevant = false
        var key: String?
        for line in text.split(whereSeparator: \.isNewline) {
            let content = line.trimming(while: \.isWhitespace)
            if content.isEmpty || content.hasPrefix("#") || content.hasPrefix(";") { continue }
            if line.first?.isWhitespace == true, let key {
                values[key, default: ""] += " " + content
            } else if content.hasPrefix("[") {
                isRelevant = content == "[global]" || content == "[install]"
                key = nil
            } else if isRelevant, let separator = content.firstIndex(where: { $0 == "=" || $0 == ":" }) {
                let name = content[..<separator].trimming(while: \.isWhitespace).replacing("_", with: "-")
                key = name
                values[name] = content[content.index(after: separator)...].trimming(while: \.isWhitespace)
            }
        }
        return values
    }
}

extension WebAddress {
    /// Takes the credentials out of `https://user:password@host/path`.
    init(splitting text: String) {
        guard var parts = URLComponents(string: text), let user = parts.user else {
            self.init(url: text, authorization: nil)
            return
        }
        let token = Data("\(user):\(parts.password ?? "")".utf8).base64EncodedString()
        parts.user = nil
        parts.password = nil
        self.init(url: parts.string ?? text, authorization: "Basic \(token)")
    }

    /// Another URL, with these credentials where it is on the same host: never elsewhere.
    func sibling(_ url: String) -> WebAddress {
        let own = URL(string: self.url)
        let other = URL(string: url)
        let isSame = own?.host == other?.host && own?.scheme == other?.scheme && own?.port == other?.port
        return WebAddress(url: url, authorization: isSame ? authorization : nil)
    }
}
