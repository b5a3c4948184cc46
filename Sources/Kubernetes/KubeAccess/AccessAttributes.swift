/// What a request is about, as far as it matters to whether it is allowed: Kubernetes' `authorizer.Attributes`.
package struct AccessAttributes: Sendable, Hashable {
    package enum Target: Sendable, Hashable {
        case resource(ResourceAttributes)
        /// A path that is none of a resource: `/version`.
        case path(String)
    }

    /// `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`, or one of the special verbs
    /// (`impersonate`, `escalate`, `bind`, `use`); of paths the HTTP method in lower case.
    package var verb: String
    package var target: Target

    package init(verb: String, _ target: Target) {
        self.verb = verb
        self.target = target
    }

    package init(
        verb: String, group: String = "", version: String = "", resource: String, subresource: String = "",
        namespace: String = "", name: String = ""
    ) {
        self.init(
            verb: verb,
            .resource(
                ResourceAttributes(
                    group: group, version: version, resource: resource, subresource: subresource,
                    namespace: namespace, name: name)))
    }

    /// Empty for what lies in no namespace, or in all.
    package var namespace: String {
        if case .resource(let resource) = target { resource.namespace } else { "" }
    }
}

/// A resource, or one object of it. Empty texts stand for what a request does not say.
package struct ResourceAttributes: Sendable, Hashable {
    package var group: String
    package var version: String
    /// The plural.
    package var resource: String
    package var subresource: String
    /// Empty for cluster-scoped resources, and for all namespaces.
    package var namespace: String
    /// Empty for all objects.
    package var name: String

    package init(
        group: String = "", version: String = "", resource: String, subresource: String = "", namespace: String = "",
        name: String = ""
    ) {
        self.group = group
        self.version = version
        self.resource = resource
        self.subresource = subresource
        self.namespace = namespace
        self.name = name
    }

    /// `pods/log`, as rules name it.
    package var qualified: String { subresource.isEmpty ? resource : "\(resource)/\(subresource)" }
}

extension AccessAttributes: CustomStringConvertible {
    /// `get resource "pods/log" in API group "" in the namespace "default"`, `get path "/metrics"`: as in messages.
    package var description: String {
        switch target {
        case .path(let path): "\(verb) path \"\(path)\""
        case .resource(let resource):
            "\(verb) resource \"\(resource.qualified)\" in API group \"\(resource.group)\" "
                + (resource.namespace.isEmpty
                    ? "at the cluster scope" : "in the namespace \"\(resource.namespace)\"")
        }
    }
}
