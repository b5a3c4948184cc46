import JSONModel
package import Logging
import Synchronization

/// Log messages as lines of JSON on standard error: time, level, message, and the metadata as members of their own.
package struct JSONLogHandler: LogHandler {
    package var logLevel = Logger.Level.info
    package var metadata: Logger.Metadata = [:]
    private let label: String
    private let now: @Sendable () -> String
    private let write: @Sendable (String) -> Void

    /// - Parameters:
    ///   - now: the time in RFC 3339.
    ///   - write: takes one line with its end.
    package init(label: String, now: @escaping @Sendable () -> String, write: @escaping @Sendable (String) -> Void) {
        self.label = label
        self.now = now
        self.write = write
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var object: JSONObject = [
            "time": .string(now()), "level": .string(event.level.rawValue), "logger": .string(label),
            "message": .string("\(event.message)"),
        ]
        for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 }) {
            // What a message calls by the name of one of the four keeps apart from it.
            object[object[key] == nil ? key : "metadata." + key] = Self.json(value)
        }
        write(JSONValue.object(object).text + "\n")
    }

    private static func json(_ value: Logger.Metadata.Value) -> JSONValue {
        switch value {
        case .string(let text): .string(text)
        case .stringConvertible(let value): .string("\(value)")
        case .array(let values): .array(values.map(json))
        case .dictionary(let values): .object(JSONObject(values.map { ($0.key, json($0.value)) }))
        }
    }
}
