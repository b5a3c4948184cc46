/// Where in an object a field is, as Kubernetes' messages write it: `spec.containers[0].resources.limits[cpu]`.
package struct FieldPath: Sendable, Hashable, CustomStringConvertible {
    package enum Step: Sendable, Hashable {
        case field(String)
        case index(Int)
        /// A key of a map.
        case key(String)
    }

    package var steps: [Step]

    package init(_ fields: String...) { steps = fields.map { .field($0) } }

    package func field(_ name: String) -> FieldPath { appending(.field(name)) }
    package func index(_ index: Int) -> FieldPath { appending(.index(index)) }
    package func key(_ key: String) -> FieldPath { appending(.key(key)) }

    package var description: String {
        var text = ""
        for step in steps {
            switch step {
            case .field(let name): text += text.isEmpty ? name : ".\(name)"
            case .index(let index): text += "[\(index)]"
            case .key(let key): text += "[\(key)]"
            }
        }
        return text
    }

    private func appending(_ step: Step) -> FieldPath {
        var copy = self
        copy.steps.append(step)
        return copy
    }

    /// Runs `body` one step deeper; a walk of a whole object needs but one array.
    mutating func within<Result>(_ step: Step, _ body: (inout FieldPath) -> Result) -> Result {
        steps.append(step)
        defer { steps.removeLast() }
        return body(&self)
    }
}

extension Status.Cause {
    /// The field must be there.
    package static func required(_ field: FieldPath, _ why: String) -> Status.Cause {
        Status.Cause(reason: "FieldValueRequired", message: "Required value: \(why)", field: field.description)
    }

    /// - Parameter value: what was given, as JSON.
    package static func invalid(_ field: FieldPath, _ value: String, _ why: String) -> Status.Cause {
        Status.Cause(reason: "FieldValueInvalid", message: "Invalid value: \(value): \(why)", field: field.description)
    }

    package static func wrongType(_ field: FieldPath, _ value: String, _ why: String) -> Status.Cause {
        Status.Cause(
            reason: "FieldValueTypeInvalid", message: "Invalid value: \(value): \(why)", field: field.description)
    }

    package static func notSupported(_ field: FieldPath, _ value: String, supported: [String]) -> Status.Cause {
        let list = supported.map { "\"\($0)\"" }.joined(separator: ", ")
        return Status.Cause(
            reason: "FieldValueNotSupported", message: "Unsupported value: \(value): supported values: \(list)",
            field: field.description)
    }

    package static func duplicate(_ field: FieldPath, _ value: String) -> Status.Cause {
        Status.Cause(
            reason: "FieldValueDuplicate", message: "Duplicate value: \(value)", field: field.description)
    }

    package static func forbidden(_ field: FieldPath, _ why: String) -> Status.Cause {
        Status.Cause(reason: "FieldValueForbidden", message: "Forbidden: \(why)", field: field.description)
    }
}
