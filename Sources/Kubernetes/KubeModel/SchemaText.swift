/// The schemas of a group's types, written down line by line: schemas are data, and this is what they are kept in.
///
///     Container: One process of the pod and what it runs with.
///       + ContainerBase
///       name! string: Name of the container, unique in the pod.
///       ports [ContainerPort] keys=containerPort,protocol: Ports that the container listens on.
///       image
///
/// A line at the margin begins a type: its name, flags, and after the colon what it is for. Below it stands a line for
/// each field: its name (with `!` where it is required), its type, options, and after the colon one sentence, which is
/// what `kubectl explain` shows. `+ Type` takes over all fields of another type (`+ Type a b` only these); `- a b` leaves
/// fields out; `! a b` requires them.
///
/// Types are `string`, `boolean`, `integer`, `int32`, `int64`, `number`, `time` (RFC 3339), `byte` (base64), `quantity`,
/// `int-or-string`, `any`, `object` (any members), `meta` (an object's metadata), `[T]` for a list, `{T}` for a map, and
/// the name of another type, of this text or, as `core.Container`, of another one.
///
/// Options of fields and of types:
/// - `atomic`: server-side apply takes it as one value. `preserve`: unknown fields stay. `nullable`. `embedded`.
/// - `keys=a,b`: a list whose elements are told apart by these; `set`: a list without order or doubles.
/// - `merge=a`: strategic merge tells elements apart by `a`, where that is not the first of `keys`; `merge=-`: by nothing.
/// - `retainKeys`: a strategic merge patch says which keys stay.
/// - `enum=a|b`, `pattern=...`, `min=`, `max=`, `minLength=`, `maxLength=`, `minItems=`, `maxItems=`.
/// - `="TCP"`: the default, as JSON without white space.
package struct SchemaText: Sendable {
    /// How other texts call it: `core`.
    package var name: String
    /// What the names of its types begin with in OpenAPI documents: `io.k8s.api.core.v1`.
    package var package: String
    package var text: String

    package init(_ name: String, package: String, _ text: String) {
        self.name = name
        self.package = package
        self.text = text
    }
}

/// A line of a type's description, taken apart but not understood.
struct SchemaLine {
    /// The words before the colon.
    var words: [Substring]
    /// The sentence after the colon.
    var description: String

    init(_ line: Substring.UTF8View) {
        let colon = line.indices.first { line[$0] == UInt8(ascii: ":") && Self.endsWords(line, $0) }
        let head = line[..<(colon ?? line.endIndex)]
        words = head.split(separator: UInt8(ascii: " ")).map { Substring($0) }
        description =
            colon.map { String(Substring(line[line.index(after: $0)...].drop { $0 == UInt8(ascii: " ") })) } ?? ""
    }

    /// A colon ends the words only before a space or at the end: patterns and defaults have colons, too.
    private static func endsWords(_ line: Substring.UTF8View, _ colon: Substring.UTF8View.Index) -> Bool {
        let next = line.index(after: colon)
        return next == line.endIndex || line[next] == UInt8(ascii: " ")
    }
}
