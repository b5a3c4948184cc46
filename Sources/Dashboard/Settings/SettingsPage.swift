import JSONModel
import KubeClient
import KubeModel
import ServingAPI
import YAMLModel

/// The platform's settings: ConfigMaps of known names, which count as soon as they are written.
enum SettingsPage {
    private static let maps = [
        "config-autoscaler", "config-domain", "config-network", "config-defaults", "config-deployment", "config-gc",
        "config-features", "config-observability", "inferenceservice-config",
    ]
    private static let namespace = "martlet-system"

    static func register(_ table: inout RouteTable) {
        table.page("/settings") { context, _ in await make(context) }
        table.action("/settings/:name") { context, arguments in try await save(context, arguments[0]) }
    }

    private static func make(_ context: PageContext, failed: String? = nil, _ failure: HTML = "") async -> Page {
        var cards: [HTML] = []
        for name in maps {
            let map = await current(name, context)
            let text =
                failed == name
                ? context.form["data"] ?? "" : map.map { lines($0) } ?? ""
            let field = Field(
                label: context.t("settings.data", name), name: "data", value: text, hint: context.t("settings.hint"),
                attributes: " class=\"editor\"")
            let form = context.post(
                "/settings/\(name)",
                """
                \(failed == name ? failure : "")\(field.area(rows: max(4, min(14, text.split(separator: "\n").count + 2))))\
                <div class="row end"><button>\(context.t("do.save"))</button></div>
                """)
            cards.append(
                """
                <details class="card"\(if: failed == name, " open")><summary><b>\(context.t("settings.\(name)"))</b> \
                <small>\(name)\(if: map == nil, " · \(context.t("settings.defaults"))")</small></summary>\(form)</details>
                """)
        }
        return Page(
            .settings, title: context.t("nav.settings"), [.fixed(about(context)), .fixed(HTML(joining: cards))])
    }

    private static func about(_ context: PageContext) -> HTML {
        """
        <dl class="facts"><div><dt>Martlet</dt><dd>\(context.site.version)</dd></div>\
        <div><dt>\(context.t("settings.gateway"))</dt><dd>\(context.copyable(context.site.gateway()))</dd></div>\
        <div><dt>\(context.t("settings.domain"))</dt><dd>\(context.site.domain)</dd></div></dl>
        """
    }

    private static func current(_ name: String, _ context: PageContext) async -> Object? {
        if let map = await context.api.find(.configMaps, ObjectKey(namespace: namespace, name: name)) { return map }
        return await context.api.find(.configMaps, ObjectKey(namespace: "knative-serving", name: name))
    }

    /// `key: value`, as in a ConfigMap's `data`.
    private static func lines(_ map: Object) -> String {
        (map["data"] ?? [:]).yaml()
    }

    private static func save(_ context: PageContext, _ name: String) async throws -> WebResponse {
        guard maps.contains(name) else { throw Status.noPage }
        do {
            let text = context.form["data"] ?? ""
            let data: JSONValue
            do { data = text.isEmpty ? [:] : try JSONValue(yaml: text + "\n") } catch {
                throw Status.badRequest("YAML: \(error)")
            }
            let object = Object(.configMaps, namespace: namespace, name: name, ["data": data])
            let isThere = await context.api.find(.configMaps, object.key) != nil
            _ = try await isThere ? context.api.replace(.configMaps, object) : context.api.create(.configMaps, object)
            return .redirect("/settings?notice=saved")
        } catch let status as Status {
            let causes = status.causes.map { $0.field.isEmpty ? $0.message : "\($0.field): \($0.message)" }
            let page = await make(context, failed: name, context.failure(status.message, causes: causes))
            return .html(Layout.render(page, context), code: 422)
        }
    }
}
