import KubeAccess
import KubeModel

/// The dashboard: from a request to its answer.
///
/// Every page but the login's needs a session; what a page shows and does is asked of the API in the name of who is
/// logged in. Forms need the session's token and must come from a page of ours.
package final class Site: Sendable {
    let services: SiteServices
    let sessions = Sessions()
    let usedLinks = UsedLinks()
    let origin: RequestOrigin
    let routes: RouteTable
    let feed = LiveFeed()
    let relay: GatewayRelay

    package init(_ services: SiteServices) {
        self.services = services
        origin = RequestOrigin(names: services.hostNames)
        routes = RouteTable.all
        relay = GatewayRelay(gateway: services.gateway)
    }

    /// Ends what the relay holds open.
    package func shutDown() async { await relay.shutDown() }

    /// Always an answer, with the headers that all answers have.
    func answer(_ request: WebRequest) async -> WebResponse {
        var response: WebResponse
        do { response = try await respond(request) } catch let failure as WebFailure {
            response = .text("\(failure.message)\n", code: failure.code)
        } catch { response = .text("\(error)\n", code: 500) }
        response.headers += SecurityHeaders.all
        return response
    }

    private func respond(_ request: WebRequest) async throws -> WebResponse {
        guard origin.isOurs(host: request.headers["host"] ?? "") else {
            throw WebFailure(
                421,
                "This server is not known by the name \(request.headers["host"] ?? ""). "
                    + "Call it by its address, or by localhost.")
        }
        if request.method == "GET", request.segments.first == "assets" { return try asset(request) }
        if request.method == "POST", !origin.isSame(request) {
            throw WebFailure(403, "The form was sent by a page of another site.")
        }
        if request.path == "/login" { return await LoginPage(site: self, request: request).answer() }
        guard let context = await context(request) else { return unauthorized(request) }
        if request.method == "POST" { try checkToken(context) }
        return try await routed(context)
    }

    private func checkToken(_ context: PageContext) throws(WebFailure) {
        let sent = context.request.headers["x-csrf-token"] ?? context.form["csrf"] ?? ""
        guard LoginLink.isEqual(sent, context.session.csrf) else {
            throw WebFailure(403, "The form is of another session. Go back, load the page again, and send it anew.")
        }
    }

    /// The session of a cookie, as long as what began it is still believed.
    func session(_ id: String) async -> Session? {
        guard let session = sessions.session(id, now: services.now()) else { return nil }
        if let token = session.token, (try? await services.door.identity(ofToken: token)) == nil {
            sessions.end(id)
            return nil
        }
        return session
    }

    /// Who asks; `nil` where nobody is logged in.
    private func context(_ request: WebRequest) async -> PageContext? {
        guard let id = request.cookie(Sessions.cookie), let session = await session(id) else { return nil }
        return PageContext(site: services, request: request, session: session, language: Self.language(request))
    }

    static func language(_ request: WebRequest) -> Language {
        request.cookie("martlet-language").flatMap(Language.init(rawValue:))
            ?? Language(acceptLanguage: request.headers["accept-language"] ?? "")
    }

    private func unauthorized(_ request: WebRequest) -> WebResponse {
        let isPage = request.method == "GET" && !["events", "relay"].contains(request.segments.first)
        guard isPage else { return .text("Log in first: /login\n", code: 401) }
        return .redirect(request.path == "/" ? "/login" : "/login?back=\(request.pageTarget)")
    }

    private func asset(_ request: WebRequest) throws(WebFailure) -> WebResponse {
        guard let file = Asset.named(request.segments.last ?? ""), request.segments.count == 2 else {
            throw WebFailure(404, "There is no such file.")
        }
        let isPinned = request.query["v"] == Asset.version
        return WebResponse(
            headers: [
                ("Content-Type", file.contentType),
                ("Cache-Control", isPinned ? "private, max-age=31536000, immutable" : "no-cache"),
            ],
            body: .whole(file.bytes))
    }

    private func routed(_ context: PageContext) async throws -> WebResponse {
        switch context.request.segments.first {
        case "events": return LiveEvents(site: self, context: context).answer()
        case "relay": return try await relay.answer(context)
        case "logout" where context.request.method == "POST":
            sessions.end(context.session.id)
            return .redirect("/login").with("Set-Cookie", Sessions.clearCookie)
        case "preferences" where context.request.method == "POST": return Self.preferences(context)
        default: break
        }
        do {
            if context.request.method == "POST" {
                guard let action = routes.action(context.request.segments) else { throw Status.noPage }
                return try await action.handler(context, action.arguments)
            }
            guard let found = routes.page(context.request.segments) else { throw Status.noPage }
            if let stream = found.route.stream { return try await stream(context, found.arguments) }
            let page = try await found.route.page(context, found.arguments)
            return .html(Layout.render(page, context), code: page.code)
        } catch let status as Status {
            return .html(Layout.render(FailurePage.make(status, context), context), code: status.code)
        }
    }

    private static func preferences(_ context: PageContext) -> WebResponse {
        let back = context.form["back"].flatMap { LoginPage.isLocalPath($0) ? $0 : nil } ?? "/"
        var response = WebResponse.redirect(back)
        let rest = "Path=/; SameSite=Strict; Max-Age=31536000"
        if let language = context.form["language"].flatMap(Language.init(rawValue:)) {
            response = response.with("Set-Cookie", "martlet-language=\(language.rawValue); \(rest)")
        }
        if let theme = context.form["theme"], ["light", "dark", "system"].contains(theme) {
            response = response.with("Set-Cookie", "martlet-theme=\(theme); \(rest)")
        }
        return response
    }
}

extension Status {
    static let noPage = Status(code: 404, reason: "NotFound", message: "There is no such page.")
}

/// What is shown where the API refuses.
enum FailurePage {
    static func make(_ status: Status, _ context: PageContext) -> Page {
        let title =
            switch status.code {
            case 403: context.t("failure.forbidden")
            case 404: context.t("failure.missing")
            default: context.t("failure.refused")
            }
        let causes = status.causes.map { $0.field.isEmpty ? $0.message : "\($0.field): \($0.message)" }
        let section = Page.Section(rawValue: context.request.segments.first ?? "") ?? .overview
        var page = Page(
            section, title: title,
            [
                .fixed(context.failure(status.message, causes: causes)),
                .fixed("<p><a class=\"button\" href=\"\(section.path)\">\(context.t("failure.back"))</a></p>"),
            ])
        page.code = status.code
        return page
    }
}
