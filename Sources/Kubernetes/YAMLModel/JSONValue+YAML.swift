package import JSONModel
import Yams

extension JSONValue {
    /// The documents of a YAML text (JSON is YAML too), in order; empty documents are `null`.
    ///
    /// Scalars become what kubectl makes of them (sigs.k8s.io/yaml over go-yaml 2): YAML 1.1's booleans, numbers with
    /// their literal where JSON has the same, everything else a string. Times and sexagesimals stay strings.
    package static func documents(yaml text: String) throws(YAMLError) -> [JSONValue] {
        if looksLikeJSON(text), let value = try? JSONValue(parsing: text) { return [value] }
        do {
            try AliasGuard.check(text)
            let parser = try Parser(yaml: text, resolver: .basic)
            var documents: [JSONValue] = []
            var conversion = YAMLConversion(limit: max(100_000, 20 * text.utf8.count))
            while let root = try parser.nextRoot() { documents.append(try conversion.value(root)) }
            return documents
        } catch let error as YAMLError {
            throw error
        } catch let error as YamlError {
            throw YAMLError(error)
        } catch {
            throw YAMLError(problem: "\(error)")
        }
    }

    /// JSON is read as such: faster, and with tabs, which YAML does not take.
    private static func looksLikeJSON(_ text: String) -> Bool {
        let first = text.utf8.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    }

    /// The only document of a YAML text.
    package init(yaml text: String) throws(YAMLError) {
        let documents = try Self.documents(yaml: text)
        guard documents.count <= 1 else {
            throw YAMLError(problem: "expected one document, found \(documents.count)")
        }
        self = documents.first ?? .null
    }
}

extension YAMLError {
    init(_ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init(problem: problem, line: mark.line, column: mark.column)
        case .duplicatedKeysInMapping(let keys, let context):
            self.init(
                problem: "the same key twice: \(keys.joined(separator: ", "))", line: context.mark.line,
                column: context.mark.column)
        case .reader(let problem, let offset, _, _):
            self.init(problem: "\(problem) at byte \(offset ?? 0)")
        default:
            self.init(problem: "\(error)")
        }
    }
}
