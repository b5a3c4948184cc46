import JSONModel
import KubeAccess
import KubeClient
import KubeModel
import YAMLModel

/// Logging in: by a one-time link on this machine, by a bearer token, or by a kubeconfig that has one.
struct LoginPage: Sendable {
    let site: Site
    let request: WebRequest

    private var language: Language {
        request.query["lang"].flatMap(Language.init(rawValue:)) ?? Site.language(request)
    }

    private func t(_ key: String) -> String { Strings.text(key, language) }

    func answer() async -> WebResponse {
        let response = await answered()
        guard request.query["lang"] != nil else { return response }
        return response.with(
            "Set-Cookie", "martlet-language=\(language.rawValue); Path=/; SameSite=Strict; Max-Age=31536000")
    }

    private func answered() async -> WebResponse {
        if let link = request.query["token"], request.method == "GET" { return follow(link) }
        guard request.method == "POST" else { return page(nil) }
        guard let proof = request.form["token"] else { return page("login.empty") }
        guard let token = Self.token(in: proof) else { return page("login.no-token") }
        do {
            let identity = try await site.services.door.identity(ofToken: token)
            return begin(identity, token: token)
        } catch { return page("login.refused", detail: "\(error)") }
    }

    private func follow(_ link: String) -> WebResponse {
        let (services, now) = (site.services, site.services.now())
        guard request.isLocal, !services.linkKey.isEmpty,
            let expires = LoginLink.expiry(link, key: services.linkKey, now: now),
            site.usedLinks.use(link, expires: expires, now: now)
        else { return page("login.link-ended") }
        let administrator = Identity(user: "martlet-admin", groups: [Identity.masters, Identity.authenticated])
        return begin(administrator, token: nil)
    }

    private func begin(_ identity: Identity, token: String?) -> WebResponse {
        let session = site.sessions.begin(identity, token: token, now: site.services.now())
        let back = (request.form["back"] ?? request.query["back"]).flatMap { Self.isLocalPath($0) ? $0 : nil } ?? "/"
        return .redirect(back).with("Set-Cookie", Sessions.setCookie(session))
    }

    /// A path of this site, and nothing that a browser takes for another one.
    static func isLocalPath(_ path: String) -> Bool {
        path.hasPrefix("/") && !path.hasPrefix("//") && !path.contains("\\")
            && path.unicodeScalars.allSatisfy { $0.value > 32 && $0.value < 127 }
    }

    /// A bearer token as it is, or the one of a kubeconfig.
    static func token(in proof: String) -> String? {
        guard proof.contains("\n") || proof.contains("apiVersion") else { return proof }
        let users = (try? JSONValue.documents(yaml: proof))?.first?["users"]?.arrayValue ?? []
        return users.lazy.compactMap { $0[path: "user", "token"]?.stringValue }.first
    }

    private func page(_ problem: String?, detail: String = "") -> WebResponse {
        let other: Language = language == .english ? .chinese : .english
        let back = request.form["back"] ?? request.query["back"] ?? "/"
        let field = Field(
            label: t("login.token"), name: "token", hint: t("login.hint"), isRequired: true,
            attributes: " autocomplete=\"off\" autofocus")
        let failure: HTML =
            problem.map { key -> HTML in
                "<div class=\"notice bad\" role=\"alert\"><p>\(t(key))</p>\(if: !detail.isEmpty, "<p>\(detail)</p>")</div>"
            } ?? ""
        let theme = request.cookie("martlet-theme").flatMap { ["light", "dark"].contains($0) ? $0 : nil } ?? ""
        let body: HTML = """
            <body class="login"><main id="main">
            <h1><img src="/assets/icon.svg?v=\(Asset.version)" alt="" width="40" height="40"> Martlet</h1>
            \(failure)
            <form method="post" action="/login" class="card">
            <input type="hidden" name="back" value="\(back)">
            \(field.area(rows: 4))
            <button class="primary">\(t("login.do"))</button>
            </form>
            <div class="card other"><p>\(t("login.link"))</p><pre><code>martlet dashboard</code></pre></div>
            <p class="lang"><a href="/login?lang=\(other.rawValue)" lang="\(other.rawValue)">\(other.name)</a></p>
            </main></body>
            """
        let html = Layout.document(title: t("login.title"), language: language, theme: theme, scripts: ["app.js"], body)
        return .html(html, code: problem == nil ? 200 : 401)
    }
}
