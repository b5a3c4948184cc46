import Crypto
import FoundationEssentials
import Glibc

/// The keys of a store, from its key file: a line for each, its name and 32 bytes in base64. The first one seals, all
/// open. To rotate: put a new line before the others and start again; everything is sealed anew at the start, and the
/// other lines can go.
struct EncryptionKeys: Sendable {
    struct Entry: Sendable {
        var id: String
        var key: SymmetricKey
    }

    /// At least one.
    private let entries: [Entry]
    let current: Entry
    private let path: String

    init(_ first: Entry, others: [Entry] = [], path: String) {
        current = first
        entries = [first] + others
        self.path = path
    }

    subscript(id: String) -> SymmetricKey? { entries.first { $0.id == id }?.key }

    /// A key that nobody has, called after the day it was made.
    static func new(path: String, now: Int64) -> EncryptionKeys {
        EncryptionKeys(Entry(id: "key-\(now)", key: SymmetricKey(size: .bits256)), path: path)
    }

    /// Reads what `text` writes. Empty lines and those that begin with `#` are passed over.
    ///
    /// Throws `StoreError.key` that names the line.
    init(parsing text: String, path: String) throws(StoreError) {
        var entries: [Entry] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            guard let entry = Entry(line), !entries.contains(where: { $0.id == entry.id }) else {
                throw StoreError(
                    .key,
                    "The key file \(path), line \(index + 1), is not a new name and 32 bytes in base64. "
                        + "Put a copy of the file back (martlet restore), or mend the line.")
            }
            entries.append(entry)
        }
        guard let first = entries.first else {
            throw StoreError(.key, "The key file \(path) holds no key. Put a copy of it back (martlet restore).")
        }
        self.init(first, others: Array(entries.dropFirst()), path: path)
    }

    var text: String {
        let lines = entries.map { entry in
            entry.key.withUnsafeBytes { "\(entry.id) \(Data($0).base64EncodedString())\n" }
        }
        return "# Whoever has this file can read the Secrets of this Martlet. The first key writes, all read.\n"
            + lines.joined()
    }
}

extension EncryptionKeys.Entry {
    fileprivate init?(_ line: Substring) {
        let parts = line.split(separator: " ")
        guard parts.count == 2, (1...64).contains(parts[0].utf8.count),
            let bytes = Data(base64Encoded: String(parts[1])),
            bytes.count == 32
        else { return nil }
        self.init(id: String(parts[0]), key: SymmetricKey(data: bytes))
    }
}

extension EncryptionKeys {
    func missing(_ id: String) -> StoreError {
        StoreError(
            .key,
            "Objects in the store are encrypted with the key \"\(id)\", which the key file \(path) does not have. "
                + "Put the file back as it was (martlet restore has it).")
    }

    func wrong(_ id: String) -> StoreError {
        StoreError(
            .key,
            "The key \"\(id)\" in the key file \(path) is not the one that the store was encrypted with, or the store is "
                + "damaged. Put both back from the same backup (martlet restore).")
    }
}
