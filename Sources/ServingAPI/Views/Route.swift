package import JSONModel
package import KubeModel

/// `serving.knative.dev/v1` Route, for reading.
package struct Route: View {
    package let object: Object

    package init(_ object: Object) { self.object = object }

    /// What was asked for.
    package var traffic: [TrafficTarget] { targets(object.spec["traffic"]) }
    /// What holds: each share with its revision.
    package var assignedTraffic: [TrafficTarget] { targets(object.status["traffic"]) }
    package var url: String? { object.status["url"]?.nonEmptyString }

    private func targets(_ json: JSONValue?) -> [TrafficTarget] { (json?.arrayValue ?? []).map(TrafficTarget.init) }
}

/// A share of a Route's or Service's traffic, for reading.
package struct TrafficTarget: Sendable, Hashable {
    package let json: JSONValue

    package init(json: JSONValue) { self.json = json }

    package var revisionName: String? { json["revisionName"]?.nonEmptyString }
    package var configurationName: String? { json["configurationName"]?.nonEmptyString }
    /// Whether the newest ready revision gets the share.
    package var isLatestRevision: Bool { json["latestRevision"]?.boolValue ?? (revisionName == nil) }
    package var percent: Int { json["percent"]?.intValue ?? 0 }
    package var tag: String? { json["tag"]?.nonEmptyString }
    package var url: String? { json["url"]?.nonEmptyString }
}
