import JSONModel
import KubeModel
import ServingAPI

enum ConfigurationPlanner {
    /// - Parameter now: RFC 3339.
    static func plan(_ observation: ConfigurationReconciler.Observation, now: String) -> Plan {
        let configuration = observation.configuration
        var plan = Plan()
        plan.blames = "Ready"
        let wanted = revision(of: configuration, now: now)
        let current = observation.revisions.first { generation($0) == configuration.generation }
        if let namesake = observation.namesake, current == nil, !isSame(namesake, wanted, configuration) {
            return nameTaken(plan, observation)
        }
        let latest = current ?? observation.namesake
        if latest == nil {
            var revision = wanted
            observation.defaults.fill(&revision.spec)
            plan.create = [Plan.Manifest(.revisions, revision)]
        }
        plan.status = status(observation, latestCreated: wanted.name)
        plan.conditions = [ready(latest, named: wanted.name)]
        return plan
    }

    /// The name that the template gives, or `<configuration>-00001` after the generation.
    static func revisionName(_ configuration: Object) -> String {
        if let name = configuration["spec", "template", "metadata", "name"]?.stringValue { return name }
        let digits = String(configuration.generation)
        return "\(configuration.name)-\(String(repeating: "0", count: max(0, 5 - digits.count)))\(digits)"
    }

    static func revision(of configuration: Object, now: String) -> Object {
        var revision = configuration.child(.revisions, name: revisionName(configuration))
        let template = Object(configuration["spec", "template"] ?? [:])
        var labels = template.labels
        labels[ServingKeys.configuration] = configuration.name
        labels[Label.configurationUID] = configuration.uid
        labels[ServingKeys.configurationGeneration] = String(configuration.generation)
        labels[ServingKeys.routingState] = "pending"
        labels[ServingKeys.service] = configuration.labels[ServingKeys.service]
        labels[Label.serviceUID] = configuration.labels[Label.serviceUID]
        revision.labels = labels
        revision.annotations = template.annotations.merging([Annotation.routingStateModified: now]) { $1 }
        revision.spec = template.spec
        return revision
    }

    /// A revision of the name is the one that is wanted if it is ours and was made from this template: then only the
    /// generation moved, as when a change was undone.
    private static func isSame(_ namesake: Object, _ wanted: Object, _ configuration: Object) -> Bool {
        namesake.controller?.uid == configuration.uid && namesake.spec.covers(wanted.spec)
    }

    private static func generation(_ revision: Object) -> Int {
        revision.labels[ServingKeys.configurationGeneration].flatMap(Int.init) ?? 0
    }

    private static func nameTaken(_ plan: Plan, _ observation: ConfigurationReconciler.Observation) -> Plan {
        var plan = plan
        let name = revisionName(observation.configuration)
        plan.status = status(observation, latestCreated: nil)
        plan.conditions = [
            Condition(
                "Ready", "False", reason: "RevisionNameTaken",
                message: "spec.template.metadata.name: revision \"\(name)\" exists already with another template; "
                    + "give each change a name of its own, or none")
        ]
        return plan
    }

    private static func status(
        _ observation: ConfigurationReconciler.Observation, latestCreated: String?
    ) -> JSONValue {
        let configuration = observation.configuration
        var status: JSONValue = ["observedGeneration": .number(JSONNumber(configuration.generation))]
        status["latestCreatedRevisionName"] =
            latestCreated.map { .string($0) } ?? configuration["status", "latestCreatedRevisionName"]
        let newestReady = observation.revisions.filter(\.isReady).max { generation($0) < generation($1) }
        status["latestReadyRevisionName"] = latestReady(configuration, newestReady, observation.revisions)
        return status
    }

    /// The newest revision that is ready; one that stopped being ready stays until a newer one is.
    private static func latestReady(_ configuration: Object, _ newest: Object?, _ revisions: [Object]) -> JSONValue? {
        let old = configuration["status", "latestReadyRevisionName"]
        guard let newest else { return old }
        let held = revisions.first { $0.name == old?.stringValue }
        if let held, generation(held) > generation(newest) { return old }
        return .string(newest.name)
    }

    private static func ready(_ latest: Object?, named name: String) -> Condition {
        let condition = Condition.copy(latest?.condition("Ready"), as: "Ready")
        switch condition.status {
        case "True": return Condition("Ready", "True")
        case "False":
            return Condition(
                "Ready", "False", reason: "RevisionFailed",
                message: "revision \"\(name)\" failed: \(condition.message ?? condition.reason ?? "no reason given")")
        default: return condition
        }
    }
}
