/// A model on this machine: a directory whose contents are the model. It is whole, and to be read only.
package struct ModelDirectory: Sendable, Hashable {
    /// Absolute.
    package var path: String
    /// Bytes of all its files; `nil` for a directory of the user's, which is not counted.
    package var byteCount: Int64?

    package init(path: String, byteCount: Int64?) {
        self.path = path
        self.byteCount = byteCount
    }
}
