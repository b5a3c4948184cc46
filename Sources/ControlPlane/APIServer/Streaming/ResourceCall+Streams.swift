import JSONModel
import KubeModel

// The subresources of a pod that turn the connection into something else.
extension ResourceCall {
    func exec(_ name: String) async throws -> APIResponse {
        let pod = try await server.get(resource, key(name))
        let command = try command(pod)
        guard !command.words.isEmpty else {
            throw Status.badRequest("you must specify at least 1 command for the container")
        }
        return try command.response(to: request.upgrade) { [streams] in try await streams.exec(command, in: pod) }
    }

    func attach(_ name: String) async throws -> APIResponse {
        let pod = try await server.get(resource, key(name))
        var command = try command(pod)
        command.words = []
        return try command.response(to: request.upgrade) { [streams, command] in
            try await streams.attach(command, to: pod)
        }
    }

    private func command(_ pod: Object) throws -> PodCommand {
        let command = PodCommand(
            container: try pod.containerForStreams(query["container"]), words: query.all("command"),
            hasInput: query.bool("stdin"), hasOutput: query.bool("stdout"),
            hasErrors: query.bool("stderr") && !query.bool("tty"), isTerminal: query.bool("tty"))
        guard command.hasInput || command.hasOutput || command.hasErrors else {
            throw Status.badRequest("you must specify at least one of stdin, stdout, stderr")
        }
        if ["Succeeded", "Failed"].contains(pod.status["phase"]?.stringValue) {
            throw Status.badRequest(
                "cannot exec into a container in a completed pod; current phase is "
                    + (pod.status["phase"]?.stringValue ?? ""))
        }
        return command
    }
}

extension Object {
    /// The container that is meant: the one that is named, or the pod's only or first one, as kubectl chooses it.
    ///
    /// - Throws: 400 where there is no such container.
    func containerForStreams(_ wanted: String?) throws(Status) -> String {
        let names = (spec["containers"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
        guard let wanted else {
            guard let only = names.first, names.count == 1 else {
                throw .badRequest(
                    "a container name must be specified for pod \(name), choose one of: [\(names.joined(separator: " "))]"
                )
            }
            return only
        }
        guard names.contains(wanted) else { throw .badRequest("container \(wanted) is not valid for pod \(name)") }
        return wanted
    }
}
