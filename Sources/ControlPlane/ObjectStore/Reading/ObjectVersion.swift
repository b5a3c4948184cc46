import JSONModel
package import KubeModel
import Synchronization

/// One version of an object: as text, as JSON, or both. Each is made from the other when it is first asked for, and
/// only once, however many watch it.
package final class ObjectVersion: Sendable {
    private struct Forms {
        var text: String?
        var object: Object?
    }

    package let key: ObjectKey
    /// The file it was read from, for errors.
    private let path: String
    private let forms: Mutex<Forms>
    private let renderings = Mutex<[String: [UInt8]]>([:])

    /// - Parameter text: the canonical text of `object`, where it is known already.
    package init(_ object: Object, text: String? = nil) {
        key = object.key
        path = ""
        forms = Mutex(Forms(text: text, object: object))
    }

    init(text: String, key: ObjectKey, path: String) {
        self.key = key
        self.path = path
        forms = Mutex(Forms(text: text))
    }

    /// Canonical JSON.
    package var text: String {
        forms.withLock { forms in
            if let text = forms.text { return text }
            let text = forms.object?.json.text ?? ""
            forms.text = text
            return text
        }
    }

    /// What `make` makes of this version, once for each `form`, however many ask for it.
    package func rendered(_ form: String, _ make: () throws -> [UInt8]) rethrows -> [UInt8] {
        try renderings.withLock { renderings in
            if let bytes = renderings[form] { return bytes }
            let bytes = try make()
            renderings[form] = bytes
            return bytes
        }
    }

    /// Throws `StoreError.corrupt` where the stored text is no JSON.
    package func object() throws -> Object {
        try forms.withLock { forms in
            if let object = forms.object { return object }
            let object = try Self.parse(forms.text ?? "", path)
            forms.object = object
            return object
        }
    }

    static func parse(_ text: String, _ path: String) throws(StoreError) -> Object {
        do { return Object(try JSONValue(parsing: text)) } catch {
            throw StoreError.corrupt(path, "an object that is no JSON: \(error)")
        }
    }
}
