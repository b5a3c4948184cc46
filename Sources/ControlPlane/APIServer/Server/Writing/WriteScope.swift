import KubeModel
import ObjectStore

/// One write under way: the state it works on, and what it needs to know. It lives inside one transaction.
struct WriteScope {
    let transaction: Transaction
    var registry: ResourceRegistry
    let environment: ServerEnvironment
    /// How far it goes.
    var stage = WriteStage.whole
    /// Objects that this write removed and whose removal is not yet settled.
    var removed: [StoredObject] = []

    var snapshot: Snapshot { transaction.snapshot }

    /// The time of the write, as metadata has it.
    func timestamp(after seconds: Int = 0) -> String {
        Timestamp.string(seconds: environment.now() / 1_000_000 + Int64(seconds))
    }

    /// Throws a 404 where there is none.
    func existing(_ resource: Resource, _ key: ObjectKey) throws -> Object {
        guard let object = try snapshot.object(GroupResource(resource), key) else {
            throw Status.notFound(resource, key.name)
        }
        return object.shown(as: resource)
    }
}
