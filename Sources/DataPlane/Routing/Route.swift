/// Where the requests for one name go: revisions, each with its share.
package struct Route: Sendable, Hashable {
    package struct Target: Sendable, Hashable {
        /// An index into the table's revisions.
        package var revision: Int
        package var weight: Int

        package init(revision: Int, weight: Int) {
            self.revision = revision
            self.weight = weight
        }
    }

    /// For messages: `InferenceService default/smollm2`.
    package var name: String
    /// Those with a weight above zero. Empty while nothing is ready.
    package let targets: [Target]
    /// Why there is no target.
    package var reason: String
    private let total: Int

    package init(name: String, targets: [Target], reason: String = "it is not ready yet") {
        self.name = name
        self.targets = targets.filter { $0.weight > 0 }
        self.reason = reason
        total = self.targets.reduce(0) { $0 + $1.weight }
    }

    /// - Parameter turn: A number that is different for each request. Numbers in a row give each revision its share
    ///   evenly, without drawing lots.
    /// - Returns: The index of a revision, or `nil` where there is none.
    package func revision(turn: UInt32) -> Int? {
        guard targets.count > 1 else { return targets.first?.revision }
        // Weyl's sequence: multiples of the golden ratio spread evenly over the circle.
        var point = Int((UInt64(turn &* 0x9E37_79B9) &* UInt64(total)) >> 32)
        for target in targets {
            point -= target.weight
            if point < 0 { return target.revision }
        }
        return targets.last?.revision
    }
}
