import JSONModel
import KubeClient
import KubeModel
import ServingAPI
import YAMLModel

/// The model servers: what each serves, whether it may be chosen, and whether it is installed on this machine.
enum RuntimesPage {
    static func register(_ table: inout RouteTable) {
        table.page("/runtimes") { context, _ in await make(context) }
        table.page("/runtimes/new") { context, _ in edit(context, nil, text: example) }
        table.page("/runtimes/:scope/:name") { context, arguments in try await one(context, arguments) }
        table.action("/runtimes/save") { context, _ in try await save(context) }
        table.action("/runtimes/:scope/:name/switch") { context, arguments in
            try await toggle(context, arguments)
        }
        table.action("/runtimes/:scope/:name/duplicate") { context, arguments in
            try await duplicate(context, arguments)
        }
        table.action("/runtimes/:scope/:name/delete") { context, arguments in
            let (resource, key) = place(arguments)
            guard !isPreinstalled(try await context.api.get(resource, key)) else {
                throw Status.badRequest(context.t("runtimes.preinstalled.no"))
            }
            try await context.api.delete(resource, key)
            return .redirect("/runtimes?notice=deleted")
        }
        table.action("/runtimes/images/:name/:verb") { context, arguments in
            try await request(context, image: arguments[0], verb: arguments[1])
        }
    }

    /// `cluster`, or a namespace.
    private static func place(_ arguments: [String]) -> (Resource, ObjectKey) {
        arguments[0] == "cluster"
            ? (.clusterServingRuntimes, ObjectKey(name: arguments[1]))
            : (.servingRuntimes, ObjectKey(namespace: arguments[0], name: arguments[1]))
    }

    private static func path(_ runtime: ServingRuntime) -> String {
        "/runtimes/\((runtime.isClusterScoped ? "cluster" : runtime.namespace).percentEncoded)/\(runtime.name.percentEncoded)"
    }

    static func isPreinstalled(_ runtime: Object) -> Bool {
        (runtime["metadata", "managedFields"]?.arrayValue ?? []).contains {
            $0["manager"]?.stringValue == "martlet-preinstalled"
        }
    }

    private static func make(_ context: PageContext) async -> Page {
        let shelf = await Shelf.read(context)
        let images = await context.api.listed(.hostImages).map(HostImage.init)
        let columns = ["name", "formats", "protocol", "enabled", "installed", "do"].map { context.t("runtimes.\($0)") }
        let rows = shelf.runtimes.map { row($0, images, context) }
        let add: HTML =
            "<a class=\"button primary\" href=\"/runtimes/new\">\(Icon.plus) \(context.t("runtimes.add"))</a>"
        return Page(
            .runtimes, title: context.t("nav.runtimes"), actions: add,
            [.live(id: "runtimes", TableView(label: context.t("nav.runtimes"), columns: columns, rows: rows).html)])
    }

    private static func row(_ runtime: ServingRuntime, _ images: [HostImage], _ context: PageContext) -> [HTML] {
        let title = runtime.annotations["openshift.io/display-name"] ?? runtime.name
        let preinstalled = isPreinstalled(runtime.object)
        let formats = Set(runtime.formats.map(\.name)).sorted().joined(separator: ", ")
        let toggle = context.post(
            "\(path(runtime))/switch", fields: ["disabled": runtime.isDisabled ? "" : "on"],
            "<button class=\"small\">\(context.t(runtime.isDisabled ? "runtimes.enable" : "runtimes.disable"))</button>"
        )
        let copy = context.post(
            "\(path(runtime))/duplicate", "<button class=\"small\">\(context.t("runtimes.duplicate"))</button>")
        let remove: HTML =
            preinstalled
            ? ""
            : context.post(
                "\(path(runtime))/delete", "<button class=\"small danger\">\(context.t("do.delete"))</button>")
        let place = runtime.isClusterScoped ? "" : runtime.namespace
        return [
            "<a class=\"name\" href=\"\(path(runtime))\">\(title)</a>\(if: preinstalled, Badge.plain.html(context.t("runtimes.preinstalled")))<small>\(runtime.name)\(if: !place.isEmpty, " · \(place)")</small>",
            "\(formats)",
            "\(runtime.annotations["opendatahub.io/apiProtocol"] ?? runtime.protocolVersions.joined(separator: ", "))",
            runtime.isDisabled
                ? Badge.idle.html(context.t("no")) : Badge.good.html(context.t("yes")),
            installed(runtime, images, context), "<div class=\"row\">\(toggle)\(copy)\(remove)</div>",
        ]
    }

    private static func installed(_ runtime: ServingRuntime, _ images: [HostImage], _ context: PageContext) -> HTML {
        var names: Set<String> = []
        let found = runtime.containers.compactMap { container -> HostImage? in
            HostImage.standing(for: container["image"]?.stringValue ?? "", among: images)
        }.filter { names.insert($0.name).inserted }
        guard !found.isEmpty else { return "<small>\(context.t("runtimes.no-image"))</small>" }
        return HTML(
            joining: found.map { image -> HTML in
                let ready = image.object.condition("Ready")
                let isThere = ready?.reason == "Installed"
                let verb = isThere ? "remove" : "install"
                let button = context.post(
                    "/runtimes/images/\(image.name.percentEncoded)/\(verb)",
                    "<button class=\"small\">\(context.t("runtimes.\(verb)"))</button>")
                let isAway = ready?.reason == "NotInstalled"
                let text =
                    isAway
                    ? context.t("runtimes.not-installed")
                    : ready?.message ?? ready?.reason ?? context.t("state.unknown")
                return "<div class=\"row\">\((isThere ? Badge.good : Badge.idle).html(text))\(button)</div>"
            })
    }

    private static func one(_ context: PageContext, _ arguments: [String]) async throws -> Page {
        let (resource, key) = place(arguments)
        let object = try await context.api.get(resource, key)
        guard isPreinstalled(object) else { return edit(context, object, text: ObjectText.editable(object)) }
        return Page(
            .runtimes, title: key.name,
            [
                .fixed("<p class=\"hint\">\(context.t("runtimes.preinstalled.no"))</p>"),
                .fixed(
                    "<div class=\"code\"><pre tabindex=\"0\"><code>\(ObjectText.editable(object))</code></pre></div>"),
            ])
    }

    private static func edit(_ context: PageContext, _ object: Object?, text: String, failure: HTML = "") -> Page {
        let field = Field(label: "YAML", name: "yaml", value: text, isRequired: true, attributes: " class=\"editor\"")
        let form = context.post(
            "/runtimes/save", class: "deploy",
            """
            \(failure)<div class="card">\(field.area(rows: 28))</div>
            <div class="row end"><a class="button" href="/runtimes">\(context.t("do.cancel"))</a>
            <button class="primary">\(context.t("do.save"))</button></div>
            """)
        return Page(.runtimes, title: object?.name ?? context.t("runtimes.add"), [.fixed(form)])
    }

    private static let example = """
        apiVersion: serving.kserve.io/v1alpha1
        kind: ServingRuntime
        metadata:
          name: my-runtime
          namespace: default
          annotations:
            openshift.io/display-name: My runtime
            opendatahub.io/apiProtocol: REST
        spec:
          supportedModelFormats:
          - name: onnx
            version: "1"
            autoSelect: true
          containers:
          - name: kserve-container
            image: registry.example.com/server:1.0
            args: ["--model", "/mnt/models", "--port", "8080"]
            ports:
            - containerPort: 8080

        """

    private static func save(_ context: PageContext) async throws -> WebResponse {
        let text = (context.form["yaml"] ?? "") + "\n"
        do {
            let json: JSONValue
            do { json = try JSONValue(yaml: text) } catch { throw Status.badRequest("YAML: \(error)") }
            let object = Object(json)
            let resource: Resource
            switch object.kind {
            case "ServingRuntime": resource = .servingRuntimes
            case "ClusterServingRuntime": resource = .clusterServingRuntimes
            default: throw Status.badRequest(context.t("runtimes.kind"))
            }
            let isThere = await context.api.find(resource, object.key) != nil
            _ = try await isThere ? context.api.replace(resource, object) : context.api.create(resource, object)
            return .redirect("/runtimes?notice=saved")
        } catch let status as Status {
            let causes = status.causes.map { $0.field.isEmpty ? $0.message : "\($0.field): \($0.message)" }
            let page = edit(context, nil, text: text, failure: context.failure(status.message, causes: causes))
            return .html(Layout.render(page, context), code: 422)
        }
    }

    private static func toggle(_ context: PageContext, _ arguments: [String]) async throws -> WebResponse {
        let (resource, key) = place(arguments)
        try await context.api.merge(resource, key, ["spec": ["disabled": .bool(context.form.isOn("disabled"))]])
        return .redirect("/runtimes?notice=saved")
    }

    private static func duplicate(_ context: PageContext, _ arguments: [String]) async throws -> WebResponse {
        let (resource, key) = place(arguments)
        let original = try await context.api.get(resource, key)
        var copy = Object(resource, namespace: key.namespace, name: "\(key.name)-copy")
        copy.labels = original.labels
        copy.annotations = original.annotations
        let title = original.annotations["openshift.io/display-name"] ?? key.name
        copy.annotations["openshift.io/display-name"] = "Copy of \(title)"
        copy.spec = original.spec
        let made = try await context.api.create(resource, copy)
        return .redirect("\(path(ServingRuntime(made)))?notice=saved")
    }

    /// Installing and removing are done by the node, which reads the annotation.
    private static func request(_ context: PageContext, image: String, verb: String) async throws -> WebResponse {
        guard ["install", "remove"].contains(verb) else { throw Status.noPage }
        try await context.api.merge(
            .hostImages, ObjectKey(name: image),
            ["metadata": ["annotations": [ServingKeys.requested: .string(verb)]]])
        return .redirect("/runtimes?notice=asked")
    }
}
