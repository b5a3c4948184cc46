import JSONModel
import Synchronization

/// Schemas that are written as text, built where they are first asked for and shared from then on: a type that many
/// kinds contain is built once.
package final class SchemaLibrary: Sendable {
    private struct State {
        var built: [String: Schema] = [:]
        /// The same with what every object has.
        var resources: [String: Schema] = [:]
        /// The types on the way to the one that is being built.
        var pending: Set<String> = []
    }

    /// Where each type's lines are, by `text.Type`.
    private let blocks: [String: Block]
    /// What `schema` takes, by the name in OpenAPI documents.
    private let qualifiedNames: [String: String]
    private let state = Mutex(State())

    private struct Block: Sendable {
        var text: String
        var typeName: String
        var lines: Substring

        /// The name of a type as the library has it, by what it is called in this block.
        func qualified(_ type: Substring) -> String {
            type.utf8.contains(UInt8(ascii: ".")) ? String(type) : "\(text).\(type)"
        }
    }

    package init(_ texts: [SchemaText]) {
        var blocks: [String: Block] = [:]
        for text in texts {
            for lines in Self.blocks(of: text.text) {
                let name = String(Substring(lines.utf8.prefix { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: " ") }))
                blocks["\(text.name).\(name)"] = Block(
                    text: text.name, typeName: "\(text.package).\(name)", lines: lines)
            }
        }
        self.blocks = blocks
        qualifiedNames = Dictionary(blocks.map { ($1.typeName, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The pieces of a text that begin with a line at the margin.
    private static func blocks(of text: String) -> [Substring] {
        let newline = UInt8(ascii: "\n")
        var blocks: [Substring] = []
        var start = text.startIndex
        var previous = newline
        for index in text.utf8.indices {
            let byte = text.utf8[index]
            let isHead = previous == newline && byte != UInt8(ascii: " ") && byte != newline
            if isHead, index > start {
                blocks.append(text[start..<index])
                start = index
            }
            previous = byte
        }
        return blocks + [text[start...]]
    }

    /// The names of all types, as `schema` takes them.
    package var names: [String] { blocks.keys.sorted() }

    /// The schema of a type, named as `text.Type`.
    ///
    /// A type that contains itself is open where it does so for the first time: any object. What cannot be understood
    /// reads as a value of any kind; `problems` tells of it.
    package func schema(_ name: String) -> Schema {
        state.withLock { state in build(name, &state) ?? .any }
    }

    /// The schema of a type by its name in OpenAPI documents, with its own description; `nil` if it is none of these.
    package func type(named name: String) -> Schema? { qualifiedNames[name].map(schema) }

    /// The schema of a kind, with `apiVersion`, `kind` and `metadata`.
    package func resource(_ name: String) -> Schema {
        state.withLock { state in
            if let schema = state.resources[name] { return schema }
            let schema = (build(name, &state) ?? .any).asResource
            state.resources[name] = schema
            return schema
        }
    }

    private func build(_ name: String, _ state: inout State) -> Schema? {
        if let schema = state.built[name] { return schema }
        guard let block = blocks[name] else { return nil }
        guard state.pending.insert(name).inserted else { return .anyObject }
        defer { state.pending.remove(name) }
        var reader = SchemaReader(typeName: block.typeName)
        reader.read(block.lines) { build(block.qualified($0), &state) }
        state.built[name] = reader.schema
        return reader.schema
    }

    /// Lines that cannot be understood, each with its type; empty unless a text is wrong.
    package var problems: [String] {
        blocks.sorted { $0.key < $1.key }.flatMap { name, block -> [String] in
            var reader = SchemaReader(typeName: block.typeName)
            reader.read(block.lines) { type in
                let other = block.qualified(type)
                return blocks[other] == nil ? nil : schema(other)
            }
            return reader.problems.map { "\(name): \($0)" }
        }
    }
}
