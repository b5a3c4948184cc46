import JSONModel
import KubeModel

/// What the API server fills in for a container of a built-in kind.
enum ContainerDefaulting {
    static func fill(_ container: inout JSONValue) {
        container.setDefault("/dev/termination-log", at: "terminationMessagePath")
        container.setDefault("File", at: "terminationMessagePolicy")
        let image = container["image"]?.stringValue ?? ""
        container.setDefault(.string(ImageReference(image).isLatest ? "Always" : "IfNotPresent"), at: "imagePullPolicy")
        container.setDefault([:], at: "resources")
        container.mapElements(at: "env") { $0.changeObject(at: "valueFrom", fillReferences) }
        for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
            container.changeObject(at: probe, fillProbe)
        }
        container.changeObject(at: "lifecycle") { lifecycle in
            for moment in ["postStart", "preStop"] { lifecycle.changeObject(at: moment, fillAction) }
        }
    }

    /// Of a variable, or of a file of the downward API.
    static func fillReferences(_ source: inout JSONValue) {
        source.changeObject(at: "fieldRef") { $0.setDefault("v1", at: "apiVersion") }
        source.changeObject(at: "resourceFieldRef") { $0.setDefault("0", at: "divisor") }
    }

    private static func fillProbe(_ probe: inout JSONValue) {
        for (field, value) in [
            ("timeoutSeconds", 1), ("periodSeconds", 10), ("successThreshold", 1), ("failureThreshold", 3),
        ] where probe[field]?.intValue ?? 0 == 0 {
            probe[field] = .number(JSONNumber(value))
        }
        fillAction(&probe)
    }

    private static func fillAction(_ action: inout JSONValue) {
        action.changeObject(at: "httpGet") { get in
            get.setDefault("HTTP", at: "scheme")
            if get["path"]?.nonEmptyString == nil { get["path"] = "/" }
        }
    }
}
