import JSONModel
import KubeModel

/// What must hold for `spec.transformer` and `spec.explainer`: one thing that runs, and the same bounds as a predictor.
enum SideComponentValidation {
    static func check(_ service: Object) -> [Status.Cause] {
        check(service, "transformer", implementations: []) + check(service, "explainer", implementations: ["art"])
    }

    private static func check(_ service: Object, _ key: String, implementations: [String]) -> [Status.Cause] {
        guard let component = service.spec[key], component.objectValue != nil else { return [] }
        let path = FieldPath("spec", key)
        return exactlyOne(component, implementations, path) + PodSpecValidation(spec: component, path: path).check()
            + environment(component, implementations, path)
            + ComponentValidation(component: component, path: path, scaler: Scaler(service.annotations)).check()
            + StorageURIRule.check(list: component["storageUris"], path.field("storageUris"))
    }

    private static func exactlyOne(_ component: JSONValue, _ names: [String], _ path: FieldPath) -> [Status.Cause] {
        let hasContainers = !(component["containers"]?.arrayValue?.isEmpty ?? true)
        let given = names.filter { component[$0]?.objectValue != nil } + (hasContainers ? ["containers"] : [])
        let all = (names + ["containers"]).joined(separator: " or ")
        if given.isEmpty { return [.required(path, "give \(all): what runs")] }
        guard given.count > 1 else { return [] }
        return [.forbidden(path, "exactly one of \(all) may say what runs; found \(given.joined(separator: ", "))")]
    }

    private static func environment(_ component: JSONValue, _ names: [String], _ path: FieldPath) -> [Status.Cause] {
        let own = names.flatMap { name -> [Status.Cause] in
            guard let server = component[name], server.objectValue != nil else { return [] }
            return BlockedEnvironment.check(server, path.field(name)) + unnamed(server, path.field(name))
        }
        return own
            + ["containers", "initContainers"].flatMap { list in
                (component[list]?.arrayValue ?? []).enumerated().flatMap {
                    BlockedEnvironment.check($1, path.field(list).index($0))
                }
            }
    }

    private static func unnamed(_ server: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        guard server["name"]?.nonEmptyString != nil else { return [] }
        return [.forbidden(path.field("name"), "the container is named \(ServingKeys.servingContainer); remove it")]
    }
}
