import JSONModel
import KubeModel

/// The sizes of a Deployment's versions when only its number of replicas is to be followed: one version takes it all;
/// several that have pods share what is added or taken away by their sizes.
struct ProportionalScaling: Sendable, Hashable {
    private(set) var sizes: [Int]

    init(wanted: Int, limits: RolloutLimits, versions: [DeploymentVersion], current: Int?, available: [Int]) {
        sizes = versions.map(\.size)
        let active = versions.indices.filter { sizes[$0] > 0 }
        if active.count <= 1 {
            if let only = active.first ?? current ?? versions.indices.last { sizes[only] = wanted }
            return
        }
        if let current, versions[current].size == wanted, versions[current].decidedFor == wanted,
            available[current] == wanted
        {
            for index in active where index != current { sizes[index] = 0 }
            return
        }
        guard !limits.replacesAllAtOnce else { return }
        share(to: wanted > 0 ? wanted + limits.surge : 0, wanted, active, versions)
    }

    /// What rounding leaves over is the largest one's.
    private mutating func share(to allowed: Int, _ wanted: Int, _ active: [Int], _ versions: [DeploymentVersion]) {
        let change = allowed - active.reduce(0) { $0 + sizes[$1] }
        guard change != 0 else { return }
        let order = active.sorted { left, right in
            if sizes[left] != sizes[right] { return sizes[left] > sizes[right] }
            return change > 0 ? left > right : left < right
        }
        var left = change
        for index in order {
            let fraction = Self.fraction(of: versions[index], wanted: wanted, allowed: allowed)
            let step = change > 0 ? min(max(0, fraction), left) : max(min(0, fraction), left)
            sizes[index] += step
            left -= step
        }
        sizes[order[0]] = max(0, sizes[order[0]] + left)
    }

    private static func fraction(of version: DeploymentVersion, wanted: Int, allowed: Int) -> Int {
        guard wanted > 0 else { return -version.size }
        let most = max(1, version.mostThen ?? allowed)
        return Int((Double(version.size * allowed) / Double(most)).rounded()) - version.size
    }
}
