import KubeModel

/// Events about versions that grow and shrink: `ScalingReplicaSet`, as Kubernetes has it.
enum ScalingNotices {
    static func of(_ sizes: [Int], _ versions: [DeploymentVersion]) -> [Plan.Notice] {
        zip(versions, sizes).flatMap { version, size -> [Plan.Notice] in
            guard let set = version.replicaSet, size != version.size else { return [] }
            return up(set.name, from: version.size, to: size)
        }
    }

    static func up(_ name: String, from: Int, to: Int) -> [Plan.Notice] {
        guard from != to else { return [] }
        let direction = to > from ? "up" : "down"
        return [
            Plan.Notice(
                isWarning: false, reason: "ScalingReplicaSet",
                message: "Scaled \(direction) replica set \(name) from \(from) to \(to)")
        ]
    }
}
