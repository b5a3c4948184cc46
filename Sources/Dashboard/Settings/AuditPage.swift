import FoundationEssentials
import JSONModel
import KubeClient
import KubeModel

/// The audit log: who asked the API for what. For those who may see everything; others could learn of what is not theirs.
enum AuditPage {
    /// As much of the file's end is read.
    private static let tail = 512 << 10

    static func make(_ context: PageContext) async throws -> Page {
        let mayRead = await context.api.may("*", Resource(group: "*", version: "*", kind: "", plural: "*"))
        guard mayRead else {
            throw Status(code: 403, reason: "Forbidden", message: context.t("audit.may-not"))
        }
        guard let path = context.site.auditLog else {
            return Page(.audit, title: context.t("nav.audit"), [.fixed(context.empty("audit.off"))])
        }
        let search = Field(
            label: context.t("filter.search"), name: "q", value: context.query["q"] ?? "", type: "search")
        let form: HTML = """
            <form method="get" action="/audit" class="filters" role="search">\(search.input)\
            <button>\(context.t("filter.do"))</button></form>
            """
        return Page(
            .audit, title: context.t("nav.audit"), [.fixed(form), .live(id: "audit", table(path, context))])
    }

    private static func table(_ path: String, _ context: PageContext) -> HTML {
        let text = context.query["q"]?.lowercased()
        let entries = lastLines(path).reversed().lazy
            .filter { line in text.map { line.lowercased().contains($0) } ?? true }
            .compactMap { try? JSONValue(parsing: $0) }.prefix(200)
        let rows = entries.map { row($0, context) }
        guard !rows.isEmpty else { return context.empty("audit.none") }
        let columns = ["time", "user", "verb", "what", "code", "from"].map { context.t("audit.\($0)") }
        return TableView(label: context.t("nav.audit"), columns: columns, rows: Array(rows)).html
    }

    private static func row(_ entry: JSONValue, _ context: PageContext) -> [HTML] {
        let code = entry[path: "responseStatus", "code"]?.intValue ?? 0
        let addresses = (entry["sourceIPs"]?.arrayValue ?? []).compactMap(\.stringValue)
        return [
            context.age(entry["requestReceivedTimestamp"]?.stringValue ?? entry["stageTimestamp"]?.stringValue),
            "\(entry[path: "user", "username"]?.stringValue ?? "–")", "\(entry["verb"]?.stringValue ?? "–")",
            "<code>\(entry["requestURI"]?.stringValue ?? "–")</code>",
            code == 0 ? "–" : (code < 400 ? Badge.good : Badge.warn).html("\(code)"),
            "<small>\(addresses.joined(separator: ", "))\(if: !addresses.isEmpty, " · ")\(entry["userAgent"]?.stringValue ?? "")</small>",
        ]
    }

    private static func lastLines(_ path: String) -> [String] {
        guard let file = FileTail.read(path, tail) else { return [] }
        let lines = String(decoding: file.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        return file.isWhole ? lines : Array(lines.dropFirst())
    }
}
