import KubeModel

/// A host name with placeholders, as `config-network` and `inferenceservice-config` have it:
/// `{{.Name}}.{{.Namespace}}.{{.Domain}}`. Beside its variables it knows `{{.Labels.x}}`, `{{.Annotations.x}}` and
/// `{{index .Annotations "x"}}` of the object; those that the object lacks are empty.
package struct HostTemplate: Sendable, Hashable {
    package struct Problem: Error {
        package let why: String
    }

    private enum Part: Sendable, Hashable {
        case text(String)
        case variable(String)
        case label(String)
        case annotation(String)
    }

    /// The variables that it may use, each with an example.
    let variables: [String: String]
    private let parts: [Part]

    package static let route = known(
        "{{.Name}}.{{.Namespace}}.{{.Domain}}", ["Name": "name", "Namespace": "namespace", "Domain": "example.com"])
    package static let tag = known("{{.Tag}}-{{.Name}}", ["Tag": "tag", "Name": "name"])
    package static let inferenceService = known(
        "{{ .Name }}-{{ .Namespace }}.{{ .IngressDomain }}",
        ["Name": "name", "Namespace": "namespace", "IngressDomain": "example.com"])

    private init(variables: [String: String], parts: [Part]) {
        self.variables = variables
        self.parts = parts
    }

    /// What Martlet itself brings along is known to be right; a test holds it to that.
    private static func known(_ text: String, _ variables: [String: String]) -> HostTemplate {
        (try? parse(text, variables: variables).get()) ?? HostTemplate(variables: variables, parts: [])
    }

    static func parse(_ text: String, variables: [String: String]) -> Result<HostTemplate, Problem> {
        parse(text, variables: variables, what: "host") { NameRule.dnsSubdomain.problem($0) }
    }

    /// Of a path, `/models/{{ .Namespace }}/{{ .Name }}`; it must name both, so that no two services have the same one.
    static func parse(path text: String) -> Result<HostTemplate, Problem> {
        let variables = ["Name": "name", "Namespace": "namespace"]
        return parse(text, variables: variables, what: "path") { path in
            let segments = path.split(separator: "/")
            guard path.hasPrefix("/"), segments.contains("name"), segments.contains("namespace") else {
                return "must begin with / and have {{.Namespace}} and {{.Name}} among its segments"
            }
            return HeaderRule.problem(path: path)
        }
    }

    private static func parse(
        _ text: String, variables: [String: String], what: String, problem: (String) -> String?
    ) -> Result<HostTemplate, Problem> {
        var parts: [Part] = []
        for part in Placeholders.parts(text) {
            guard part.isPlaceholder else {
                parts.append(.text(part.source))
                continue
            }
            guard let parsed = Self.part(part.text, variables) else {
                let known = variables.keys.sorted().map { "{{.\($0)}}" }.joined(separator: ", ")
                return .failure(Problem(why: "unknown placeholder \(part.source); known are \(known)"))
            }
            parts.append(parsed)
        }
        let template = HostTemplate(variables: variables, parts: parts)
        let example = template.host(variables, of: nil)
        return problem(example).map { .failure(Problem(why: "makes the \(what) \(example.quoted), which \($0)")) }
            ?? .success(template)
    }

    private static func part(_ text: Substring, _ variables: [String: String]) -> Part? {
        if text.first == ".", variables[String(text.dropFirst())] != nil { return .variable(String(text.dropFirst())) }
        for (name, make) in [("Labels", Part.label), ("Annotations", Part.annotation)] {
            if text.hasPrefix(".\(name).") { return make(String(text.dropFirst(name.count + 2))) }
            let words = text.split(whereSeparator: \.isWhitespace)
            guard words.count == 3, words[0] == "index", words[1] == ".\(name)", words[2].count > 2,
                words[2].first == "\"", words[2].last == "\""
            else { continue }
            return make(String(words[2].dropFirst().dropLast()))
        }
        return nil
    }

    /// - Parameter object: whose labels and annotations may be used; without one, each is `example`.
    func host(_ values: [String: String], of object: Object?) -> String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .variable(let name): values[name] ?? ""
            case .label(let key): object.map { $0.labels[key] ?? "" } ?? "example"
            case .annotation(let key): object.map { $0.annotations[key] ?? "" } ?? "example"
            }
        }.joined()
    }
}
