import JSONModel
import KubeClient
import KubeModel

// The options of calls that write, from the parameters of the URL and the body of deletions. What is wrong with them is
// told as Kubernetes does: as an invalid object of meta.k8s.io, with every cause.

extension WriteOptions {
    init(_ request: APIRequest) throws(Status) {
        let query = request.query
        var causes = OptionRule.dryRun(query["dryRun"]) + OptionRule.fieldValidation(query["fieldValidation"])
        causes += OptionRule.fieldManager(query["fieldManager"]) + OptionRule.force(request)
        guard causes.isEmpty else { throw .invalidOptions(request.optionsKind, causes) }
        self.init(
            fieldManager: query["fieldManager"] ?? request.defaultFieldManager, isDryRun: query["dryRun"] != nil,
            fieldValidation: query["fieldValidation"])
    }
}

extension DeleteOptions {
    /// The body says more than the URL.
    init(_ request: APIRequest) throws {
        let query = request.query
        let body = try request.deletion()
        let orphans = body["orphanDependents"]?.boolValue ?? query.presentBool("orphanDependents")
        let policy = body["propagationPolicy"]?.stringValue ?? query["propagationPolicy"]
        let dryRun = body["dryRun"]?[0]?.stringValue ?? query["dryRun"]
        let causes = OptionRule.dryRun(dryRun) + OptionRule.propagation(policy, orphans)
        guard causes.isEmpty else { throw Status.invalidOptions("DeleteOptions", causes) }
        self.init(
            propagationPolicy: policy ?? orphans.map { $0 ? "Orphan" : "Background" },
            gracePeriodSeconds: try body["gracePeriodSeconds"]?.intValue ?? query.signedInt("gracePeriodSeconds"),
            preconditionUID: body[path: "preconditions", "uid"]?.stringValue,
            preconditionResourceVersion: body[path: "preconditions", "resourceVersion"]?.stringValue,
            isDryRun: dryRun != nil)
    }
}

/// What the options of a call may be.
enum OptionRule {
    private static let longestManager = 128

    static func dryRun(_ value: String?) -> [Status.Cause] {
        guard let value, value != "All" else { return [] }
        return [.notSupported(FieldPath("dryRun"), value, supported: ["All"])]
    }

    static func fieldValidation(_ value: String?) -> [Status.Cause] {
        let levels = ["Ignore", "Warn", "Strict"]
        guard let value, !levels.contains(value) else { return [] }
        return [.notSupported(FieldPath("fieldValidation"), value, supported: levels)]
    }

    static func fieldManager(_ name: String?) -> [Status.Cause] {
        guard let name else { return [] }
        let path = FieldPath("fieldManager")
        var causes: [Status.Cause] = []
        if name.utf8.count > longestManager {
            causes.append(
                Status.Cause(
                    reason: "FieldValueTooLong", message: "Too long: may not be more than \(longestManager) bytes",
                    field: path.description))
        }
        if name.unicodeScalars.contains(where: { !$0.properties.isPrintable }) {
            causes.append(.invalid(path, JSONValue.string(name).text, "should only contain printable characters"))
        }
        return causes
    }

    static func force(_ request: APIRequest) -> [Status.Cause] {
        guard request.method == "PATCH", request.query["force"] != nil, request.mediaType != MediaType.applyPatch else {
            return []
        }
        return [.forbidden(FieldPath("force"), "may not be specified for non-apply patch")]
    }

    static func propagation(_ policy: String?, _ orphans: Bool?) -> [Status.Cause] {
        guard let policy, !policy.isEmpty else { return [] }
        let path = FieldPath("propagationPolicy")
        if orphans != nil {
            return [.invalid(path, policy, "orphanDependents and propagationPolicy cannot be both set")]
        }
        guard DeletePolicy(rawValue: policy) == nil else { return [] }
        return [.notSupported(path, policy, supported: ["Background", "Foreground", "Orphan"])]
    }
}

extension Unicode.Scalar.Properties {
    fileprivate var isPrintable: Bool {
        switch generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}

extension APIRequest {
    fileprivate var optionsKind: String {
        ["POST": "CreateOptions", "PUT": "UpdateOptions", "PATCH": "PatchOptions"][method] ?? "DeleteOptions"
    }

    /// The body of a deletion, which is a `DeleteOptions` where there is one.
    fileprivate func deletion() throws -> JSONValue {
        let body = self.body.isEmpty ? [:] : try document()
        guard let kind = body["kind"]?.stringValue, kind != "DeleteOptions" else { return body }
        throw Status.badRequest("the body of a deletion must be a DeleteOptions, not a \(kind)")
    }
}

extension QueryParameters {
    /// `nil` where it is not there.
    fileprivate func presentBool(_ name: String) -> Bool? { self[name].map { _ in bool(name) } }

    func signedInt(_ name: String) throws(Status) -> Int? {
        guard let text = self[name] else { return nil }
        guard let value = Int(text) else {
            throw Status.badRequest("the query parameter \(name) must be a whole number, not \"\(text)\"")
        }
        return value
    }
}

extension Status {
    /// - Parameter kind: `CreateOptions` and the like.
    static func invalidOptions(_ kind: String, _ causes: [Cause]) -> Status {
        .invalid(GroupVersionKind(group: "meta.k8s.io", version: "v1", kind: kind), "", causes)
    }
}
