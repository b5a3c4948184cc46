/// A model in the cache.
package struct CachedModel: Sendable, Hashable {
    /// Names it on the disk: 32 hexadecimal digits.
    package var key: String
    /// Where it came from, without credentials.
    package var uri: String
    /// Its directory.
    package var path: String
    package var byteCount: Int64
    package var fileCount: Int
    /// In RFC 3339.
    package var fetched: String
    /// In seconds since 1970.
    package var lastUsed: Int64
    /// Whether all files are there with their sizes; `verify` looks into them.
    package var isWhole: Bool
    /// Files that run code when a Python program loads them.
    package var pickles: [String]
}
