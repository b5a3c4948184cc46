import AsyncHTTPClient
import NIOHTTP1

/// Finds the wheel of a package's version in the indexes of this machine.
struct PackageIndex {
    private static let pageLimit = 128 << 20

    let web: WebClient
    let retrying: Retrying
    let configuration: PipConfiguration
    let platform: Platform

    /// - Parameter hindered: told what holds it up.
    /// - Throws: `ModelStorageError` that says what exists instead.
    func wheel(_ package: String, _ version: String, hindered: (String?) -> Void) async throws -> RemoteFile {
        var lastMiss: ModelStorageError?
        for index in configuration.indexes {
            do throws(PackageMiss) {
                return try choose(package, version, try await page(package, index, hindered), index)
            } catch {
                switch error {
                case .missing(let miss): lastMiss = lastMiss ?? miss
                case .failed(let failure): throw failure
                }
            }
        }
        throw lastMiss
            ?? ModelStorageError(
                .notFound, "there is no package index to look \(package) up in", remedy: "set PIP_INDEX_URL")
    }

    /// Whether the next index may help.
    private enum PackageMiss: Error {
        case missing(ModelStorageError)
        case failed(any Error)
    }

    private func page(
        _ package: String, _ index: WebAddress, _ hindered: (String?) -> Void
    ) async throws(PackageMiss) -> IndexPage {
        let root = index.url.hasSuffix("/") ? index.url : index.url + "/"
        let address = WebAddress(url: root + PackageName.normalized(package) + "/", authorization: index.authorization)
        do {
            return try await retrying.run(url: address.title, hindered: hindered) { try await fetch(package, address) }
        } catch let error as ModelStorageError where error.code == .notFound {
            throw .missing(error)
        } catch {
            throw .failed(error)
        }
    }

    private func fetch(_ package: String, _ address: WebAddress) async throws -> IndexPage {
        let accepted = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
        let response = try await web.get(address, headers: [("Accept", accepted)])
        guard response.status.code == 200 else {
            throw ResponseFailure.error(response, "package \(package)", address.title)
        }
        let bytes = try await web.collect(response, limit: Self.pageLimit)
        let base = response.history.last.map { $0.request.url } ?? address.url
        let type = response.headers.first(name: "Content-Type") ?? ""
        guard let page = IndexPage(bytes, contentType: type.lowercased(), base: base) else {
            throw ModelStorageError(
                .corrupt, "\(address.title) is no page of a package index",
                remedy: "check PIP_INDEX_URL, or the index-url of pip.conf")
        }
        return page
    }

    private func choose(
        _ package: String, _ version: String, _ page: IndexPage, _ index: WebAddress
    ) throws(PackageMiss) -> RemoteFile {
        let wanted = PackageName.canonicalVersion(version)
        let wheels = page.files.compactMap { file in WheelName(file.name).map { (file: file, name: $0) } }
        let fitting = wheels.filter { PackageName.canonicalVersion($0.name.version) == wanted }
        let best = fitting.compactMap { wheel in platform.fitness(wheel.name).map { (wheel.file, $0) } }
            .max { ($0.1, $1.0.name) < ($1.1, $0.0.name) }
        if let best {
            return RemoteFile(
                address: index.sibling(best.0.url), sha256: best.0.sha256, title: "the wheel \(best.0.name)")
        }
        throw .missing(miss(package, version, fitting.map(\.name), wheels.map(\.name), page))
    }

    private func miss(
        _ package: String, _ version: String, _ fitting: [WheelName], _ wheels: [WheelName], _ page: IndexPage
    ) -> ModelStorageError {
        if !fitting.isEmpty {
            let there = Set(fitting.flatMap(\.platforms)).sorted().joined(separator: ", ")
            return ModelStorageError(
                .notFound, "\(package)==\(version) has no wheel for this machine (\(platform.architecture))",
                remedy: "there are wheels for \(there)")
        }
        if page.files.contains(where: { $0.name.contains("-\(version).") }) {
            return ModelStorageError(
                .notFound, "\(package)==\(version) is there in source form only", remedy: "use a version with a wheel")
        }
        let versions = Nearest.distinct(wheels.map(\.version))
        return ModelStorageError(
            .notFound, "package \(package) has no version \(version)",
            remedy: versions.isEmpty
                ? "it has no wheels at all"
                : "it has \(Nearest.sorted(versions, to: version).prefix(5).joined(separator: ", "))")
    }
}
