import FoundationEssentials
import JSONModel
import KubeClient
import KubeModel
import ServingAPI

/// Data connections: where models are fetched from, and with which credentials. Secrets, as OpenShift AI makes them; what
/// is secret in them is never shown.
enum ConnectionsPage {
    static func register(_ table: inout RouteTable) {
        table.page("/connections") { context, _ in await make(context) }
        table.action("/connections/create") { context, _ in try await create(context) }
        table.action("/connections/delete") { context, _ in try await delete(context) }
    }

    private static let fields = [
        ("access", "AWS_ACCESS_KEY_ID", true), ("secret", "AWS_SECRET_ACCESS_KEY", true),
        ("endpoint", "AWS_S3_ENDPOINT", true), ("region", "AWS_DEFAULT_REGION", false),
        ("bucket", "AWS_S3_BUCKET", true),
    ]

    private static func make(_ context: PageContext) async -> Page {
        let found = await context.api.listed(.secrets).filter { StorageSecret($0).isDataConnection }
            .sorted { $0.key < $1.key }
        let list = found.isEmpty ? context.empty("connections.none") : table(found, context)
        return Page(
            .connections, title: context.t("nav.connections"), [.fixed(await form(context)), .fixed(list)])
    }

    private static func table(_ connections: [Object], _ context: PageContext) -> HTML {
        let columns = ["name", "type", "endpoint", "bucket", "age", "do"].map { context.t("connections.\($0)") }
        let rows = connections.map { secret -> [HTML] in
            [
                "<b>\(secret.annotations["openshift.io/display-name"] ?? secret.name)</b><small>\(secret.namespace ?? "")/\(secret.name)</small>",
                "\(secret.annotations["opendatahub.io/connection-type"] ?? "s3")",
                "\(text(secret, "AWS_S3_ENDPOINT") ?? "–")", "\(text(secret, "AWS_S3_BUCKET") ?? "–")",
                context.age(secret.creationTimestamp),
                context.post(
                    "/connections/delete", fields: ["namespace": secret.namespace ?? "", "name": secret.name],
                    "<button class=\"small danger\">\(context.t("do.delete"))</button>"),
            ]
        }
        return TableView(label: context.t("nav.connections"), columns: columns, rows: rows).html
    }

    private static func text(_ secret: Object, _ name: String) -> String? {
        secret["data", name]?.stringValue.flatMap { Data(base64Encoded: $0) }.map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    private static func form(_ context: PageContext) async -> HTML {
        let place = Field(label: context.t("models.namespace"), name: "namespace", value: "default", isRequired: true)
        let name = Field(label: context.t("connections.name"), name: "name", isRequired: true)
        let inputs = fields.map { field, _, isRequired in
            Field(
                label: context.t("connections.\(field)"), name: field, type: field == "secret" ? "password" : "text",
                isRequired: isRequired, attributes: " autocomplete=\"off\""
            ).input
        }
        let namespaces = await context.api.namespaces().map { (value: $0, label: $0) }
        return context.post(
            "/connections/create", class: "card",
            """
            <h2>\(context.t("connections.new"))</h2><div class="grid">\(place.select(namespaces))\(name.input)\(inputs)</div>\
            <div class="row end"><button class="primary">\(context.t("connections.make"))</button></div>
            """)
    }

    private static func create(_ context: PageContext) async throws -> WebResponse {
        let form = context.form
        guard let title = form["name"] else { throw Status.badRequest(context.t("connections.wrong")) }
        let name = "aws-connection-" + title.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        var data: JSONValue = [:]
        for (field, variable, _) in fields { data[variable] = form[field].map { .string($0) } }
        var secret = Object(
            .secrets, namespace: form["namespace"] ?? "default", name: name, ["type": "Opaque", "stringData": data])
        secret.labels = ["opendatahub.io/managed": "true", "opendatahub.io/dashboard": "true"]
        secret.annotations = ["opendatahub.io/connection-type": "s3", "openshift.io/display-name": title]
        _ = try await context.api.create(.secrets, secret)
        return .redirect("/connections?notice=saved")
    }

    private static func delete(_ context: PageContext) async throws -> WebResponse {
        let key = ObjectKey(namespace: context.form["namespace"], name: context.form["name"] ?? "")
        guard StorageSecret(try await context.api.get(.secrets, key)).isDataConnection else {
            throw Status.badRequest(context.t("connections.no-connection"))
        }
        try await context.api.delete(.secrets, key)
        return .redirect("/connections?notice=deleted")
    }
}
