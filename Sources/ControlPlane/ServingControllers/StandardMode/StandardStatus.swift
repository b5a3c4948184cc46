import JSONModel
import KubeModel
import ServingAPI

/// The status of a service in Standard mode without its conditions.
struct StandardStatus {
    let service: InferenceService
    let children: StandardChildren
    let hosts: HostNames
    let conditions: StandardConditions
    let now: String

    var json: JSONValue {
        var status: JSONValue = ["deploymentMode": .string(DeploymentMode.standard.rawValue)]
        if let runtime = children.stable.predictor.runtime {
            status[runtime.isClusterScoped ? "clusterServingRuntimeName" : "servingRuntimeName"] = .string(runtime.name)
        }
        let name = "\(service.name)-predictor"
        status["components"] = ["predictor": component(children.stable, named: name)]
        for side in children.sides {
            status["components"]?[side.role.rawValue] = component(side.component, named: side.component.name)
        }
        status["modelStatus"] = model(children.stable, old: service.object)
        status["canaryStatuses"] = canaries
        if conditions.isPredictorReady || service.object["status", "url"] != nil {
            status["url"] = .string(hosts.url(ofInferenceService: service.object))
            let entrance = children.side(.transformer) ?? children.stable
            status["address"] = ["url": .string(hosts.clusterURL(entrance.name, of: service.object))]
        }
        return status
    }

    /// - Parameter name: of its HTTPRoute.
    private func component(_ component: StandardComponent, named name: String) -> JSONValue {
        [
            "url": .string(url(of: name)),
            "address": ["url": .string(hosts.clusterURL(component.name, of: service.object))],
            "latestCreatedRevision": .string(revision(of: component)),
        ]
    }

    private func url(of name: String) -> String {
        var named = service.object
        named.name = name
        let host = hosts.host(ofInferenceService: named)
        return hosts.isInside(named) ? "http://\(host)" : hosts.url(host, of: named)
    }

    /// The version of the Deployment's template, as `kubectl rollout history` counts them.
    private func revision(of component: StandardComponent) -> String {
        component.deployment?.annotations[RolloutAnnotation.revision] ?? ""
    }

    private func model(_ component: StandardComponent, old: Object) -> JSONValue {
        let failed = component.deployment?.conditions.first {
            ($0.type == "Progressing" && $0.isFalse) || ($0.type == "ReplicaFailure" && $0.isTrue)
        }
        return ModelStatus(
            service: old, revision: component.name, pods: component.pods.map { PodState($0) },
            isReady: component.isUpToDate || (component.pods.isEmpty && component.isReady), refusal: failed, now: now
        ).json
    }

    private var canaries: JSONValue? {
        guard !children.canaries.isEmpty else { return nil }
        return .array(
            children.canaries.map { canary in
                let old = service.object["status", "canaryStatuses"]?.arrayValue?
                    .first { $0["name"]?.stringValue == canary.name }
                var before = Object([:])
                before["status", "modelStatus"] = old?["modelStatus"]
                return [
                    "name": .string(canary.name), "ready": .bool(canary.component.isReady),
                    "trafficPercent": .number(JSONNumber(canary.percent)),
                    "modelStatus": model(canary.component, old: before),
                ]
            })
    }
}
