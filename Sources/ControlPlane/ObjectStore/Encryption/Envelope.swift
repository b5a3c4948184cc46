import Crypto
import FoundationEssentials

/// A sealed text: AES-256-GCM under a key that the envelope names.
///
/// Its bytes: the format (1), the length of the key's name, the name, a nonce of 12 bytes, the sealed text, a tag of 16.
enum Envelope {
    private static let format: UInt8 = 1

    /// - Parameter context: must be the same when it is opened.
    static func seal(_ text: String, _ keys: EncryptionKeys, _ context: [UInt8]) throws(StoreError) -> Data {
        let name = Array(keys.current.id.utf8)
        do {
            let box = try AES.GCM.seal(Array(text.utf8), using: keys.current.key, authenticating: context)
            var bytes = Data([format, UInt8(name.count)] + name)
            bytes.append(contentsOf: box.nonce)
            bytes.append(box.ciphertext)
            bytes.append(box.tag)
            return bytes
        } catch {
            throw StoreError(.other, "sealing an object with the key \(keys.current.id) failed: \(error)")
        }
    }

    /// Throws `StoreError.key` where the key is not there, or is not the one that it was sealed with.
    static func open(_ bytes: Data, _ keys: EncryptionKeys, _ context: [UInt8]) throws(StoreError) -> String {
        guard let id = keyID(bytes) else {
            throw StoreError(.corrupt, "an encrypted object is in a form that this Martlet does not know")
        }
        guard let key = keys[id] else { throw keys.missing(id) }
        do {
            let box = try AES.GCM.SealedBox(combined: bytes.dropFirst(2 + id.utf8.count))
            return String(decoding: try AES.GCM.open(box, using: key, authenticating: context), as: UTF8.self)
        } catch {
            throw keys.wrong(id)
        }
    }

    /// The name of the key that it was sealed with; `nil` for what is no envelope.
    static func keyID(_ bytes: Data) -> String? {
        guard bytes.first == format, let length = bytes.dropFirst().first.map(Int.init), bytes.count > 2 + length else {
            return nil
        }
        return String(decoding: bytes.dropFirst(2).prefix(length), as: UTF8.self)
    }
}
