import AsyncHTTPClient
import Crypto
import JSONModel
import NIOHTTP1
import Synchronization

/// An image in a registry, by the OCI distribution API: its files are its layers.
final class RegistryStore: ModelStore {
    private static let manifestLimit = 16 << 20

    private let web: WebClient
    private let retrying: Retrying
    private let image: ImageName
    private let login: RegistryLogin?
    private let trust: Trust
    /// The value of the Authorization header that the registry took last.
    private let authorization = Mutex<String?>(nil)

    private var title: String { "oci://\(image.registry)/\(image.repository)" }
    private var root: String { "\(image.root)/v2/\(image.repository)" }

    /// - Throws: `FileError` where the CA bundle cannot be read.
    init(_ image: ImageName, _ variables: StorageVariables, web: WebClient, retrying: Retrying) throws(FileError) {
        self.image = image
        self.web = web
        self.retrying = retrying
        login = RegistryLogin(Self.logins(variables), registry: image.registry)
        trust = try variables.trust(bundle: "REQUESTS_CA_BUNDLE", verifying: "OCI_VERIFY_SSL")
    }

    /// Pull secrets, or what `podman login` and `docker login` left on this machine.
    private static func logins(_ variables: StorageVariables) -> String? {
        if let secrets = variables[".dockerconfigjson"] { return secrets }
        let docker = variables["DOCKER_CONFIG"] ?? variables["HOME"].map { $0 + "/.docker" }
        let files = [variables["REGISTRY_AUTH_FILE"], docker.map { $0 + "/config.json" }].compactMap(\.self)
        let bytes = files.lazy.compactMap { try? FileTree.read($0) }.first
        return bytes.map { String(decoding: $0, as: UTF8.self).replacing("\n", with: " ") }
    }

    func files() async throws -> [StoredFile] {
        var manifest = try await manifest(image.reference)
        if manifest.layers.isEmpty {
            guard let own = manifest.own else {
                let all = manifest.images.map(\.platform).joined(separator: ", ")
                throw ModelStorageError(
                    .notFound, "\(title) has no image for this machine", remedy: "it has images for \(all)")
            }
            manifest = try await self.manifest(own)
        }
        return try manifest.layers.enumerated().map(layer)
    }

    /// A file of an artifact has its name, a layer of an image its number.
    private func layer(_ index: Int, _ blob: ImageManifest.Blob) throws -> StoredFile {
        if blob.mediaType.hasSuffix("zstd") {
            throw ModelStorageError(
                .corrupt, "\(title) has a layer packed by zstd, which is not unpacked here",
                remedy: "push it with gzip: podman push --compression-format gzip, docker buildx with compression=gzip")
        }
        let path = blob.isTar ? "layer-\(index).tar" : blob.title ?? "layer-\(index)"
        return StoredFile(
            path: path, size: blob.size, key: blob.digest, version: blob.digest,
            checksum: .sha256(String(blob.digest.dropFirst(7))))
    }

    private func manifest(_ reference: String) async throws -> ImageManifest {
        try await retrying.run(url: title, hindered: { _ in }) {
            let url = "\(root)/manifests/\(reference)"
            let response = try await get(url, [("Accept", ImageManifest.accepted)], "image \(reference)")
            let bytes = try await web.collect(response, limit: Self.manifestLimit)
            if ImageName.isDigest(reference), "sha256:" + hexadecimal(SHA256.hash(data: bytes)) != reference {
                throw ModelStorageError(
                    .digestMismatch, "the manifest of \(title) is not \(reference)", remedy: "try another registry")
            }
            guard let json = try? JSONValue(parsing: bytes), let manifest = ImageManifest(json) else {
                throw ModelStorageError(
                    .corrupt, "\(image.registry) has no image manifest at \(image.repository):\(reference)",
                    remedy: "push the image in OCI's or Docker's second format")
            }
            return manifest
        }
    }

    func get(_ file: StoredFile, _ range: Range<Int64>) async throws -> HTTPClientResponse {
        var headers: [(String, String)] = []
        if range.count < file.size { headers.append(("Range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")) }
        return try await get("\(root)/blobs/\(file.key)", headers, file.path)
    }

    /// Sends a request, once more with what the registry wants to be shown.
    private func get(_ url: String, _ headers: [(String, String)], _ what: String) async throws -> HTTPClientResponse {
        var response = try await send(url, headers)
        if response.status.code == 401, let challenge = response.headers["WWW-Authenticate"].first {
            try await authorize(RegistryChallenge(challenge))
            response = try await send(url, headers)
        }
        guard response.status.code == 200 || response.status.code == 206 else {
            let access =
                login == nil
                ? "give a Secret of type kubernetes.io/dockerconfigjson for \(image.registry) as imagePullSecret"
                : "check the pull secret for \(image.registry), and that it may pull the image"
            throw ResponseFailure.error(response, "\(what) of \(title)", image.registry, access: access)
        }
        return response
    }

    private func send(_ url: String, _ headers: [(String, String)]) async throws -> HTTPClientResponse {
        let address = WebAddress(url: url, authorization: authorization.withLock { $0 })
        return try await web.send(WebRequest(address: address, headers: headers, trust: trust))
    }

    private func authorize(_ challenge: RegistryChallenge) async throws {
        switch challenge.scheme {
        case "basic": if let login { authorization.withLock { $0 = login.basic } }
        case "bearer":
            let token = try await token(challenge)
            authorization.withLock { $0 = "Bearer \(token)" }
        default: break
        }
    }

    private func token(_ challenge: RegistryChallenge) async throws -> String {
        guard let realm = challenge["realm"], realm.hasPrefix("https://") || realm.hasPrefix(image.root) else {
            throw ModelStorageError(
                .refused, "\(image.registry) names no safe place to get a token from", remedy: "use https for both")
        }
        let scope = challenge["scope"] ?? "repository:\(image.repository):pull"
        let query = [("service", challenge["service"]), ("scope", scope)].compactMap { name, value in
            value.map { (name, $0) }
        }
        let url = realm + (realm.contains("?") ? "&" : "?") + RequestSignature.canonical(query)
        let order = WebRequest(
            address: WebAddress(url: url, authorization: login?.basic), trust: trust, followsRedirects: false)
        let response = try await web.send(order)
        guard response.status.code == 200 else {
            throw ResponseFailure.error(
                response, "a token for \(title)", realm, access: "check the pull secret for \(image.registry)")
        }
        let json = try? JSONValue(parsing: try await web.collect(response, limit: 1 << 20))
        guard let token = json?["token"]?.stringValue ?? json?["access_token"]?.stringValue else {
            throw ModelStorageError(.refused, "\(realm) gave no token", remedy: "check the pull secret")
        }
        return token
    }
}
