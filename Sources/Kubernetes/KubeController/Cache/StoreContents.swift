import KubeModel

/// The objects of a store and its indices, as a value.
struct StoreContents: Sendable {
    private struct Entry: Hashable {
        var index: String
        var value: String
    }

    private let indices: [StoreIndex]
    private(set) var objects: [ObjectKey: Object] = [:]
    private var entries: [Entry: Set<ObjectKey>] = [:]
    /// Up to here everything was seen; newer objects come from writes whose events are still under way.
    private var seenVersion: UInt64 = 0

    init(indices: [StoreIndex]) { self.indices = [.namespace, .owner] + indices }

    /// Sorted by key; none where the store lacks the index.
    func objects(_ index: String, _ value: String) -> [Object] {
        (entries[Entry(index: index, value: value)] ?? []).sorted().compactMap { objects[$0] }
    }

    /// Takes a complete list. What was written after it stays.
    mutating func replace(with list: [Object], version: String) -> [Change] {
        let listVersion = UInt64(version) ?? 0
        let listed = Dictionary(list.map { ($0.key, $0) }, uniquingKeysWith: { $1 })
        let gone = objects.values.filter { listed[$0.key] == nil && Self.version($0) <= listVersion }
        var changes = gone.compactMap { remove($0.key) }
        changes += list.compactMap { set($0) }
        seenVersion = max(seenVersion, listVersion)
        return changes
    }

    /// Takes the next object of a watch; `nil` where it was known already.
    mutating func take(_ object: Object) -> Change? {
        seenVersion = max(seenVersion, Self.version(object))
        return set(object)
    }

    mutating func takeDeletion(of object: Object) -> Change? {
        seenVersion = max(seenVersion, Self.version(object))
        if let held = objects[object.key], Self.version(held) > Self.version(object) { return nil }
        return remove(object.key)
    }

    /// Takes the answer to a write, unless the watch is past it already (and so knows better: it may be gone).
    mutating func takeWritten(_ object: Object) -> Change? {
        Self.version(object) > seenVersion ? set(object) : nil
    }

    private mutating func set(_ object: Object) -> Change? {
        let old = objects[object.key]
        if let old {
            let (held, given) = (Self.version(old), Self.version(object))
            guard held < given || (held == 0 && old != object) || old.uid != object.uid && held <= given else {
                return nil
            }
            unindex(old)
        }
        objects[object.key] = object
        for entry in entries(of: object) { entries[entry, default: []].insert(object.key) }
        return old.map { .modified(old: $0, new: object) } ?? .added(object)
    }

    private mutating func remove(_ key: ObjectKey) -> Change? {
        guard let old = objects.removeValue(forKey: key) else { return nil }
        unindex(old)
        return .deleted(old)
    }

    private mutating func unindex(_ object: Object) {
        for entry in entries(of: object) {
            entries[entry]?.remove(object.key)
            if entries[entry]?.isEmpty == true { entries[entry] = nil }
        }
    }

    private func entries(of object: Object) -> [Entry] {
        indices.flatMap { index in index.values(object).map { Entry(index: index.name, value: $0) } }
    }

    /// Kubernetes promises since 1.35 that resource versions are integers that grow; so do ours.
    private static func version(_ object: Object) -> UInt64 { UInt64(object.resourceVersion) ?? 0 }
}
