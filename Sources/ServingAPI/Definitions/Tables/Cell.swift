import JSONModel
import KubeModel

/// Texts that several tables share.
enum Cell {
    /// `app=web,tier=front`; `<none>` where there is no label.
    static func selector(_ labels: JSONValue?) -> String {
        let pairs = labels?.objectValue?.map { "\($0.key)=\($0.value.stringValue ?? "")" } ?? []
        return orNone(pairs.joined(separator: ","))
    }

    static func orNone(_ text: String?) -> String {
        guard let text, !text.isEmpty else { return "<none>" }
        return text
    }

    /// How many keys the objects at `keys` have together.
    static func count(_ values: JSONValue?...) -> JSONValue {
        .number(JSONNumber(values.reduce(0) { $0 + ($1?.objectValue?.count ?? 0) }))
    }

    /// What the containers of an object's pod template say under `key`: `web,proxy`.
    static func containers(of owner: Object, _ key: String) -> JSONValue {
        let containers = owner.spec[path: "template", "spec", "containers"]?.arrayValue ?? []
        return .string(containers.compactMap { $0[key]?.stringValue }.joined(separator: ","))
    }
}
