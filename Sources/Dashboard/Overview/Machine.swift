import JSONModel
import KubeClient
import KubeModel
import ServingAPI

/// The machine, and who has it: what `metrics.k8s.io` says of nodes and pods.
struct Machine: Sendable {
    struct Holder: Sendable {
        var name: String
        var namespace: String
        /// Cores.
        var cpu: Double
        var memory: Double
    }

    var cores = 0.0
    var memory = 0.0
    var usedCores = 0.0
    var usedMemory = 0.0
    /// `nvidia.com/gpu` and its like: how many, and how many are asked for.
    var devices: [(name: String, count: Double, taken: Double)] = []
    var holders: [Holder] = []
    var conditions: [Condition] = []

    static func read(_ context: PageContext) async -> Machine {
        var machine = Machine()
        let nodes = await context.api.listed(.nodes)
        for node in nodes {
            machine.cores += quantity(node["status", "capacity", "cpu"])
            machine.memory += quantity(node["status", "capacity", "memory"])
            machine.conditions += node.conditions
        }
        for usage in await items("/apis/metrics.k8s.io/v1beta1/nodes", context) {
            machine.usedCores += quantity(usage[path: "usage", "cpu"])
            machine.usedMemory += quantity(usage[path: "usage", "memory"])
        }
        let pods = await context.api.listed(.pods)
        machine.devices = devices(nodes, pods)
        machine.holders = await holders(context, pods)
        return machine
    }

    private static func holders(_ context: PageContext, _ pods: [Object]) async -> [Holder] {
        let services = Dictionary(pods.map { ($0.key, $0.labels[ServingKeys.inferenceService] ?? $0.name) }) { $1 }
        var usage: [ObjectKey: Holder] = [:]
        for item in await items("/apis/metrics.k8s.io/v1beta1/pods", context) {
            let pod = Object(item).key
            let name = services[pod] ?? pod.name
            let key = ObjectKey(namespace: pod.namespace, name: name)
            var holder = usage[key] ?? Holder(name: name, namespace: pod.namespace ?? "", cpu: 0, memory: 0)
            for container in item["containers"]?.arrayValue ?? [] {
                holder.cpu += quantity(container[path: "usage", "cpu"])
                holder.memory += quantity(container[path: "usage", "memory"])
            }
            usage[key] = holder
        }
        return usage.values.sorted { ($0.memory, $1.name) > ($1.memory, $0.name) }
    }

    private static func devices(_ nodes: [Object], _ pods: [Object]) -> [(name: String, count: Double, taken: Double)] {
        var counts: [String: Double] = [:]
        for node in nodes {
            for entry in node["status", "capacity"]?.objectValue ?? [:] where entry.key.contains("/") {
                guard !entry.key.hasPrefix("hugepages") else { continue }
                counts[entry.key, default: 0] += quantity(entry.value)
            }
        }
        return counts.sorted { $0.key < $1.key }.map { name, count in
            let taken = pods.flatMap { Pod($0).containers }.reduce(0.0) {
                $0 + quantity($1["resources"]?["limits"]?[name])
            }
            return (name, count, taken)
        }
    }

    private static func items(_ path: String, _ context: PageContext) async -> [JSONValue] {
        let json = try? await context.api.send(KubeRequest(.get, path: path))
        return json?["items"]?.arrayValue ?? []
    }

    static func quantity(_ json: JSONValue?) -> Double {
        Quantity(json)?.double ?? 0
    }

    func html(_ context: PageContext) -> HTML {
        guard cores > 0 else { return "" }
        return """
            <section><h2>\(context.t("machine.title"))</h2><div class="cards">
            \(meter(context.t("machine.cpu"), usedCores, cores, "\(Scale.digits(usedCores)) / \(Scale.digits(cores))"))
            \(meter(context.t("machine.memory"), usedMemory, memory, "\(Scale.bytes(usedMemory)) / \(Scale.bytes(memory))"))
            \(devices.map { meter($0.name, $0.taken, $0.count, "\(Scale.digits($0.taken)) / \(Scale.digits($0.count))") })
            </div>\(who(context))</section>
            """
    }

    private func meter(_ label: String, _ value: Double, _ most: Double, _ text: String) -> HTML {
        let share = Int((most > 0 ? min(1, value / most) : 0) * 100)
        return """
            <div class="card meter"><h3>\(label)</h3><b>\(text)</b>\
            <progress max="100" value="\(share)" aria-label="\(label)"\(if: share > 90, " class=\"full\"")>\(share) %</progress></div>
            """
    }

    private func who(_ context: PageContext) -> HTML {
        guard !holders.isEmpty else { return "" }
        let rows = holders.map { holder -> [HTML] in
            [
                "<a class=\"name\" href=\"\(ModelsPage.path(ObjectKey(namespace: holder.namespace, name: holder.name)))\">\(holder.name)</a><small>\(holder.namespace)</small>",
                "\(Scale.digits(holder.cpu))", "\(Scale.bytes(holder.memory))",
                share(holder.memory / max(1, memory), context),
            ]
        }
        return TableView(
            label: context.t("machine.holders"),
            columns: [
                context.t("machine.holder"), context.t("machine.cpu"), context.t("machine.memory"),
                context.t("machine.share"),
            ], rows: rows
        ).html
    }

    private func share(_ share: Double, _ context: PageContext) -> HTML {
        let width = LineChart.number(min(1, share) * 100)
        return """
            <svg class="share" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="\(Scale.digits(share * 100)) %">\
            <rect class="rest" width="100" height="8" rx="2"/><rect class="bar k0" width="\(width)" height="8" rx="2"/></svg>
            """
    }
}
