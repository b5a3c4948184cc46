import JSONModel
import KubeModel

/// What must hold for the built-in kinds other than pods, beyond their schemas.
enum CoreValidation {
    @Sendable static func configMap(_ object: Object, _ old: Object?) -> [Status.Cause] {
        let both = Set(keys(object, "data")).intersection(keys(object, "binaryData")).sorted()
        return checkKeys(object, "data", "binaryData") + checkImmutable(object, old, "data", "binaryData")
            + SettingsValidation.check(object)
            + both.map { .invalid(FieldPath("data").key($0), $0.quoted, "is in binaryData too; keep one of them") }
            + AutoscalerConfigMap.check(object)
    }

    @Sendable static func secret(_ object: Object, _ old: Object?) -> [Status.Cause] {
        var causes = checkKeys(object, "data") + checkImmutable(object, old, "data")
        causes += missingKeys(object)
        if let old, let type = object.json["type"], let before = old.json["type"], type != before {
            causes.append(
                .invalid(FieldPath("type"), type.text, "cannot be changed; delete the Secret and make a new one"))
        }
        return causes
    }

    @Sendable static func service(_ service: Object, _ old: Object?) -> [Status.Cause] {
        let ports = service.spec["ports"]?.arrayValue ?? []
        let path = FieldPath("spec", "ports")
        let isNameless = service.spec["type"] == "ExternalName" || service.spec["clusterIP"] == "None"
        if ports.isEmpty { return isNameless ? [] : [.required(path, "give at least one port")] }
        guard ports.count > 1 else { return [] }
        var seen: Set<String> = []
        return ports.enumerated().compactMap { index, port in
            let field = path.index(index).field("name")
            guard let name = port["name"]?.stringValue, !name.isEmpty else {
                return .required(field, "several ports are told apart by their names")
            }
            return seen.insert(name).inserted ? nil : .duplicate(field, name.quoted)
        }
    }

    /// What a Secret of a well-known type must hold.
    private static func missingKeys(_ secret: Object) -> [Status.Cause] {
        let data = secret.json["data"]?.objectValue
        func missing(_ keys: [String]) -> [Status.Cause] {
            keys.filter { data?[$0] == nil }.map { .required(FieldPath("data").key($0), "its type asks for it") }
        }
        switch secret.json["type"]?.stringValue {
        case "kubernetes.io/tls": return missing(["tls.crt", "tls.key"])
        case "kubernetes.io/dockerconfigjson": return missing([".dockerconfigjson"])
        case "kubernetes.io/dockercfg": return missing([".dockercfg"])
        case "kubernetes.io/ssh-auth": return missing(["ssh-privatekey"])
        case "kubernetes.io/basic-auth":
            let either = missing(["username", "password"])
            return either.count == 2 ? either : []
        default: return []
        }
    }

    private static func keys(_ object: Object, _ field: String) -> [String] {
        object.json[field]?.objectValue?.keys ?? []
    }

    /// Keys become file names.
    private static func checkKeys(_ object: Object, _ fields: String...) -> [Status.Cause] {
        fields.flatMap { field in
            keys(object, field).compactMap { key in
                let isWellFormed =
                    !key.isEmpty && key.utf8.count <= 253 && key != "." && !key.hasPrefix("..")
                    && key.utf8.allSatisfy { $0.isAlphanumeric || "-_.".utf8.contains($0) }
                guard !isWellFormed else { return nil }
                return .invalid(
                    FieldPath(field).key(key), key.quoted, "keys consist of letters, digits, '-', '_' and '.'")
            }
        }
    }

    private static func checkImmutable(_ object: Object, _ old: Object?, _ fields: String...) -> [Status.Cause] {
        guard let old, old.json["immutable"] == true else { return [] }
        var causes = fields.filter { old.json[$0] != object.json[$0] }.map {
            Status.Cause.forbidden(FieldPath($0), "cannot be changed: immutable is set")
        }
        if object.json["immutable"] != true {
            causes.append(.forbidden(FieldPath("immutable"), "cannot be taken back once it is set"))
        }
        return causes
    }
}

extension UInt8 {
    var isAlphanumeric: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
