import Authorization
import JSONModel
import KubeClient
import KubeModel
import Logging
import ServingAPI
import Synchronization

/// What was used of API keys, in a ConfigMap: a restart goes on with it.
final class KeyUsage: Sendable {
    private let client: any ResourceClient
    private let logger: Logger
    /// By the Secret's uid, as it was read and then written.
    private let known = Mutex<[String: String]>([:])

    static let key = ObjectKey(namespace: ModelKeySecret.systemNamespace, name: "martlet-key-usage")
    /// More would not fit into an object: those used last are kept.
    private static let limit = 5_000

    init(client: any ResourceClient, logger: Logger) {
        self.client = client
        self.logger = logger
    }

    func read() async {
        let stored = try? await client.get(.configMaps, Self.key)
        let entries = stored?.json["data"]?.objectValue?.compactMap { entry in
            entry.value.stringValue.map { (entry.key, $0) }
        }
        known.withLock { $0 = Dictionary(entries ?? []) { first, _ in first } }
    }

    /// Goes on with what a key had used.
    func restore(_ key: ModelKey) {
        guard let text = known.withLock({ $0[key.uid] }), let json = try? JSONValue(parsing: text) else { return }
        key.restore(KeySpending(json))
    }

    func write(_ keys: [ModelKey]) async {
        let used = keys.filter { $0.lastUsed > 0 }.sorted { $0.lastUsed > $1.lastUsed }.prefix(Self.limit)
        let entries = Dictionary(used.map { ($0.uid, $0.spending.json.text) }) { first, _ in first }
        guard !entries.isEmpty, known.withLock({ $0 != entries }) else { return }
        let data = JSONObject(entries.map { ($0.key, .string($0.value)) })
        let map = Object(
            .configMaps, namespace: Self.key.namespace, name: Self.key.name, ["data": .object(data)])
        do {
            try await client.apply(.configMaps, map, by: "martlet-keys")
            known.withLock { $0 = entries }
        } catch {
            logger.warning("What was used of API keys could not be kept", metadata: ["error": "\(error)"])
        }
    }
}

extension KeySpending {
    init(_ json: JSONValue) {
        func number(_ name: String) -> Double { json[name]?.doubleValue ?? 0 }
        self.init(
            lastUsed: number("lastUsed"), requests: number("requests"), tokens: number("tokens"),
            dailyTokens: number("dailyTokens"))
    }

    var json: JSONValue {
        func number(_ value: Double) -> JSONValue { .number(JSONNumber(Int(value.rounded(.up)))) }
        return [
            "lastUsed": number(lastUsed), "requests": number(requests), "tokens": number(tokens),
            "dailyTokens": number(dailyTokens),
        ]
    }
}

extension JSONValue {
    fileprivate var text: String { String(decoding: serialized(), as: UTF8.self) }
}
