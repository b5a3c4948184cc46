import ArgumentParser
import JSONModel
import KubeClient
import KubeModel
import ServingAPI

struct KeyList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the keys; never what they are.")

    @OptionGroup var scope: KeyScope

    func run() async throws {
        try await Connection.with(scope.instance) { connection in
            let keys = try await connection.client.list(
                .secrets, namespace: scope.namespace,
                ListOptions(labelSelector: LabelSelector(matching: [ModelKeySecret.label: "true"])))
            let usage = try? await connection.client.get(
                .configMaps, ObjectKey(namespace: ModelKeySecret.systemNamespace, name: "martlet-key-usage"))
            let rows = keys.items.map { row($0, used: usage?.json[path: "data", $0.uid]?.stringValue) }
            print(Table(header: ["NAME", "SERVICES", "LIMITS", "EXPIRES", "LAST USED", "OWNER"], rows: rows).render())
        }
    }

    private func row(_ key: Object, used: String?) -> [String] {
        let annotations = key.annotations
        let limits = [
            (ModelKeySecret.requestsPerMinute, "requests/min"), (ModelKeySecret.tokensPerMinute, "tokens/min"),
            (ModelKeySecret.tokensPerDay, "tokens/day"), (ModelKeySecret.concurrentRequests, "at once"),
        ].compactMap { name, unit in annotations[name].map { "\($0) \(unit)" } }
        let last = used.flatMap { try? JSONValue(parsing: $0) }?["lastUsed"]?.intValue
        return [
            key.name, annotations[ModelKeySecret.services] ?? "all",
            limits.isEmpty ? "none" : limits.joined(separator: ", "), annotations[ModelKeySecret.expires] ?? "never",
            last.map { Timestamp.string(seconds: Int64($0)) } ?? "never", annotations[ModelKeySecret.owner] ?? "",
        ]
    }
}
