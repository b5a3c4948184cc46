import JSONModel
import KubeClient
import KubeModel
import ObjectStore

extension ResourceCall {
    /// Long lists are read and sent part by part, all of one state of the store; tables and protobuf are made whole.
    func list() async throws -> APIResponse {
        if query["sendInitialEvents"] != nil {
            let field = FieldPath("sendInitialEvents")
            throw Status.invalidOptions([.forbidden(field, "means nothing for a list")])
        }
        let rendering = try rendering()
        let options = try ListOptions(query)
        if rendering.form == .table || ProtobufAnswer.isOnlyOne(in: request.accept) {
            return .json(rendering.list(try await server.list(resource, namespace: target.namespace, options)))
        }
        let query = try ListQuery(definition, namespace: target.namespace, options)
        var text = ListText(rendering: rendering)
        var parts = ListParts(server: server, query: query)
        let first = try await parts.next()
        guard !parts.isComplete else {
            return APIResponse(contentType: MediaType.json, body: .whole(try text.last(first)))
        }
        return APIResponse(
            contentType: MediaType.json,
            body: .parts { [parts, text] write in
                var (parts, text, page) = (parts, text, first)
                while !parts.isComplete {
                    try await write(try text.part(page))
                    page = try await parts.next()
                }
                try await write(try text.last(page))
            })
    }
}

/// A list that is read part by part, so that no more than one part is in memory.
struct ListParts: Sendable {
    /// Objects and bytes of a part, more or less.
    private static let (partLimit, byteLimit) = (200, 256 << 10)

    private let server: ObjectServer
    private var query: ListQuery
    private var left: Int
    /// Whether the last part was read.
    private(set) var isComplete = false

    init(server: ObjectServer, query: ListQuery) {
        self.server = server
        self.query = query
        left = query.limit
        self.query.byteLimit = Self.byteLimit
    }

    mutating func next() async throws -> ListPage {
        query.limit = min(left, Self.partLimit)
        // Only the part that is the last that the client asked for says how many it leaves behind.
        query.countsRemaining = query.limit == left
        let page = try await server.page(query)
        left -= page.versions.count
        isComplete = page.next == nil || left == 0
        query.state = .exactly(page.revision)
        query.after = page.next?.after
        return page
    }
}

/// Writes a list of objects, or of their metadata, as JSON.
struct ListText: Sendable {
    let rendering: Rendering
    private var isBegun = false

    init(rendering: Rendering) { self.rendering = rendering }

    mutating func part(_ page: ListPage) throws -> [UInt8] {
        var bytes = isBegun ? [] : Array("{\"kind\":\"\(kind)\",\"apiVersion\":\"\(apiVersion)\",\"items\":[".utf8)
        bytes.reserveCapacity(page.versions.reduce(64) { $0 + $1.text.utf8.count + 1 })
        for version in page.versions {
            if isBegun { bytes.append(UInt8(ascii: ",")) }
            try rendering.append(version, to: &bytes)
            isBegun = true
        }
        isBegun = true
        return bytes
    }

    /// The last part and what closes the list.
    mutating func last(_ page: ListPage) throws -> [UInt8] {
        var bytes = try part(page)
        bytes += "],\"metadata\":".utf8
        let list = ObjectList(
            items: [], resourceVersion: String(page.revision), continueToken: page.next?.text ?? "",
            remainingItemCount: page.remaining)
        list.metadata.append(to: &bytes)
        bytes += "}\n".utf8
        return bytes
    }

    private var isMetadata: Bool { rendering.form == .metadata }
    private var kind: String {
        isMetadata ? "PartialObjectMetadataList" : "\(rendering.table.definition.resource.kind)List"
    }
    private var apiVersion: String {
        isMetadata ? "meta.k8s.io/v1" : rendering.table.definition.resource.apiVersion
    }
}
