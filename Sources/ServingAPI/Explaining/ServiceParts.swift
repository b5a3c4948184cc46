import JSONModel
package import KubeModel

/// An InferenceService, what was made of it, and what happened to all that.
package struct ServiceParts: Sendable {
    package var service: Object
    /// From the Knative Service down to the pods.
    package var parts: [Object]
    package var events: [Object]

    /// What is made of a service, with its name as a label.
    package static let resources: [Resource] = [
        .knativeServices, .configurations, .routes, .revisions, .podAutoscalers, .deployments, .pods,
    ]

    package init(service: Object, parts: [Object], events: [Object]) {
        self.service = service
        self.parts = parts
        self.events = events
    }

    /// - Parameter allEvents: those of the namespace; kept are those of the service and its parts.
    package init(service: Object, parts: [Object], allEvents: [Object]) {
        self.service = service
        self.parts = parts
        let own = Set(([service] + parts).map(\.uid))
        events = allEvents.filter {
            own.contains($0["involvedObject", "uid"]?.stringValue ?? "") || $0.tells(of: service.key)
        }
    }
}

extension Object {
    /// Of an event: whether it is about a part of a service that is gone already: pods do not last.
    fileprivate func tells(of service: ObjectKey) -> Bool {
        let name = self["involvedObject", "name"]?.stringValue ?? ""
        return ["Pod", "Revision"].contains(self["involvedObject", "kind"]?.stringValue ?? "")
            && name.hasPrefix("\(service.name)-predictor-")
    }
}
