import JSONModel
import KubeClient
import KubeModel
import ServingAPI

/// What there is to choose from when a model is deployed.
struct Shelf: Sendable {
    var namespaces: [String] = []
    var runtimes: [ServingRuntime] = []
    /// Names of data connections, by namespace.
    var connections: [(namespace: String, name: String)] = []
    /// `nvidia.com/gpu`
    var devices: [String] = []

    static func read(_ context: PageContext) async -> Shelf {
        var shelf = Shelf()
        shelf.namespaces = await context.api.namespaces()
        shelf.runtimes =
            (await context.api.listed(.servingRuntimes) + context.api.listed(.clusterServingRuntimes))
            .map(ServingRuntime.init).sorted { $0.name < $1.name }
        shelf.connections = await context.api.listed(.secrets).filter { StorageSecret($0).isDataConnection }
            .map { ($0.namespace ?? "", $0.name) }.sorted { $0 < $1 }
        for node in await context.api.listed(.nodes) {
            for entry in node["status", "capacity"]?.objectValue ?? [:]
            where entry.key.contains("/") && !entry.key.hasPrefix("hugepages") {
                shelf.devices.append(entry.key)
            }
        }
        return shelf
    }

    func runtimes(in namespace: String) -> [ServingRuntime] {
        runtimes.filter { $0.isClusterScoped || $0.namespace == namespace }
    }

    var formats: [String] {
        Set(runtimes.flatMap { $0.formats.map(\.name) }).sorted()
    }
}

/// The form's fields, filled with what is there.
struct FormFields: Sendable {
    private let draft: Draft
    private let shelf: Shelf
    private let context: PageContext
    private let service: Object?

    init(_ draft: Draft, _ shelf: Shelf, _ context: PageContext) {
        self.draft = draft
        self.shelf = shelf
        self.context = context
        service = draft.existing
    }

    private func t(_ key: String) -> String { context.t("form.\(key)") }

    /// What was sent, else what the service has.
    private func value(_ name: String, _ stored: String?) -> String {
        draft.isSent ? draft.fields[name] ?? "" : stored ?? draft.fields[name] ?? ""
    }

    private func isOn(_ name: String, _ stored: Bool) -> Bool { draft.isSent ? draft.fields.isOn(name) : stored }

    private var predictor: JSONValue { service?.spec["predictor"] ?? [:] }
    private var model: JSONValue { predictor["model"] ?? [:] }

    var html: HTML {
        """
        <fieldset class="card"><legend>\(t("what"))</legend><div class="grid">\(what)</div></fieldset>
        <fieldset class="card"><legend>\(t("where"))</legend><div class="grid">\(location)</div></fieldset>
        <fieldset class="card"><legend>\(t("how"))</legend><div class="grid">\(scale)</div></fieldset>
        <fieldset class="card"><legend>\(t("who"))</legend><div class="grid">\(access)</div></fieldset>
        <fieldset class="card"><legend>\(t("more"))</legend><div class="grid">\(more)</div></fieldset>
        """
    }

    private var what: HTML {
        let isNew = service == nil
        let fixed: HTML = isNew ? "" : " readonly"
        let places = Field(
            label: t("project"), name: "namespace", value: value("namespace", service?.namespace ?? "default"),
            isRequired: true)
        let namespaces = shelf.namespaces.isEmpty ? ["default"] : shelf.namespaces
        let name = Field(
            label: t("name"), name: "name", value: value("name", service?.name), hint: t("name.hint"), isRequired: true,
            attributes: " maxlength=\"253\" pattern=\"[a-z0-9]([\\-a-z0-9]*[a-z0-9])?\" autocomplete=\"off\"\(fixed)")
        let title = Field(
            label: t("title"), name: "title", value: value("title", service?.annotations["openshift.io/display-name"]))
        let format = Field(
            label: t("format"), name: "format", value: value("format", model[path: "modelFormat", "name"]?.stringValue),
            isRequired: true, attributes: " list=\"formats\"")
        let version = Field(
            label: t("formatVersion"), name: "formatVersion",
            value: value("formatVersion", model[path: "modelFormat", "version"]?.stringValue))
        return """
            \(isNew ? places.select(namespaces.map { ($0, $0) }) : "")\(name.input)\(title.input)\(format.input)\
            <datalist id="formats">\(shelf.formats.map { format -> HTML in "<option value=\"\(format)\">" })</datalist>\
            \(version.input)\(runtime)
            """
    }

    private var runtime: HTML {
        let field = Field(
            label: t("runtimeField"), name: "runtime", value: value("runtime", model["runtime"]?.stringValue),
            hint: t("runtimeField.hint"))
        let choices = shelf.runtimes.filter { !$0.isDisabled }.map { runtime -> (value: String, label: String) in
            let title = runtime.annotations["openshift.io/display-name"] ?? runtime.name
            let formats = Set(runtime.formats.map(\.name)).sorted().joined(separator: ", ")
            return (runtime.name, "\(title) (\(formats))")
        }
        return field.select([("", t("runtime.auto"))] + choices)
    }

    private var location: HTML {
        let uri = Field(
            label: t("uri"), name: "uri", value: value("uri", model["storageUri"]?.stringValue), hint: t("uri.hint"),
            placeholder: "hf://organization/model")
        let connection = Field(
            label: t("connection"), name: "connection",
            value: value("connection", model[path: "storage", "key"]?.stringValue), hint: t("connection.hint"))
        let path = Field(
            label: t("path"), name: "path", value: value("path", model[path: "storage", "path"]?.stringValue),
            hint: t("path.hint"))
        let choices = shelf.connections.map { (value: $0.name, label: "\($0.namespace)/\($0.name)") }
        return "\(uri.input)\(connection.select([("", t("connection.none"))] + choices))\(path.input)"
    }

    private var scale: HTML {
        func number(_ label: String, _ name: String, _ stored: Int?, _ standard: String, hint: String = "") -> HTML {
            let stored = stored.map(String.init) ?? (service == nil ? standard : "")
            return Field(
                label: t(label), name: name, value: value(name, stored), hint: hint, type: "number",
                attributes: " min=\"0\""
            ).input
        }
        let size = Field(label: t("size"), name: "size", value: value("size", storedSize.rawValue))
        let sizes = ModelSize.allCases.map { (value: $0.rawValue, label: t("size.\($0.rawValue)")) }
        let device = Field(
            label: t("accelerator"), name: "accelerator", value: value("accelerator", storedDevice?.name))
        let devices = Set(shelf.devices + (storedDevice.map { [$0.name] } ?? [])).sorted()
        let mode = Field(label: t("deployment"), name: "deployment", value: value("deployment", nil))
        let modes = [("", t("deployment.default")), ("Knative", "Knative"), ("Standard", "Standard")]
        return """
            \(number("min", "min", predictor["minReplicas"]?.intValue, "0", hint: t("min.hint")))\
            \(number("max", "max", predictor["maxReplicas"]?.intValue, "1"))\
            \(size.select(sizes))\(amounts)\
            \(devices.isEmpty ? Field(label: t("accelerator"), name: "accelerator", hint: t("accelerator.none"), attributes: " disabled").input : device.select([("", t("accelerator.no"))] + devices.map { ($0, $0) }))\
            \(if: !devices.isEmpty, number("accelerators", "accelerators", storedDevice?.count, "1"))\
            \(service == nil ? mode.select(modes) : "")
            """
    }

    private var amounts: HTML {
        let stored = { (kind: String, name: String) in model["resources"]?[kind]?[name]?.stringValue }
        let fields = [
            ("cpuRequest", stored("requests", "cpu")), ("cpuLimit", stored("limits", "cpu")),
            ("memoryRequest", stored("requests", "memory")), ("memoryLimit", stored("limits", "memory")),
        ].map { name, stored in
            Field(label: t(name), name: name, value: value(name, stored), attributes: " data-only=\"size=custom\"")
                .input
        }
        return HTML(joining: fields)
    }

    private var storedSize: ModelSize {
        guard let resources = model["resources"] else { return .runtime }
        let found = [
            resources[path: "requests", "cpu"], resources[path: "limits", "cpu"],
            resources[path: "requests", "memory"], resources[path: "limits", "memory"],
        ].map { $0?.stringValue ?? "" }
        if found.allSatisfy(\.isEmpty) { return .runtime }
        return ModelSize.allCases.first { size in
            let amounts = size.amounts
            return [amounts.0, amounts.1, amounts.2, amounts.3] == found
        } ?? .custom
    }

    private var storedDevice: (name: String, count: Int)? {
        let limits = model[path: "resources", "limits"]?.objectValue ?? [:]
        return limits.lazy.filter { $0.key.contains("/") }.map { ($0.key, Quantity($0.value)?.value ?? 0) }.first
    }

    private var access: HTML {
        let isOpen = service.map { $0.labels[ServingKeys.visibility] != ServingKeys.clusterLocal } ?? true
        let route = Field(label: t("route"), name: "route", hint: t("route.hint"))
        let auth = Field(label: t("auth"), name: "auth", hint: t("auth.hint"))
        let tokens = Field(
            label: t("tokens"), name: "tokens", value: value("tokens", nil), hint: t("tokens.hint"),
            placeholder: "default-name")
        return """
            \(route.box(isOn("route", isOpen)))\(auth.box(isOn("auth", service?.asksForTokens ?? true)))\(tokens.input)
            """
    }

    private var more: HTML {
        let stored = (model["args"]?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: "\n")
        let variables = (model["env"]?.arrayValue ?? []).filter { $0["valueFrom"] == nil }.map {
            "\($0["name"]?.stringValue ?? "")=\($0["value"]?.stringValue ?? "")"
        }.joined(separator: "\n")
        let arguments = Field(label: t("args"), name: "args", value: value("args", stored), hint: t("args.hint"))
        let environment = Field(label: t("env"), name: "env", value: value("env", variables), hint: t("env.hint"))
        return "\(arguments.area(rows: 4))\(environment.area(rows: 4))"
    }
}
