import Glibc

/// The settings of a store.
package struct StoreConfiguration: Sendable {
    /// How much of the past is kept.
    package var retention = Retention()
    /// The file with the keys that objects of `encrypted` are sealed with; made where there is none. `nil` leaves
    /// everything as it is.
    package var keyFile: String?
    /// Whose objects are sealed.
    package var encrypted: Set<GroupResource> = [GroupResource(name: "secrets")]
    /// What writes the file, such as `0.3.0`: an older program that cannot read the file names it.
    package var program = "unknown"
    /// Seconds since 1970.
    package var now: @Sendable () -> Int64 = { Int64(time(nil)) }

    /// Called with the reason when the store ceases to take writes, and with `nil` when it takes them again. On the
    /// store's writer: it must be quick.
    package var onReadOnly: @Sendable (StoreError?) -> Void = { _ in }

    package init() {}
}

/// How much of the past is kept: for watches that begin there, and for lists that show it. Both limits hold; the latest
/// change is always kept.
package struct Retention: Sendable, Hashable {
    /// As kube-apiserver's `--etcd-compaction-interval`.
    package var age: Duration
    /// How many changes, more or less: bounds the file where much is written.
    package var count: Int

    package init(age: Duration = .seconds(300), count: Int = 100_000) {
        self.age = age
        self.count = count
    }
}
