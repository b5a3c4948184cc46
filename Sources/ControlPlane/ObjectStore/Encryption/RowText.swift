import FoundationEssentials
import GRDB
import KubeModel

/// How an object's text lies in a row: as it is, or sealed where its resource is one of those that are encrypted.
struct RowText: Sendable {
    var keys: EncryptionKeys?
    var encrypted: Set<GroupResource> = []
    /// For errors.
    var path: String

    func value(_ text: String, _ resource: GroupResource, _ key: ObjectKey) throws(StoreError) -> DatabaseValue {
        guard let keys, encrypted.contains(resource) else { return text.databaseValue }
        return try Envelope.seal(text, keys, Self.context(resource, key)).databaseValue
    }

    /// Throws `StoreError.key` for what the keys do not open, `corrupt` for what is neither text nor an envelope.
    func text(_ value: DatabaseValue, _ resource: GroupResource, _ key: ObjectKey) throws(StoreError) -> String {
        switch value.storage {
        case .string(let text): return text
        case .blob(let bytes):
            guard let keys else { throw .missingKeys(path, "\(resource)") }
            return try Envelope.open(bytes, keys, Self.context(resource, key))
        default: throw StoreError.corrupt(path, "an object without its text")
        }
    }

    /// Whether `value` is in the form in which it would be written today.
    func isCurrent(_ value: DatabaseValue) -> Bool {
        guard case .blob(let bytes) = value.storage else { return value.isNull }
        return keys.map { Envelope.keyID(bytes) == $0.current.id } ?? true
    }

    /// What an envelope is bound to: it opens in the row it was made for, and in no other.
    private static func context(_ resource: GroupResource, _ key: ObjectKey) -> [UInt8] {
        Array("\(resource)/\(key.namespace ?? "")/\(key.name)".utf8)
    }
}

extension StoreError {
    static func missingKeys(_ path: String, _ resource: String) -> StoreError {
        StoreError(
            .key, "The store \(path) holds encrypted \(resource), and was opened without a key file: name the file.")
    }
}
