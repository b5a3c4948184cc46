import KubeClient
package import KubeModel
import Synchronization

/// The objects of one resource as last seen: a cache that answers at once, and may be behind the server.
package final class Store: Sendable {
    private let contents: Mutex<StoreContents>

    /// - Parameter indices: beside those by namespace and by owner.
    package init(indices: [StoreIndex] = []) { contents = Mutex(StoreContents(indices: indices)) }

    package subscript(key: ObjectKey) -> Object? { contents.withLock { $0.objects[key] } }

    package var count: Int { contents.withLock { $0.objects.count } }

    /// Everything, sorted by key.
    package var all: [Object] {
        contents.withLock { $0.objects }.sorted { $0.key < $1.key }.map(\.value)
    }

    /// The objects that have an owner with this uid, sorted by key.
    package func owned(by uid: String) -> [Object] { found(by: .owner, uid) }

    /// The objects in a namespace, sorted by key; `nil` for those in none.
    package func all(in namespace: String?) -> [Object] { found(by: .namespace, namespace ?? "") }

    /// The objects whose label `key` (which has an index) has `value`, sorted by key.
    package func labelled(_ key: String, _ value: String) -> [Object] { found(by: .label(key), value) }

    /// The objects that an index finds by `value`, sorted by key.
    package func found(by index: StoreIndex, _ value: String) -> [Object] {
        contents.withLock { $0.objects(index.name, value) }
    }

    func replace(with list: ObjectList) -> [Change] {
        contents.withLock { $0.replace(with: list.items, version: list.resourceVersion) }
    }

    func take(_ event: WatchEvent) -> Change? {
        contents.withLock { contents in
            switch event {
            case .added(let object), .modified(let object): contents.take(object)
            case .deleted(let object): contents.takeDeletion(of: object)
            case .bookmark: nil
            }
        }
    }

    func takeWritten(_ object: Object) -> Change? { contents.withLock { $0.takeWritten(object) } }
}
