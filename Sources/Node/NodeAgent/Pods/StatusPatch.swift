import JSONModel
import KubeModel

/// The merge patch that makes one status of a pod of another: only the members that differ.
enum StatusPatch {
    /// `nil` where nothing differs.
    static func patch(from old: Object, to new: Object) -> JSONValue? {
        let before = old.status.objectValue ?? [:]
        let after = new.status.objectValue ?? [:]
        var changes = JSONObject()
        for member in after where before[member.key] != member.value { changes[member.key] = member.value }
        for key in before.keys where after[key] == nil { changes[key] = .null }
        // A pod of the same name that came after ours is not to be touched.
        return changes.isEmpty ? nil : ["metadata": ["uid": .string(new.uid)], "status": .object(changes)]
    }

    /// The annotation with the times of a start's stages, in milliseconds.
    static func annotation(_ stages: PodMachine.Stages, key: String) -> JSONValue {
        func milliseconds(_ duration: Duration) -> JSONValue {
            .number(JSONNumber((duration / .milliseconds(1) * 1_000).rounded() / 1_000))
        }
        let json: JSONValue = [
            "spawn": milliseconds(stages.spawn), "load": milliseconds(stages.load), "probe": milliseconds(stages.probe),
        ]
        return ["metadata": ["annotations": .object([key: .string(json.text)])]]
    }
}
