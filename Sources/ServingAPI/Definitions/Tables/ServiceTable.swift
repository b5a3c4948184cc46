import JSONModel
import KubeModel

/// The row of a core Service in `kubectl get services`.
enum ServiceTable {
    typealias Column = ResourceDefinition.PrinterColumn

    static let columns = [
        Column("Name", ""), Column("Type", ""), Column("Cluster-IP", ""), Column("External-IP", ""),
        Column("Port(s)", ""), Column("Age", ""), Column("Selector", "", priority: 1),
    ]

    @Sendable static func cells(_ service: Object, _ now: Int64) -> [JSONValue] {
        let spec = service.spec
        let ports = spec["ports"]?.arrayValue?.map(port).joined(separator: ",")
        return [
            .string(service.name), spec["type"] ?? "ClusterIP", .string(Cell.orNone(spec["clusterIP"]?.stringValue)),
            .string(Cell.orNone(spec["externalName"]?.stringValue)), .string(Cell.orNone(ports)),
            .string(service.age(now)), .string(Cell.selector(spec["selector"])),
        ]
    }

    private static func port(_ port: JSONValue) -> String {
        let nodePort = port["nodePort"]?.intValue.map { ":\($0)" } ?? ""
        return "\(port["port"]?.intValue ?? 0)\(nodePort)/\(port["protocol"]?.stringValue ?? "TCP")"
    }
}
