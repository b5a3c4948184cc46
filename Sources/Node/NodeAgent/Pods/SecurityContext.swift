import Glibc
import JSONModel
import KubeModel

/// What a pod and one of its containers say of whom the container runs as. Pure.
struct SecurityContext {
    var pod: Object
    var container: JSONValue

    private func value(_ field: String) -> JSONValue? {
        container[path: "securityContext", field] ?? pod.spec["securityContext"]?[field]
    }

    var userID: Int? { value("runAsUser")?.intValue }
    var fileGroup: Int? { pod.spec["securityContext"]?["fsGroup"]?.intValue }

    /// `nil` where it runs as Martlet does.
    ///
    /// - Parameter own: Martlet's user; only root can be another.
    /// - Throws: `LaunchProblem`, in the kubelet's words.
    func user(own: UInt32 = geteuid()) throws(LaunchProblem) -> Sandbox.User? {
        let wanted = userID.map { UInt32(clamping: $0) } ?? own
        if value("runAsNonRoot")?.boolValue == true, wanted == 0 {
            throw .configuration(
                "container has runAsNonRoot and would run as root: set securityContext.runAsUser to another user")
        }
        let group = value("runAsGroup")?.intValue
        let more = (pod.spec["securityContext"]?["supplementalGroups"]?.arrayValue ?? []).compactMap(\.intValue)
        guard own == 0, userID != nil || group != nil || fileGroup != nil || !more.isEmpty else {
            if wanted == own { return nil }
            throw .configuration(
                "securityContext.runAsUser \(wanted): Martlet runs as user \(own), who cannot become another; "
                    + "run it as root, or leave runAsUser out")
        }
        return Sandbox.User(
            user: wanted, group: UInt32(clamping: group ?? 0),
            groups: (more + [fileGroup].compactMap { $0 }).map { UInt32(clamping: $0) })
    }

    /// Fields of the container's that ask for more than is given.
    static func unmetFields(_ container: JSONValue) -> [String] {
        let context = container["securityContext"] ?? [:]
        var unmet: [String] = []
        if context["privileged"]?.boolValue == true { unmet.append("privileged") }
        if !(context[path: "capabilities", "add"]?.arrayValue ?? []).isEmpty { unmet.append("capabilities.add") }
        if let profile = context[path: "seccompProfile", "type"]?.stringValue, profile != "RuntimeDefault" {
            unmet.append("seccompProfile")
        }
        return unmet + ["seLinuxOptions", "appArmorProfile", "procMount"].filter { context[$0] != nil }
    }
}

/// Whose files are.
enum Ownership {
    /// Gives a directory with all that is in it to a user; never follows a link. What cannot be given stays.
    static func give(_ path: String, to user: Sandbox.User, fileGroup: Int?) {
        let group = fileGroup.map { gid_t(UInt32(clamping: $0)) } ?? user.group
        give(path, user.user, group)
    }

    private static func give(_ path: String, _ user: uid_t, _ group: gid_t) {
        lchown(path, user, group)
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return }
        for name in Directory.entries(path) { give("\(path)/\(name)", user, group) }
    }
}
