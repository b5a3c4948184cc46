package import KubeModel

extension KubeRequest {
    package static func get(_ resource: Resource, _ key: ObjectKey) -> KubeRequest {
        KubeRequest(.get, path: path(resource, key))
    }

    package static func list(_ resource: Resource, namespace: String?, _ options: ListOptions) -> KubeRequest {
        var query = Query()
        query.add("labelSelector", options.labelSelector.text)
        query.add("fieldSelector", options.fieldSelector)
        query.add("limit", options.limit > 0 ? options.limit : nil)
        query.add("continue", options.continueToken)
        query.add("resourceVersion", options.resourceVersion)
        query.add("resourceVersionMatch", options.resourceVersionMatch)
        return KubeRequest(.get, path: path(resource, namespace: namespace), query)
    }

    package static func watch(_ resource: Resource, namespace: String?, _ options: WatchOptions) -> KubeRequest {
        var query = Query()
        query.add("watch", true)
        query.add("labelSelector", options.labelSelector.text)
        query.add("fieldSelector", options.fieldSelector)
        query.add("resourceVersion", options.resourceVersion)
        query.add("allowWatchBookmarks", options.allowsBookmarks)
        query.add("timeoutSeconds", options.timeout.map { Int($0.components.seconds) })
        query.add("sendInitialEvents", options.sendsInitialEvents.map(String.init))
        query.add("resourceVersionMatch", options.resourceVersionMatch)
        return KubeRequest(.get, path: path(resource, namespace: namespace), query)
    }

    /// The same request, answered by a `Table` of meta.k8s.io/v1: the columns and cells that `kubectl get` prints.
    package var asTable: KubeRequest {
        var request = self
        request.accept = MediaType.table
        return request
    }

    /// The log of one container of the pod `key`.
    package static func logs(_ key: ObjectKey, _ options: PodLogOptions) -> KubeRequest {
        var query = Query()
        query.add("container", options.container)
        query.add("follow", options.follows)
        query.add("previous", options.isPrevious)
        query.add("timestamps", options.hasTimestamps)
        query.add("tailLines", options.tailLines)
        query.add("sinceSeconds", options.sinceSeconds)
        query.add("limitBytes", options.limitBytes)
        let pods = Resource(group: "", version: "v1", kind: "Pod", plural: "pods")
        var request = KubeRequest(.get, path: path(pods, key, subresource: "log"), query)
        // Errors come as JSON, the log as text.
        request.accept = "*/*"
        return request
    }

    /// The names go into the path escaped: no name can reach another object than the one it names.
    static func path(_ resource: Resource, _ key: ObjectKey, subresource: String? = nil) -> String {
        resource.path(
            namespace: key.namespace?.percentEncoded, name: key.name.percentEncoded, subresource: subresource)
    }

    static func path(_ resource: Resource, namespace: String?) -> String {
        resource.path(namespace: namespace?.percentEncoded)
    }
}
