import CEL
import JSONModel
import KubeModel

/// The conditions under which a webhook is asked (`matchConditions`): expressions that must all be true.
struct MatchConditions: Sendable {
    private static let variables: Set<String> = ["object", "oldObject", "request"]
    private static let budget = 10_000_000

    private let programs: [(name: String, program: CELProgram)]

    /// - Parameter json: `matchConditions`.
    /// - Throws: where one of them cannot be read. They have no `authorizer` here.
    init(_ json: JSONValue?) throws(CELError) {
        var programs: [(String, CELProgram)] = []
        for condition in json?.arrayValue ?? [] {
            let text = condition["expression"]?.stringValue ?? ""
            programs.append((condition["name"]?.stringValue ?? "", try CELProgram(text, variables: Self.variables)))
        }
        self.programs = programs
    }

    /// - Parameter request: of the `AdmissionReview`.
    /// - Throws: where one of them has no value, and none is false.
    func hold(for request: JSONValue) throws(WebhookFailure) -> Bool {
        guard !programs.isEmpty else { return true }
        let variables = [
            "object": CELValue(json: request["object"] ?? .null),
            "oldObject": CELValue(json: request["oldObject"] ?? .null), "request": CELValue(json: request),
        ]
        var failure: WebhookFailure?
        var budget = Self.budget
        for (name, program) in programs {
            do throws(CELError) {
                if try program.evaluate(variables, budget: &budget) != .bool(true) { return false }
            } catch {
                failure = WebhookFailure("the match condition \"\(name)\" has no value: \(error)")
            }
        }
        if let failure { throw failure }
        return true
    }

    /// What is wrong with the conditions of a configuration's webhooks.
    static func causes(_ configuration: Object) -> [Status.Cause] {
        var causes: [Status.Cause] = []
        for (index, webhook) in (configuration.json["webhooks"]?.arrayValue ?? []).enumerated() {
            for (place, condition) in (webhook["matchConditions"]?.arrayValue ?? []).enumerated() {
                let path = FieldPath("webhooks").index(index).field("matchConditions").index(place).field("expression")
                let text = condition["expression"]?.stringValue ?? ""
                do throws(CELError) { _ = try CELProgram(text, variables: variables) } catch {
                    causes.append(.invalid(path, text.asJSON, "compilation failed: \(error)"))
                }
            }
        }
        return causes
    }
}
