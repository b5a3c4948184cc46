import Autoscaling
import JSONModel
import KubeClient
import KubeController
import KubeModel
import Logging
import ServingAPI
import Synchronization

/// What every reconciler works with: caches to read, and one place that writes.
final class Workbench: Sendable {
    private struct Child: Hashable {
        var resource: Resource
        var key: ObjectKey
    }

    let informers: Informers
    let time: any TimeSource
    private let client: any ResourceClient
    private let recorder: EventRecorder
    private let applied = Mutex<[Child: Object]>([:])
    private let autoscalerSettings: AutoscalerSettings

    init(client: any ResourceClient, informers: Informers, time: any TimeSource, logger: Logger) {
        self.client = client
        self.informers = informers
        self.time = time
        let configMaps = informers.store(.configMaps)
        autoscalerSettings = AutoscalerSettings { configMaps[$0] }
        recorder = EventRecorder(client: client, component: "martlet", time: time, logger: logger)
    }

    func store(_ resource: Resource) -> Store { informers.store(resource) }

    /// What the ConfigMap `config-autoscaler` says now.
    var autoscalerConfiguration: AutoscalerConfiguration { autoscalerSettings.current }

    /// The settings that hold now.
    func settings<Settings: PlatformSettings>(_ type: Settings.Type) -> Settings {
        let configMaps = store(.configMaps)
        return Settings(finding: { configMaps[$0] })
    }

    /// The hosts that hold now.
    func hosts(_ settings: ServingSettings) -> HostNames {
        let configMaps = store(.configMaps)
        return settings.hosts.configured { configMaps[$0] }
    }

    // MARK: Perform

    /// Brings about what `plan` says of other objects. To do it again changes nothing.
    ///
    /// - Returns: whether anything was written.
    func perform(_ plan: Plan, for owner: Object, as manager: String) async throws -> Bool {
        for child in plan.create { try await create(child, as: manager) }
        for change in plan.change { try await perform(change, as: manager) }
        var hasApplied = false
        for child in plan.apply where try await apply(child, for: owner, as: manager) { hasApplied = true }
        for child in plan.delete { try await delete(child) }
        return hasApplied || !plan.change.isEmpty || !plan.create.isEmpty || !plan.delete.isEmpty
    }

    func perform(_ change: Plan.Change, as manager: String) async throws {
        do {
            let answer = try await client.patch(
                change.resource, change.key, .merge(change.fields), subresource: change.subresource,
                WriteOptions(fieldManager: manager))
            informers.informer(change.resource).take(written: answer)
        } catch let error as Status where error.isNotFound {
            return  // It went meanwhile; its deletion will be seen.
        }
    }

    private func create(_ child: Plan.Manifest, as manager: String) async throws {
        let informer = informers.informer(child.resource)
        do {
            let options = WriteOptions(fieldManager: manager)
            informer.take(written: try await client.create(child.resource, child.object, options))
        } catch let error as Status where error.isAlreadyExists {
            // The cache is behind: the next look sees it.
            informer.take(written: try await client.get(child.resource, child.object.key))
        }
    }

    private func apply(_ child: Plan.Manifest, for owner: Object, as manager: String) async throws -> Bool {
        let id = Child(resource: child.resource, key: child.object.key)
        let held = store(child.resource)[child.object.key]
        if let held {
            if let controller = held.controller, controller.uid != owner.uid {
                throw Status.notOwned(child.resource, child.object.key)
            }
            let isCurrent = applied.withLock { $0[id] } == child.object && held.json.covers(child.object.json)
            if isCurrent || held.isBeingDeleted { return false }
        }
        let answer = try await client.apply(child.resource, child.object, by: manager)
        applied.withLock { $0[id] = child.object }
        informers.informer(child.resource).take(written: answer)
        return true
    }

    func delete(_ child: Plan.Manifest) async throws {
        do {
            let options = DeleteOptions(propagationPolicy: "Background", preconditionUID: child.object.uid)
            let answer = try await client.delete(child.resource, child.object.key, options)
            if answer.isBeingDeleted { informers.informer(child.resource).take(written: answer) }
        } catch let error as Status where error.isNotFound || error.isConflict {
            return  // Gone, or already another object of that name.
        }
    }

    /// Drops what was remembered of a child that is gone.
    func forget(_ resource: Resource, _ key: ObjectKey) {
        applied.withLock { $0[Child(resource: resource, key: key)] = nil }
    }

    // MARK: Report

    /// Writes the plan's status where it differs, then its events. One reconciler owns a kind's status, so the write
    /// does not ask for a resourceVersion: it cannot undo anybody's.
    func report(_ plan: Plan, on object: Object, _ resource: Resource) async throws {
        if let status = plan.status, let changed = changed(object, status, plan.conditions) {
            do {
                let answer = try await client.replace(resource, changed, subresource: "status")
                informers.informer(resource).take(written: answer)
            } catch let error as Status where error.isNotFound {
                return
            }
        }
        for notice in plan.notices { await tell(notice, about: object) }
    }

    /// Records an event about `object`.
    func tell(_ notice: Plan.Notice, about object: Object) async {
        let service = notice.reachesService ? inferenceService(of: object) : nil
        for object in [service, object].compactMap(\.self) {
            await recorder.record(notice.isWarning ? .warning : .normal, notice.reason, about: object, notice.message)
        }
    }

    /// The InferenceService that a pod, a revision or another child is a part of; `nil` where there is none.
    func inferenceService(of object: Object) -> Object? {
        object.labels[ServingKeys.inferenceService].flatMap { store(.inferenceServices)[object.sibling($0)] }
    }

    private func changed(_ object: Object, _ status: JSONValue, _ conditions: [Condition]) -> Object? {
        var changed = object
        changed.status = status
        changed["status", "conditions"] = object["status", "conditions"]
        if conditions.isEmpty {
            changed["status", "conditions"] = status["conditions"]
        } else {
            changed.setConditions(conditions, now: time.timestamp)
        }
        guard changed.status != object.status else { return nil }
        changed.resourceVersion = ""
        return changed
    }
}
