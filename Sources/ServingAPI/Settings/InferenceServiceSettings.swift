import JSONModel
import KubeModel

/// KServe's `inferenceservice-config`: each entry is JSON text. What has no meaning on a machine (images of sidecars, the
/// cluster's ingress) is not looked at.
package struct InferenceServiceSettings: PlatformSettings {
    package static let configMap = "inferenceservice-config"
    package static let namespaces = ["kserve"]

    /// How much a Deployment may stray from its number of pods while it rolls out; as `spec.strategy.rollingUpdate`.
    package struct RollingUpdate: Sendable, Hashable {
        package var maxSurge: String?
        package var maxUnavailable: String?
    }

    /// `ingress.domainTemplate`: the host of an InferenceService.
    package var domainTemplate = HostTemplate.inferenceService
    /// `ingress.additionalIngressDomains`: further domains in the place of the usual one.
    package var additionalDomains: [String] = []
    /// `ingress.pathTemplate`: a path at which an InferenceService answers on every host that is not a service's own.
    package var pathTemplate: HostTemplate?
    /// `ingress.disableIngressCreation`: services in Standard mode answer inside only.
    package var disablesIngress = false
    /// `deploy.defaultDeploymentMode`: `Knative` or `Standard`, for services that do not say.
    package var defaultDeploymentMode = "Knative"
    /// `deploy.deploymentRolloutStrategy.defaultRollout`.
    package var rollingUpdate: RollingUpdate?
    /// `autoscaler`: seconds for which an HPA looks back before it scales.
    package var scaleUpStabilization: Int?
    package var scaleDownStabilization: Int?

    package init(_ entries: inout ConfigEntries) {
        readIngress(entries.json("ingress"), &entries)
        readDeploy(entries.json("deploy"), &entries)
        let autoscaler = entries.json("autoscaler")
        scaleUpStabilization = autoscaler?["scaleUpStabilizationWindowSeconds"]?.wholeNumber
        scaleDownStabilization = autoscaler?["scaleDownStabilizationWindowSeconds"]?.wholeNumber
    }

    private mutating func readIngress(_ ingress: JSONValue?, _ entries: inout ConfigEntries) {
        disablesIngress = ingress?["disableIngressCreation"]?.boolValue ?? false
        for domain in ingress?["additionalIngressDomains"]?.words ?? [] {
            if let problem = NameRule.dnsSubdomain.problem(domain) {
                entries.reject("ingress", "additionalIngressDomains: \(domain.quoted) \(problem)")
            } else {
                additionalDomains.append(domain)
            }
        }
        if let text = ingress?["domainTemplate"]?.nonEmptyString {
            switch HostTemplate.parse(text, variables: domainTemplate.variables) {
            case .success(let template): domainTemplate = template
            case .failure(let problem): entries.reject("ingress", "domainTemplate: \(problem.why)")
            }
        }
        if let text = ingress?["pathTemplate"]?.nonEmptyString {
            switch HostTemplate.parse(path: text) {
            case .success(let template): pathTemplate = template
            case .failure(let problem): entries.reject("ingress", "pathTemplate: \(problem.why)")
            }
        }
    }

    private mutating func readDeploy(_ deploy: JSONValue?, _ entries: inout ConfigEntries) {
        let names = [
            "Knative": "Knative", "Serverless": "Knative", "Standard": "Standard", "RawDeployment": "Standard",
        ]
        if let given = deploy?["defaultDeploymentMode"]?.nonEmptyString {
            if let mode = names[given] {
                defaultDeploymentMode = mode
            } else {
                entries.reject("deploy", "defaultDeploymentMode: must be Knative or Standard, is \(given.quoted)")
            }
        }
        guard let rollout = deploy?[path: "deploymentRolloutStrategy", "defaultRollout"] else { return }
        rollingUpdate = RollingUpdate(
            maxSurge: rollout["maxSurge"]?.nonEmptyString, maxUnavailable: rollout["maxUnavailable"]?.nonEmptyString)
    }
}

extension ConfigEntries {
    /// JSON text.
    fileprivate mutating func json(_ key: String) -> JSONValue? {
        guard let text = text(key) else { return nil }
        if let value = try? JSONValue(parsing: text), value.objectValue != nil { return value }
        reject(key, "must be a JSON object")
        return nil
    }
}

extension JSONValue {
    /// A number, or one in quotes.
    fileprivate var wholeNumber: Int? { intValue ?? stringValue.flatMap { Int($0) } }
}
