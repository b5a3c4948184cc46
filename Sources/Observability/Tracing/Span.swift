/// A span of a trace, as OpenTelemetry has it.
package struct Span: Sendable {
    package enum Kind: Int, Sendable { case inside = 1, server = 2, client = 3 }

    package enum Value: Sendable, Hashable {
        case text(String)
        case number(Int)
    }

    package struct Event: Sendable {
        package var name: String
        /// Nanoseconds since 1970.
        package var time: Int64

        package init(_ name: String, at time: Int64) { (self.name, self.time) = (name, time) }
    }

    package var name: String
    package var kind: Kind
    /// 32 hexadecimal digits.
    package var trace: String
    /// 16 hexadecimal digits.
    package var id: String
    /// The same; empty for the first of its trace.
    package var parent: String
    /// Nanoseconds since 1970.
    package var start: Int64
    package var end: Int64
    package var attributes: [(name: String, value: Value)] = []
    package var events: [Event] = []
    package var hasFailed = false

    package init(
        _ name: String, _ kind: Kind, trace: String, id: String, parent: String, start: Int64, end: Int64
    ) {
        (self.name, self.kind, self.trace, self.id, self.parent) = (name, kind, trace, id, parent)
        (self.start, self.end) = (start, max(start, end))
    }
}
