import JSONModel
import KubeModel

/// The events of a watch, read from its bytes.
struct WatchLines: AsyncIteratorProtocol {
    private var bytes: ByteStream.AsyncIterator
    private var splitter = LineSplitter()
    private var lines: ArraySlice<[UInt8]> = []

    init(_ stream: ByteStream) { bytes = stream.makeAsyncIterator() }

    /// `nil` when the server ended the watch. A line that the server did not finish is left out.
    mutating func next() async throws -> WatchEvent? {
        while lines.isEmpty {
            guard let part = try await bytes.next() else { return nil }
            do {
                try splitter.append(part)
            } catch {
                throw Status.internalError("an event of the watch is longer than \(LineSplitter.maximumLength) bytes")
            }
            lines = splitter.takeLines()[...]
        }
        return try Self.event(lines.removeFirst())
    }

    private static func event(_ line: [UInt8]) throws -> WatchEvent {
        let json: JSONValue
        do { json = try JSONValue(parsing: line) } catch {
            throw Status.internalError("an event of the watch is no JSON: \(error)")
        }
        return try WatchEvent(json: json)
    }
}
