import JSONModel
import KubeClient
import KubeModel

extension ResourceCall {
    func get(_ name: String, _ subresource: String?) async throws -> APIResponse {
        if let version = query["resourceVersion"], Int(version) == nil {
            throw Status.badRequest("resourceVersion \"\(version)\" is no number")
        }
        guard subresource == nil else {
            let object = try await server.get(resource, key(name), subresource: subresource)
            return .json(try render(object, subresource))
        }
        var bytes: [UInt8] = []
        try rendering().append(try await server.version(resource, key(name)), to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        return APIResponse(contentType: MediaType.json, body: .whole(bytes))
    }

    func log(_ name: String) async throws -> APIResponse {
        let pod = try await server.get(resource, key(name))
        var options = try PodLogOptions(query)
        options.container = try container(options.container, of: pod)
        let parts = try await logs.logs(of: pod, options)
        return APIResponse(
            contentType: MediaType.plainText,
            body: .streamed { write in
                for try await part in parts { try await write(part) }
            })
    }

    private func container(_ wanted: String?, of pod: Object) throws -> String {
        let names = ["initContainers", "containers"].flatMap { list in
            (pod.spec[list]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
        }
        let isOnlyOne = pod.spec["containers"]?.arrayValue?.count == 1
        if wanted == nil, isOnlyOne, let only = names.last { return only }
        guard let wanted else {
            throw Status.badRequest(
                "a container name must be specified for pod \(pod.name), choose one of: [\(names.joined(separator: " "))]"
            )
        }
        guard names.contains(wanted) || pod.hasInitContainerStatus(wanted) else {
            throw Status.badRequest("container \(wanted) is not valid for pod \(pod.name)")
        }
        return wanted
    }
}

extension Object {
    /// The storage-initializer is in the status only.
    fileprivate func hasInitContainerStatus(_ name: String) -> Bool {
        (status["initContainerStatuses"]?.arrayValue ?? []).contains { $0["name"]?.stringValue == name }
    }
}
