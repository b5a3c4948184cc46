/// Which part of a pod's log to read.
package struct PodLogOptions: Sendable, Hashable {
    /// `nil`: the pod's only container.
    package var container: String?
    /// The stream goes on as lines are written, until the container ends.
    package var follows: Bool
    /// The log of the container's run before this one.
    package var isPrevious: Bool
    /// Each line begins with the time it was written, RFC 3339 with nanoseconds.
    package var hasTimestamps: Bool
    /// The last so many lines; `nil` for all.
    package var tailLines: Int?
    package var sinceSeconds: Int?
    /// Lines written since then only: nanoseconds since 1970. Not together with `sinceSeconds`.
    package var sinceTime: Int64?
    package var limitBytes: Int?
    /// One of the two streams of the container; `nil` for both. Not together with `tailLines`.
    package var stream: Stream?

    package enum Stream: String, Sendable { case stdout = "Stdout", stderr = "Stderr" }

    package init(
        container: String? = nil, follows: Bool = false, isPrevious: Bool = false, hasTimestamps: Bool = false,
        tailLines: Int? = nil, sinceSeconds: Int? = nil, sinceTime: Int64? = nil, limitBytes: Int? = nil,
        stream: Stream? = nil
    ) {
        self.container = container
        self.follows = follows
        self.isPrevious = isPrevious
        self.hasTimestamps = hasTimestamps
        self.tailLines = tailLines
        self.sinceSeconds = sinceSeconds
        self.sinceTime = sinceTime
        self.limitBytes = limitBytes
        self.stream = stream
    }
}
