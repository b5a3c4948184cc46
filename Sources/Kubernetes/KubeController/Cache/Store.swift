import KubeClient
package import KubeModel
import Synchronization

/// The objects of one resource as last seen: a cache that answers at once, and may be behind the server.
package final class Store: Sendable {
    private let contents: Mutex<StoreContents>

    /// - Parameter indexedLabels: the labels that `labelled` is asked for.
    package init(indexedLabels: [String] = []) { contents = Mutex(StoreContents(indexedLabels: indexedLabels)) }

    package subscript(key: ObjectKey) -> Object? { contents.withLock { $0.objects[key] } }

    package var count: Int { contents.withLock { $0.objects.count } }

    /// Everything, sorted by key.
    package var all: [Object] {
        contents.withLock { Array($0.objects.values) }.sorted { $0.key < $1.key }
    }

    /// The objects that have an owner with this uid, sorted by key.
    package func owned(by uid: String) -> [Object] { contents.withLock { $0.owned(by: uid) } }

    /// The objects whose label `key` (one of `indexedLabels`) has `value`, sorted by key.
    package func labelled(_ key: String, _ value: String) -> [Object] {
        contents.withLock { $0.labelled(key, value) }
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
