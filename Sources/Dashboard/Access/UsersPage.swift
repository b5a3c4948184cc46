import JSONModel
import KubeClient
import KubeModel
import ServingAPI

/// Who may call which model: the tokens of services; and who may do what: bindings of roles.
enum UsersPage {
    static func register(_ table: inout RouteTable) {
        table.page("/users") { context, _ in try await make(context, made: nil) }
        table.action("/users/create") { context, _ in try await create(context) }
        table.action("/users/revoke") { context, _ in try await revoke(context) }
    }

    private static func make(_ context: PageContext, made: String?) async throws -> Page {
        let services = try await context.api.list(.inferenceServices).sorted { $0.key < $1.key }
        var blocks: [Page.Block] = []
        if let made { blocks.append(.fixed(once(made, "tokens.once", context))) }
        blocks.append(.fixed(form(services, context)))
        blocks.append(.fixed(await table(services, context)))
        blocks.append(.fixed(await bindings(context)))
        return Page(.users, title: context.t("nav.users"), blocks)
    }

    /// A secret that is shown this once.
    static func once(_ secret: String, _ key: String, _ context: PageContext) -> HTML {
        "<div class=\"notice good\" role=\"status\"><p>\(context.t(key))</p>\(context.copyable(secret))</div>"
    }

    private static func form(_ services: [Object], _ context: PageContext) -> HTML {
        guard !services.isEmpty else { return context.empty("tokens.no-services") }
        let service = Field(
            label: context.t("tokens.service"), name: "service", value: context.query["model"] ?? "", isRequired: true)
        let name = Field(label: context.t("tokens.name"), name: "name", value: "default-name", isRequired: true)
        let expires = Field(
            label: context.t("tokens.expires"), name: "expires", hint: context.t("tokens.expires.hint"),
            placeholder: "30d")
        return context.post(
            "/users/create", class: "card",
            """
            <h2>\(context.t("tokens.new"))</h2><div class="grid">\
            \(service.select(services.map { ($0.key.description, $0.key.description) }))\(name.input)\(expires.input)</div>\
            <div class="row end"><button class="primary">\(context.t("tokens.make"))</button></div>
            """)
    }

    private static func table(_ services: [Object], _ context: PageContext) async -> HTML {
        var rows: [[HTML]] = []
        for service in services {
            for secret in await ServiceTokens(service, context.api).all() {
                rows.append(row(secret, service, context))
            }
        }
        guard !rows.isEmpty else { return context.empty("tokens.none") }
        let columns = ["service", "name", "token", "ends", "age", "do"].map { context.t("tokens.\($0)") }
        return TableView(label: context.t("tokens.title"), columns: columns, rows: rows).html
    }

    private static func row(_ secret: Object, _ service: Object, _ context: PageContext) -> [HTML] {
        let name = secret.annotations[ServiceToken.displayName] ?? secret.name
        let token: HTML =
            ServiceTokens.text(secret).map { text -> HTML in
                "<details class=\"reveal\"><summary>\(context.t("tokens.show"))</summary>\(context.copyable(text))</details>"
            } ?? "<span>\(context.t("tokens.told"))</span>"
        let revoke = context.post(
            "/users/revoke", fields: ["namespace": secret.namespace ?? "", "secret": secret.name],
            "<button class=\"small danger\">\(context.t("tokens.revoke"))</button>")
        return [
            "<a class=\"name\" href=\"\(ModelsPage.path(service.key))\">\(service.name)</a><small>\(service.namespace ?? "")</small>",
            "\(name)", token, "\(secret.annotations[ServiceToken.end] ?? context.t("tokens.never"))",
            context.age(secret.creationTimestamp), revoke,
        ]
    }

    private static func bindings(_ context: PageContext) async -> HTML {
        let all = await context.api.listed(.roleBindings) + context.api.listed(.clusterRoleBindings)
        let rows = all.filter { !$0.name.hasPrefix("system:") }.sorted { $0.key < $1.key }.map { binding -> [HTML] in
            let subjects = (binding["subjects"]?.arrayValue ?? []).map { subject in
                [subject["kind"]?.stringValue, subject["namespace"]?.stringValue, subject["name"]?.stringValue]
                    .compactMap(\.self).joined(separator: " ")
            }
            return [
                "\(subjects.joined(separator: ", "))", "\(binding["roleRef", "name"]?.stringValue ?? "")",
                "\(binding.namespace ?? context.t("filter.all"))", "<small>\(binding.name)</small>",
            ]
        }
        guard !rows.isEmpty else { return "" }
        let columns = ["subject", "role", "namespace", "binding"].map { context.t("bindings.\($0)") }
        return """
            <section><h2>\(context.t("bindings.title"))</h2>\
            \(TableView(label: context.t("bindings.title"), columns: columns, rows: rows).html)</section>
            """
    }

    private static func create(_ context: PageContext) async throws -> WebResponse {
        let parts = (context.form["service"] ?? "").split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 2, let name = context.form["name"] else {
            throw Status.badRequest(context.t("tokens.wrong"))
        }
        let seconds = context.form["expires"].flatMap(Lifetime.seconds)
        if context.form["expires"] != nil, (seconds ?? 0) < 600 {
            throw Status.badRequest(context.t("tokens.expires.hint"))
        }
        let service = try await context.api.get(.inferenceServices, ObjectKey(namespace: parts[0], name: parts[1]))
        let token = try await ServiceTokens(service, context.api).create(name, seconds: seconds, now: context.now)
        guard let token else { return .redirect("/users?notice=token") }
        return .html(Layout.render(try await make(context, made: token), context))
    }

    private static func revoke(_ context: PageContext) async throws -> WebResponse {
        let key = ObjectKey(namespace: context.form["namespace"], name: context.form["secret"] ?? "")
        let secret = try await context.api.get(.secrets, key)
        guard secret.annotations[ServiceToken.accountName] != nil else {
            throw Status.badRequest(context.t("tokens.no-token"))
        }
        try await context.api.delete(.secrets, key)
        return .redirect("/users?notice=revoked")
    }
}
