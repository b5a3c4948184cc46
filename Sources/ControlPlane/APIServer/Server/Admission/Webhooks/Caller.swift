import JSONModel
import KubeAccess

/// Who makes the call that is being served, as webhooks are told.
enum Caller {
    /// Inside of a call over HTTPS: its caller. Elsewhere: Martlet itself.
    @TaskLocal static var current = Identity(
        user: "system:martlet", groups: [Identity.masters, Identity.authenticated])
}

extension Identity {
    /// authentication.k8s.io/v1 UserInfo.
    var userInfo: JSONValue {
        var json: JSONValue = ["username": .string(user), "groups": .array(groups.map { .string($0) })]
        if !uid.isEmpty { json["uid"] = .string(uid) }
        for (key, values) in extra { json[path: "extra", key] = .array(values.map { .string($0) }) }
        return json
    }
}
