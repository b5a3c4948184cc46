import Glibc
import JSONModel
import KubeClient
import KubeModel
import ServingAPI

/// The volumes that a container mounts: directories of the pod's own, written anew at each start of the container.
/// ConfigMaps and Secrets that change later are seen after the next start.
struct PodVolumes {
    /// Kinds of volumes that can be had here.
    static let kinds = ["emptyDir", "configMap", "secret", "hostPath", "downwardAPI", "projected"]

    let client: any ResourceClient
    let field: DownwardField
    let directories: PodDirectories

    private var pod: Object { field.pod }

    /// What the container is to see where.
    ///
    /// - Throws: `LaunchProblem`, in the kubelet's words where a ConfigMap, Secret or key is missing.
    func binds() async throws(LaunchProblem) -> [ProcessLaunch.Bind] {
        var binds: [ProcessLaunch.Bind] = []
        for mount in field.container["volumeMounts"]?.arrayValue ?? [] {
            guard let name = mount["name"]?.stringValue, let target = mount["mountPath"]?.stringValue,
                let volume = Self.volume(name, of: pod), let source = try await source(name, volume)
            else { continue }
            guard mount["subPathExpr"] == nil else {
                throw .configuration("volumeMounts \(name): subPathExpr is not there yet on this node: use subPath")
            }
            let part = mount["subPath"]?.stringValue ?? ""
            guard Self.isInside(part), !target.contains(":/") else {
                throw .configuration("volumeMounts \(name): subPath and mountPath must not lead elsewhere")
            }
            if !part.isEmpty, volume["emptyDir"] != nil {
                try prepare { () throws(PosixError) in try Directory.make("\(source)/\(part)") }
            }
            binds.append(
                .init(
                    source: part.isEmpty ? source : "\(source)/\(part)",
                    target: target.hasPrefix("/") ? target : "/\(target)",
                    isReadOnly: mount["readOnly"]?.boolValue ?? false || Self.isWrittenHere(volume)))
        }
        return binds + [try hostsFile()].compactMap(\.self)
    }

    private func hostsFile() throws(LaunchProblem) -> ProcessLaunch.Bind? {
        let machine = String(decoding: Directory.contents(HostsFile.path) ?? [], as: UTF8.self)
        guard let text = HostsFile.text(of: pod, over: machine) else { return nil }
        // No volume can have this name.
        let path = try directory(".hosts", inMemory: false)
        try prepare { () throws(PosixError) in try Self.write(["hosts": Array(text.utf8)], to: path, 0o644) }
        return .init(source: "\(path)/hosts", target: HostsFile.path, isReadOnly: true)
    }

    /// Whether every volume that `container` mounts can be had.
    static func areHad(_ container: JSONValue, of pod: Object) -> Bool {
        (container["volumeMounts"]?.arrayValue ?? []).allSatisfy { mount in
            guard let volume = volume(mount["name"]?.stringValue ?? "", of: pod) else { return false }
            return kinds.contains { volume[$0] != nil } && !hasToken(volume) && !hasModes(volume)
                && volume[path: "emptyDir", "sizeLimit"] == nil && mount["mountPropagation"] == nil
        }
    }

    /// Files with modes of their own.
    private static func hasModes(_ volume: JSONValue) -> Bool {
        let sources = [volume] + (volume[path: "projected", "sources"]?.arrayValue ?? [])
        return sources.contains { source in
            ["configMap", "secret", "downwardAPI"].contains { kind in
                (source[path: kind, "items"]?.arrayValue ?? []).contains { $0["mode"] != nil }
            }
        }
    }

    private static func hasToken(_ volume: JSONValue) -> Bool {
        (volume[path: "projected", "sources"]?.arrayValue ?? []).contains { $0["serviceAccountToken"] != nil }
    }

    private static func volume(_ name: String, of pod: Object) -> JSONValue? {
        pod.spec["volumes"]?.arrayValue?.first { $0["name"]?.stringValue == name }
    }

    private static func isWrittenHere(_ volume: JSONValue) -> Bool {
        volume["emptyDir"] == nil && volume["hostPath"] == nil
    }

    /// A relative path that does not leave where it begins.
    private static func isInside(_ path: String) -> Bool {
        !path.hasPrefix("/") && !path.split(separator: "/").contains("..")
    }

    /// The directory on this machine; `nil` for a kind that cannot be had.
    private func source(_ name: String, _ volume: JSONValue) async throws(LaunchProblem) -> String? {
        if let path = volume[path: "hostPath", "path"]?.stringValue { return path }
        if let empty = volume["emptyDir"] {
            return try directory(name, inMemory: empty["medium"]?.stringValue == "Memory")
        }
        guard Self.kinds.contains(where: { volume[$0] != nil }) else { return nil }
        let sources = volume["projected"]?["sources"]?.arrayValue ?? [volume]
        var files: [String: [UInt8]] = [:]
        for source in sources { files.merge(try await contents(source)) { $1 } }
        // What may be secret is on no disk, where the machine has a /dev/shm that can be written to.
        let path = try directory(name, inMemory: volume["configMap"] == nil && volume["downwardAPI"] == nil)
        let kind = volume["secret"] ?? volume["configMap"] ?? volume["projected"] ?? volume["downwardAPI"]
        let mode = mode_t(truncatingIfNeeded: kind?["defaultMode"]?.intValue ?? 0o644)
        try prepare { () throws(PosixError) in try Self.write(files, to: path, mode) }
        return path
    }

    private func contents(_ source: JSONValue) async throws(LaunchProblem) -> [String: [UInt8]] {
        if let reference = source["configMap"] { return try await contents(.configMaps, reference, "name") }
        if let reference = source["secret"] {
            return try await contents(.secrets, reference, reference["secretName"] == nil ? "name" : "secretName")
        }
        var files: [String: [UInt8]] = [:]
        for item in source["downwardAPI"]?["items"]?.arrayValue ?? [] {
            guard let path = item["path"]?.stringValue else { continue }
            if let reference = item["fieldRef"] {
                files[path] = Array(try field.value(fieldPath: reference["fieldPath"]?.stringValue ?? "").utf8)
            } else if let reference = item["resourceFieldRef"] {
                let resource = reference["resource"]?.stringValue ?? ""
                files[path] = Array(try field.value(resource: resource, divisor: reference["divisor"]).utf8)
            }
        }
        return files
    }

    private func contents(
        _ resource: Resource, _ reference: JSONValue, _ nameField: String
    ) async throws(LaunchProblem) -> [String: [UInt8]] {
        let isOptional = reference["optional"]?.boolValue ?? false
        let key = ObjectKey(namespace: pod.namespace, name: reference[nameField]?.stringValue ?? "")
        let object: Object
        do { object = try await client.get(resource, key) } catch {
            if isOptional, (error as? Status)?.isNotFound == true { return [:] }
            throw .configuration("\(resource.kind) \(key): \(error)")
        }
        let all = Self.data(object)
        guard let items = reference["items"]?.arrayValue else { return all }
        var files: [String: [UInt8]] = [:]
        for item in items {
            guard let name = item["key"]?.stringValue, let path = item["path"]?.stringValue else { continue }
            if let bytes = all[name] {
                files[path] = bytes
            } else if !isOptional {
                throw .configuration("couldn't find key \(name) in \(resource.kind) \(key)")
            }
        }
        return files
    }

    private static func data(_ object: Object) -> [String: [UInt8]] {
        let isSecret = object.kind == Resource.secrets.kind
        var files: [String: [UInt8]] = [:]
        for (field, isCoded) in [("data", isSecret), ("binaryData", true)] {
            for member in object[field]?.objectValue ?? [:] {
                guard let text = member.value.stringValue else { continue }
                files[member.key] = isCoded ? Base64.decode(text) : Array(text.utf8)
            }
        }
        return files
    }

    /// Replaces the directory's files.
    private static func write(_ files: [String: [UInt8]], to directory: String, _ mode: mode_t) throws(PosixError) {
        Directory.remove(directory)
        try Directory.make(directory)
        for (path, bytes) in files where isInside(path) && !path.isEmpty {
            let file = "\(directory)/\(path)"
            if let slash = path.lastIndex(of: "/") { try Directory.make("\(directory)/\(path[..<slash])") }
            let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw PosixError("open \(file)") }
            defer { close(descriptor) }
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
                guard count > 0 else { throw PosixError("write \(file)") }
                rest = rest.dropFirst(count)
            }
            fchmod(descriptor, mode)
        }
    }

    private func directory(_ name: String, inMemory: Bool) throws(LaunchProblem) -> String {
        do throws(PosixError) { return try directories.makeVolume(name, of: pod.uid, inMemory: inMemory) } catch {
            throw .machine("\(error)")
        }
    }

    private func prepare(_ body: () throws(PosixError) -> Void) throws(LaunchProblem) {
        do throws(PosixError) { try body() } catch { throw .machine("\(error)") }
    }
}
