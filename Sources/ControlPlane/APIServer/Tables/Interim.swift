import JSONModel
import KubeModel

// Until KubeModel has its own: paths of keys only, and selectors of equalities only. Everything else is an error.

struct JSONPath {
    private var steps: [JSONStep]

    init(_ text: String) throws {
        steps = text.contains("[") ? [] : text.split(separator: ".").map { .key(String($0)) }
    }

    func values(in value: JSONValue) -> [JSONValue] {
        steps.isEmpty ? [] : value[steps].map { [$0] } ?? []
    }
}

extension LabelSelector {
    init(parsing text: String) throws {
        var labels: [String: String] = [:]
        for requirement in text.split(separator: ",") {
            let parts = requirement.split(separator: "=", omittingEmptySubsequences: true)
            guard parts.count == 2 else { throw Status.badRequest("cannot read the label selector \(text)") }
            labels[String(parts[0])] = String(parts[1])
        }
        self.init(matching: labels)
    }
}
