import KubeModel

extension Resource {
    var isServices: Bool { group.isEmpty && plural == "services" }
}
