package import KubeModel

package struct WatchOptions: Sendable, Hashable {
    /// Changes after this one; `nil` or "0": first every object there is, as `added`, then changes.
    package var resourceVersion: String?
    package var labelSelector: LabelSelector
    package var fieldSelector: String?
    package var allowsBookmarks: Bool
    /// The server ends the stream after so long.
    package var timeout: Duration?
    /// True: first every object there is, whatever the resourceVersion, then a bookmark that says so. False: none of
    /// them. `nil`: as the resourceVersion says.
    package var sendsInitialEvents: Bool?
    /// `NotOlderThan` with `sendsInitialEvents`, else `nil`.
    package var resourceVersionMatch: String?

    package init(
        resourceVersion: String? = nil, labelSelector: LabelSelector = .everything, fieldSelector: String? = nil,
        allowsBookmarks: Bool = false, timeout: Duration? = nil, sendsInitialEvents: Bool? = nil,
        resourceVersionMatch: String? = nil
    ) {
        self.resourceVersion = resourceVersion
        self.labelSelector = labelSelector
        self.fieldSelector = fieldSelector
        self.allowsBookmarks = allowsBookmarks
        self.timeout = timeout
        self.sendsInitialEvents = sendsInitialEvents
        self.resourceVersionMatch = resourceVersionMatch
    }
}

package enum WatchEvent: Sendable, Hashable {
    case added(Object)
    case modified(Object)
    /// The object as it last was.
    case deleted(Object)
    /// Nothing changed up to this resourceVersion.
    case bookmark(resourceVersion: String)
}

/// The events of one watch, in the order of their resource versions.
package typealias WatchStream = AsyncThrowingStream<WatchEvent, any Error>
