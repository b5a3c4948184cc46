import JSONModel
import KubeModel

extension Object {
    /// Whether storing this in the place of `current` would change nothing but the times in `managedFields`: these tell
    /// of changes, and are none.
    func isUnchanged(from current: Object) -> Bool {
        if self == current { return true }
        guard json["spec"] == current.json["spec"] else { return false }
        return withoutManagedTimes == current.withoutManagedTimes
    }

    private var withoutManagedTimes: Object {
        var copy = self
        guard case .array(var entries)? = self["metadata", "managedFields"] else { return self }
        for index in entries.indices { entries[index]["time"] = nil }
        copy["metadata", "managedFields"] = .array(entries)
        return copy
    }
}
