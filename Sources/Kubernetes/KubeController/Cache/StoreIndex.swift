package import KubeModel

/// A way to look objects up in a store: it is asked by what `values` makes of each object.
package struct StoreIndex: Sendable {
    /// Tells the indices of one store apart.
    package let name: String
    /// What `object` is found by; none where it is not to be found.
    package let values: @Sendable (_ object: Object) -> [String]

    package init(_ name: String, values: @escaping @Sendable (_ object: Object) -> [String]) {
        self.name = name
        self.values = values
    }

    /// By namespace; objects without one are found by "". Every store has it.
    package static let namespace = StoreIndex("namespace") { [$0.namespace ?? ""] }

    /// By the uids of the owners. Every store has it.
    package static let owner = StoreIndex("owner") { $0.ownerReferences.map(\.uid) }

    /// By the value of the label `key`.
    package static func label(_ key: String) -> StoreIndex {
        StoreIndex("label \(key)") { object in object.labels[key].map { [$0] } ?? [] }
    }
}
