package import KubeModel

/// Where the requests for one name go: revisions, each with its share.
package struct Route: Sendable, Hashable {
    package struct Target: Sendable, Hashable {
        /// An index into the table's revisions, or `Route.nowhere`.
        package var revision: Int
        package var weight: Int
        /// What is done to its requests and responses; `nil`: nothing.
        package var filters: SharedFilters?

        package init(revision: Int, weight: Int, filters: SharedFilters? = nil) {
            self.revision = revision
            self.weight = weight
            self.filters = filters
        }
    }

    /// In the place of a revision: the share of a backend that cannot be sent to. Its requests get 500.
    package static let nowhere = -1

    /// For messages: `InferenceService default/smollm2`.
    package var name: String
    /// Those with a weight above zero. Empty while nothing is ready.
    package let targets: [Target]
    /// Why there is no target.
    package var reason: String
    /// Fields for the server, as whole lines.
    package var fields: [UInt8] = []
    /// Where requests with a Knative-Serving-Tag go; empty where that field has no effect.
    package var tags: [Tag] = []
    /// Where shares of the requests go as well.
    package var shadows: [Shadow] = []
    /// What is done whatever the target: a redirect.
    package var filters: SharedFilters?
    /// From the time that a request is sent to the last byte of its response; `nil`: what the revision says.
    package var timeout: Duration?
    /// Who stays with which replica, and what is tried again; `nil`: nothing is said.
    package var behaviour: RouteBehaviour?
    /// The InferenceService that it is a route of; `nil` for others, which may lead to some all the same.
    package var service: ObjectKey?
    /// Who comes without TLS is sent to where there is.
    package var redirectsToTLS = false
    private let total: Int

    package struct Tag: Sendable, Hashable {
        var name: [UInt8]
        var revision: Int

        init(_ name: String, revision: Int) {
            self.name = Array(name.utf8)
            self.revision = revision
        }
    }

    package struct Shadow: Sendable, Hashable {
        /// An index into the table's revisions.
        package var revision: Int
        /// So many requests of `count` are copied.
        package var share: Int
        package var count: Int

        init(revision: Int, share: Int, of count: Int = 100) {
            self.revision = revision
            self.share = share
            self.count = count
        }
    }

    package init(name: String, targets: [Target], reason: String = "it is not ready yet") {
        self.name = name
        self.targets = targets.filter { $0.weight > 0 }
        self.reason = reason
        total = self.targets.reduce(0) { $0 + $1.weight }
    }

    /// - Returns: The index of the tag's revision; `nil`: there is no such tag here, and the request goes where all go.
    package func revision(tagged name: [UInt8]) -> Int? { tags.first { $0.name == name }?.revision }

    /// - Parameter turn: A number that is different for each request. Numbers in a row give each target its share
    ///   evenly, without drawing lots.
    /// - Returns: `nil` where there is none.
    package func target(turn: UInt32) -> Target? {
        guard targets.count > 1 else { return targets.first }
        // Weyl's sequence: multiples of the golden ratio spread evenly over the circle.
        var point = Int((UInt64(turn &* 0x9E37_79B9) &* UInt64(total)) >> 32)
        for target in targets {
            point -= target.weight
            if point < 0 { return target }
        }
        return targets.last
    }

    /// - Returns: The index of a revision, or `nil` where there is none.
    package func revision(turn: UInt32) -> Int? { target(turn: turn)?.revision }
}
