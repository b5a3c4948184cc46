import JSONModel
import KubeModel

/// What must hold for a HostImage, beyond its schema.
enum HostImageValidation {
    @Sendable static func check(_ image: Object, _ old: Object?) -> [Status.Cause] {
        let spec = image.spec
        let path = FieldPath("spec")
        return images(spec, path.field("images")) + python(spec, path) + environment(spec, path.field("env"))
    }

    private static func images(_ spec: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        (spec["images"]?.arrayValue ?? []).enumerated().compactMap { index, entry in
            guard let pattern = entry.stringValue else { return nil }
            let stars = pattern.filter { $0 == "*" }.count
            if pattern.isEmpty || pattern == "*" || pattern.contains(where: \.isWhitespace) {
                return .invalid(path.index(index), pattern.quoted, "name an image, as in example.com/server:*")
            }
            guard stars > 1 || (stars == 1 && !pattern.hasSuffix("*")) else { return nil }
            return .invalid(path.index(index), pattern.quoted, "may have one * only, at its end")
        }
    }

    private static func python(_ spec: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        let path = path.field("python")
        guard let python = spec["python"] else {
            return [.required(path, "say what to install; python is the one kind that is there yet")]
        }
        guard python.objectValue != nil else { return [] }
        return packages(python, path) + files(python, path) + version(python, path) + indexes(python, path)
    }

    private static func indexes(_ python: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        (python["indexes"]?.strings ?? [:]).sorted { $0.key < $1.key }.compactMap { name, url in
            guard !url.hasPrefix("https://") else { return nil }
            return .invalid(path.field("indexes").key(name), url.quoted, "must be an https:// URL of a package index")
        }
    }

    private static func packages(_ python: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        (python["packages"]?.arrayValue ?? []).enumerated().compactMap { index, entry in
            guard let requirement = entry.stringValue else { return nil }
            let bare = requirement.split(separator: ";").first ?? ""
            let isPinned = bare.contains("==") && !bare.contains("*") || bare.contains("@")
            if isPinned, !requirement.hasPrefix("-") { return nil }
            return .invalid(
                path.field("packages").index(index), requirement.quoted,
                "must give an exact version, as in xllamacpp==1.2.3: the same manifest is the same software")
        }
    }

    private static func files(_ python: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        (python["files"]?.objectValue?.keys ?? []).compactMap { name in
            let parts = name.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.contains("") || parts.contains("..") || parts.contains(".") else { return nil }
            return .invalid(
                path.field("files").key(name), name.quoted, "must be a relative path without . and .., as in bin/serve")
        }
    }

    private static func version(_ python: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        guard let version = python["pythonVersion"]?.stringValue else { return [] }
        let parts = version.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count >= 2, parts.count <= 3, parts.allSatisfy({ Int($0) != nil }), parts[0] == "3" { return [] }
        return [.invalid(path.field("pythonVersion"), version.quoted, "must be a version such as 3.11")]
    }

    private static func environment(_ spec: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        (spec["env"]?.objectValue?.keys ?? []).compactMap { name in
            guard name.isEmpty || name.contains("=") else { return nil }
            return .invalid(path.key(name), name.quoted, "must not be empty nor contain '='")
        }
    }
}
