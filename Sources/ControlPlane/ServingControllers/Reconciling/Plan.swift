import JSONModel
import KubeModel

/// What is to be done about one object: values only, so that deciding is a pure function and doing is one place.
struct Plan: Sendable, Hashable {
    /// An object of some resource.
    struct Manifest: Sendable, Hashable {
        var resource: Resource
        var object: Object

        init(_ resource: Resource, _ object: Object) {
            self.resource = resource
            self.object = object
        }
    }

    /// A merge patch of some fields of an object.
    struct Change: Sendable, Hashable {
        var resource: Resource
        var key: ObjectKey
        var fields: JSONValue
        var subresource: String?
    }

    /// An event to be recorded.
    struct Notice: Sendable, Hashable {
        var isWarning: Bool
        var reason: String
        var message: String
        /// Whether it is told of the InferenceService that the object is a part of, too.
        var reachesService = false
    }

    /// Children that must look like this; other fields of theirs belong to others.
    var apply: [Manifest] = []
    /// Children that are made once.
    var create: [Manifest] = []
    var delete: [Manifest] = []
    /// Single fields of other objects.
    var change: [Change] = []
    /// All of the status but its conditions; `nil` leaves the status as it is.
    var status: JSONValue?
    var conditions: [Condition] = []
    var notices: [Notice] = []
    /// Look again after so long even if nothing changes.
    var lookAgain: Duration?
    /// The condition that turns False when doing this fails (besides Ready).
    var blames: String?

    /// The same status, except that doing it failed.
    func failed(_ error: Status) -> Plan {
        var plan = Plan()
        plan.status = status
        plan.conditions = conditions.map { condition in
            guard condition.type == blames || condition.type == "Ready" else { return condition }
            let reason = error.reason == Status.notOwnedReason ? error.reason : "ReconcileFailed"
            return Condition(condition.type, "False", reason: reason, message: error.message)
        }
        plan.notices = [Notice(isWarning: true, reason: "InternalError", message: error.message)]
        return plan
    }
}

extension Status {
    static let notOwnedReason = "NotOwned"

    /// A child's name is taken by an object that somebody else controls.
    static func notOwned(_ resource: Resource, _ key: ObjectKey) -> Status {
        Status(
            code: 409, reason: notOwnedReason,
            message: "\(resource) \"\(key.name)\" exists already and belongs to something else; "
                + "delete or rename it, or choose another name for this service",
            group: resource.group, kind: resource.plural, name: key.name)
    }
}
