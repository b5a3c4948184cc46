import JSONModel
import KubeClient
import KubeModel
import ServingAPI
import YAMLModel

/// Deploying a model, and changing one: by a form or as YAML. What would be wrong, and what would change, is asked of the
/// API by a dry run before anything is written.
enum ModelForm {
    static func register(_ table: inout RouteTable) {
        table.page("/models/new") { context, _ in try await page(context, Draft(context.query)) }
        table.page("/models/:namespace/:name/edit") { context, arguments in
            let object = try await context.api.get(.inferenceServices, ModelsPage.key(arguments))
            return try await page(context, Draft(existing: object, isYAML: context.query["mode"] == "yaml"))
        }
        table.action("/models/check") { context, _ in try await check(context) }
        table.action("/models/save") { context, _ in try await save(context) }
    }

    private static func page(_ context: PageContext, _ draft: Draft, _ failure: HTML = "") async throws -> Page {
        let title = draft.existing.map { context.t("form.edit", $0.name) } ?? context.t("models.deploy")
        let shelf = await Shelf.read(context)
        let fields = draft.isYAML ? yamlFields(draft, context) : FormFields(draft, shelf, context).html
        let cancel = draft.existing.map { ModelsPage.path($0.key) } ?? "/models"
        let form = context.post(
            "/models/save", fields: draft.hidden, class: "deploy",
            """
            \(failure)\(fields)
            <div class="result" data-check="/models/check" role="status" aria-live="polite"></div>
            <div class="row end"><a class="button" href="\(cancel)">\(context.t("do.cancel"))</a>
            <button class="primary">\(context.t(draft.existing == nil ? "models.deploy" : "form.redeploy"))</button></div>
            """)
        return Page(.models, title: title, actions: modes(draft, context), [.fixed(form)])
    }

    private static func modes(_ draft: Draft, _ context: PageContext) -> HTML {
        let path = draft.existing.map { "\(ModelsPage.path($0.key))/edit" } ?? "/models/new"
        return """
            <nav class="choices" aria-label="\(context.t("form.mode"))">\
            <a href="\(path)"\(if: !draft.isYAML, " aria-current=\"true\"")>\(context.t("form.form"))</a>\
            <a href="\(path)?mode=yaml"\(if: draft.isYAML, " aria-current=\"true\"")>YAML</a></nav>
            """
    }

    private static func yamlFields(_ draft: Draft, _ context: PageContext) -> HTML {
        let text = Field(
            label: "YAML", name: "yaml", value: draft.yaml, isRequired: true,
            attributes: " data-editor class=\"editor\"")
        return "<div class=\"card\">\(text.area(rows: 26))</div>"
    }

    /// What would come of it: a fragment that the page shows while one types.
    private static func check(_ context: PageContext) async throws -> WebResponse {
        let draft = Draft(context.form, await existing(context))
        var parts: [HTML] = []
        do {
            let object = try draft.object()
            parts.append(await runtimes(object, context))
            let result = try await write(object, draft, context, isDryRun: true)
            parts.append(changes(draft, result, context))
        } catch let status as Status {
            let causes = status.causes.map { $0.field.isEmpty ? $0.message : "\($0.field): \($0.message)" }
            parts.append(context.failure(causes.isEmpty ? status.message : context.t("form.wrong"), causes: causes))
        }
        return .html(HTML(joining: parts))
    }

    private static func changes(_ draft: Draft, _ result: Object, _ context: PageContext) -> HTML {
        let before = draft.existing.map(ObjectText.editable) ?? ""
        let lines = ObjectText.diff(before, ObjectText.editable(result))
        guard lines.contains(where: { $0.mark != " " }) else {
            return "<p class=\"hint\">\(context.t("form.same"))</p>"
        }
        let shown = lines.map { line -> HTML in
            let name = line.mark == "+" ? "add" : line.mark == "-" ? "cut" : "same"
            return "<span class=\"\(name)\">\(String(line.mark)) \(line.line)\n</span>"
        }
        return """
            <details class="card"\(if: draft.existing != nil || draft.isYAML, " open")>\
            <summary>\(context.t("form.valid"))</summary><pre class="diff" tabindex="0">\(shown)</pre></details>
            """
    }

    /// Which runtimes would serve it, and why the others would not.
    private static func runtimes(_ object: Object, _ context: PageContext) async -> HTML {
        guard let model = InferenceService(object).predictor.model, !model.format.isEmpty else { return "" }
        let shelf = await Shelf.read(context)
        let usable = shelf.runtimes(in: object.namespace ?? "default")
        let chosen = try? RuntimeSelection.select(for: model, among: usable)
        let misfits = usable.compactMap { runtime -> HTML? in
            guard runtime.name != chosen?.runtime.name else { return nil }
            var named = model.json
            named["runtime"] = .string(runtime.name)
            do {
                _ = try RuntimeSelection.select(for: Model(json: named), among: usable)
                return nil
            } catch { return "<li><b>\(runtime.name)</b> \("\(error)")</li>" }
        }
        let verdict: HTML =
            chosen.map { chosen -> HTML in
                "<span class=\"dot good\"></span> \(context.t("form.runtime", chosen.runtime.name, chosen.protocolVersion))"
            } ?? "<span class=\"dot bad\"></span> \(context.t("form.no-runtime", model.formatText))"
        return """
            <details class="card fits"><summary>\(verdict)</summary><ul>\(misfits)</ul></details>
            """
    }

    private static func existing(_ context: PageContext) async -> Object? {
        guard let name = context.form["existing"] else { return nil }
        let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        return await context.api.find(.inferenceServices, ObjectKey(namespace: parts[0], name: parts[1]))
    }

    private static func write(
        _ object: Object, _ draft: Draft, _ context: PageContext, isDryRun: Bool
    ) async throws -> Object {
        guard let existing = draft.existing else {
            return try await context.api.create(.inferenceServices, object, isDryRun: isDryRun)
        }
        guard object.key == existing.key, object.kind == existing.kind else {
            throw Status.badRequest(context.t("form.other-name", existing.name))
        }
        var changed = object
        changed.resourceVersion = draft.resourceVersion ?? existing.resourceVersion
        return try await context.api.replace(.inferenceServices, changed, isDryRun: isDryRun)
    }

    private static func save(_ context: PageContext) async throws -> WebResponse {
        let draft = Draft(context.form, await existing(context))
        do {
            let object = try draft.object()
            let saved = try await write(object, draft, context, isDryRun: false)
            for name in draft.tokenNames { try await ServiceTokens(saved, context.api).create(name, seconds: nil) }
            return .redirect("\(ModelsPage.path(saved.key))?notice=saved")
        } catch let status as Status {
            let causes = status.causes.map { $0.field.isEmpty ? $0.message : "\($0.field): \($0.message)" }
            let failure = context.failure(causes.isEmpty ? status.message : context.t("form.wrong"), causes: causes)
            var page = try await page(context, draft, failure)
            page.code = 422
            return .html(Layout.render(page, context), code: 422)
        }
    }
}
