import JSONModel
import KubeModel

/// What must hold for the traffic of a Service or Route.
struct TrafficValidation {
    let targets: [JSONValue]
    let path: FieldPath
    /// In a Service the newest revision is its own; a Route names a Configuration.
    let isService: Bool

    func check() -> [Status.Cause] {
        guard !targets.isEmpty else {
            return isService ? [] : [.required(path, "say which revisions or configurations get the traffic")]
        }
        return targets.enumerated().flatMap { check($1, path.index($0)) } + tags() + sum()
    }

    private func check(_ target: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        var causes = destination(target, path)
        if let percent = target["percent"]?.intValue, !(0...100).contains(percent) {
            causes.append(.invalid(path.field("percent"), "\(percent)", "must be between 0 and 100"))
        }
        if let url = target["url"]?.stringValue, !url.isEmpty {
            causes.append(.forbidden(path.field("url"), "is set in the status; remove it"))
        }
        if let tag = target["tag"]?.stringValue, !tag.isEmpty, let problem = NameRule.dns1035Label.problem(tag) {
            causes.append(.invalid(path.field("tag"), tag.quoted, problem))
        }
        return causes
    }

    /// `revisionName` xor `latestRevision: true`.
    private func destination(_ target: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        let revision = target["revisionName"]?.stringValue ?? ""
        let configuration = target["configurationName"]?.stringValue ?? ""
        let isLatest = target["latestRevision"]?.boolValue
        if isService, !configuration.isEmpty {
            return [.forbidden(path.field("configurationName"), "a Service has its own configuration; remove it")]
        }
        if !revision.isEmpty, !configuration.isEmpty {
            return [.forbidden(path, "give revisionName or configurationName, not both")]
        }
        if !revision.isEmpty, isLatest == true {
            return [.forbidden(path, "give revisionName or latestRevision: true, not both")]
        }
        if !isService, revision.isEmpty, configuration.isEmpty {
            return [.required(path, "give revisionName or configurationName")]
        }
        if revision.isEmpty, isLatest == false {
            return [.required(path.field("revisionName"), "name the revision, or set latestRevision: true")]
        }
        return []
    }

    private func tags() -> [Status.Cause] {
        var seen: Set<String> = []
        return targets.enumerated().compactMap { index, target in
            guard let tag = target["tag"]?.stringValue, !tag.isEmpty, !seen.insert(tag).inserted else { return nil }
            return .duplicate(path.index(index).field("tag"), tag.quoted)
        }
    }

    private func sum() -> [Status.Cause] {
        let sum = targets.reduce(0) { $0 + ($1["percent"]?.intValue ?? 0) }
        guard sum != 100 else { return [] }
        return [.invalid(path, "\(sum)", "the percentages must sum to 100")]
    }
}
