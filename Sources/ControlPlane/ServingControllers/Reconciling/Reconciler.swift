import KubeController
import KubeModel

/// One controller's way from what is to what shall be: observe, plan, perform, report. `observe` reads caches, `plan` is
/// pure, and the workbench does what the plan says. Where it changed something, the report is of a second look: a
/// child that has yet to take up a change must not count as ready.
protocol Reconciler: Sendable {
    associatedtype Observation: Sendable

    /// What it reconciles.
    static var resource: Resource { get }
    /// Under which name it applies its children: theirs are the fields it set.
    static var fieldManager: String { get }

    /// Whether the report is of a second look where the plan changed something. Not where looking has a history.
    static var looksTwice: Bool { get }

    var bench: Workbench { get }

    func observe(_ object: Object) async -> Observation
    func plan(_ observation: Observation) -> Plan
    /// The plan as it is performed: with what is decided in that moment only, because it is taken from others.
    func prepared(_ plan: Plan) -> Plan
    /// What is reported when `plan` could not be performed.
    func failed(_ plan: Plan, _ error: Status, _ object: Object) -> Plan
    /// The object is gone: what is known of it can be dropped.
    func forget(_ key: ObjectKey)
}

extension Reconciler {
    static var looksTwice: Bool { true }

    func forget(_ key: ObjectKey) {}

    func prepared(_ plan: Plan) -> Plan { plan }

    func failed(_ plan: Plan, _ error: Status, _ object: Object) -> Plan { plan.failed(error) }

    func reconcile(_ key: ObjectKey) async throws -> Outcome {
        guard let object = bench.store(Self.resource)[key], !object.isBeingDeleted else {
            forget(key)
            return .done
        }
        var plan = plan(await observe(object))
        do {
            let hasChanged = try await bench.perform(prepared(plan), for: object, as: Self.fieldManager)
            if hasChanged, Self.looksTwice { plan = self.plan(await observe(object)) }
        } catch let error as Status where !error.isConflict {
            try await bench.report(failed(plan, error, object), on: object, Self.resource)
            throw error
        }
        try await bench.report(plan, on: object, Self.resource)
        return plan.lookAgain.map { .lookAgain(after: $0) } ?? .done
    }
}
