import JSONModel
import KubeModel

/// What must hold for a pod spec wherever it stands, beyond its schema.
struct PodSpecValidation {
    let spec: JSONValue
    let path: FieldPath
    /// Whether each container must name an image: not where a runtime gives it.
    var needsImages = true
    /// Whether every volume that is mounted stands in `volumes`: not where a runtime may bring some.
    var knowsVolumes = true

    func check() -> [Status.Cause] {
        let volumes =
            knowsVolumes ? Set((spec["volumes"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }) : nil
        let lists = ["initContainers", "containers"].map { ($0, spec[$0]?.arrayValue ?? []) }
        return lists.flatMap { list, containers in
            containers.enumerated().flatMap { index, container in
                check(container, volumes, at: path.field(list).index(index))
            }
        } + volumeNames() + sharedNames(lists)
    }

    private func check(_ container: JSONValue, _ volumes: Set<String>?, at path: FieldPath) -> [Status.Cause] {
        ContainerValidation(container: container, path: path, volumes: volumes, needsImage: needsImages).check()
    }

    private func volumeNames() -> [Status.Cause] {
        (spec["volumes"]?.arrayValue ?? []).enumerated().compactMap { index, volume in
            guard let name = volume["name"]?.stringValue, let problem = NameRule.dnsLabel.problem(name) else {
                return nil
            }
            return .invalid(path.field("volumes").index(index).field("name"), name.quoted, problem)
        }
    }

    /// The schema sees the same name twice in one list, not in two.
    private func sharedNames(_ lists: [(String, [JSONValue])]) -> [Status.Cause] {
        let names = lists.map { list in Set(list.1.compactMap { $0["name"]?.stringValue }) }
        guard names.count == 2 else { return [] }
        return names[0].intersection(names[1]).sorted().map {
            .duplicate(path.field("initContainers").key($0).field("name"), "\($0.quoted) (a container has it too)")
        }
    }
}
