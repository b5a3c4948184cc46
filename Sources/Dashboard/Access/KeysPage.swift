import Crypto
import FoundationEssentials
import KubeClient
import KubeModel
import ServingAPI

/// API keys for models, with their budgets.
enum KeysPage {
    static func register(_ table: inout RouteTable) {
        table.page("/keys") { context, _ in try await make(context, made: nil) }
        table.action("/keys/create") { context, _ in try await create(context) }
        table.action("/keys/revoke") { context, _ in try await revoke(context) }
    }

    private static let limits = [
        ("requests-per-minute", ModelKeySecret.requestsPerMinute),
        ("tokens-per-minute", ModelKeySecret.tokensPerMinute),
        ("tokens-per-day", ModelKeySecret.tokensPerDay), ("concurrent", ModelKeySecret.concurrentRequests),
    ]

    private static func make(_ context: PageContext, made: String?) async throws -> Page {
        let keys = await context.api.listed(.secrets, labels: [ModelKeySecret.label: "true"]).sorted { $0.key < $1.key }
        var blocks: [Page.Block] = []
        if let made { blocks.append(.fixed(UsersPage.once(made, "keys.once", context))) }
        blocks.append(.fixed(await form(context)))
        blocks.append(.fixed(keys.isEmpty ? context.empty("keys.none") : table(keys, context)))
        return Page(.keys, title: context.t("nav.keys"), blocks)
    }

    private static func table(_ keys: [Object], _ context: PageContext) -> HTML {
        let columns = ["name", "owner", "services", "limits", "ends", "age", "do"].map { context.t("keys.\($0)") }
        let rows = keys.map { key -> [HTML] in
            let notes = key.annotations
            let budget = limits.compactMap { name, annotation in
                notes[annotation].map { "\(context.t("keys.\(name)")): \($0)" }
            }
            return [
                "<b>\(key.name)</b><small>\(key.namespace ?? "")</small>", "\(notes[ModelKeySecret.owner] ?? "–")",
                "\(notes[ModelKeySecret.services] ?? context.t("filter.all"))",
                "\(budget.isEmpty ? "–" : budget.joined(separator: "; "))",
                "\(notes[ModelKeySecret.expires] ?? context.t("tokens.never"))", context.age(key.creationTimestamp),
                context.post(
                    "/keys/revoke", fields: ["namespace": key.namespace ?? "", "name": key.name],
                    "<button class=\"small danger\">\(context.t("tokens.revoke"))</button>"),
            ]
        }
        return TableView(label: context.t("nav.keys"), columns: columns, rows: rows).html
    }

    private static func form(_ context: PageContext) async -> HTML {
        let namespaces = await context.api.namespaces()
        let place = Field(label: context.t("models.namespace"), name: "namespace", value: "default", isRequired: true)
        let name = Field(
            label: context.t("keys.name"), name: "name", isRequired: true, attributes: " autocomplete=\"off\"")
        let owner = Field(label: context.t("keys.owner"), name: "owner")
        let services = Field(
            label: context.t("keys.services"), name: "services", hint: context.t("keys.services.hint"))
        let expires = Field(
            label: context.t("tokens.expires"), name: "expires", hint: context.t("keys.expires.hint"),
            placeholder: "30d")
        let numbers = limits.map { name, _ in
            Field(label: context.t("keys.\(name)"), name: name, type: "number", attributes: " min=\"1\"").input
        }
        let cuts = Field(label: context.t("keys.cuts"), name: "cuts")
        return context.post(
            "/keys/create", class: "card",
            """
            <h2>\(context.t("keys.new"))</h2><div class="grid">\
            \(place.select(namespaces.map { ($0, $0) }))\(name.input)\(owner.input)\(services.input)\(expires.input)\
            \(numbers)\(cuts.box(false))</div>\
            <div class="row end"><button class="primary">\(context.t("keys.make"))</button></div>
            """)
    }

    private static func create(_ context: PageContext) async throws -> WebResponse {
        let form = context.form
        guard let name = form["name"], NameRule.dnsSubdomain.problem(name) == nil else {
            throw Status.badRequest(context.t("keys.wrong-name"))
        }
        var notes: [String: String] = [:]
        notes[ModelKeySecret.owner] = form["owner"]
        notes[ModelKeySecret.services] = form["services"]?.filter { !$0.isWhitespace }
        if let expires = form["expires"] {
            guard let seconds = Lifetime.seconds(expires) else {
                throw Status.badRequest(context.t("keys.expires.hint"))
            }
            notes[ModelKeySecret.expires] = Timestamp.string(seconds: context.now + Int64(seconds))
        }
        for (field, annotation) in limits { notes[annotation] = form.number(field).map(String.init) }
        if form.isOn("cuts") { notes[ModelKeySecret.cutsStreams] = "true" }
        let key = Self.newKey()
        let object = ModelKeySecret.make(
            ObjectKey(namespace: form["namespace"] ?? "default", name: name), digest: digest(key), annotations: notes)
        _ = try await context.api.create(.secrets, object)
        return .html(Layout.render(try await make(context, made: key), context))
    }

    /// 256 bits of the system's randomness.
    private static func newKey() -> String {
        let random = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }.base64EncodedString()
        return ModelKeySecret.prefix + random.filter { $0 != "=" }.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }
    }

    /// Base64 of the hexadecimal SHA-256, as the Secret has it.
    static func digest(_ key: String) -> String {
        let digits = SHA256.hash(data: Data(key.utf8)).flatMap { byte in
            [byte >> 4, byte & 15].map { Array("0123456789abcdef".utf8)[Int($0)] }
        }
        return Data(digits).base64EncodedString()
    }

    private static func revoke(_ context: PageContext) async throws -> WebResponse {
        let key = ObjectKey(namespace: context.form["namespace"], name: context.form["name"] ?? "")
        guard try await context.api.get(.secrets, key).labels[ModelKeySecret.label] == "true" else {
            throw Status.badRequest(context.t("keys.no-key"))
        }
        try await context.api.delete(.secrets, key)
        return .redirect("/keys?notice=revoked")
    }
}
