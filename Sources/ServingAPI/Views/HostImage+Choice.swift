extension HostImage {
    /// The host image that stands for a container image: the one with the longest pattern that fits, and of equals
    /// the first by name; `nil` if none does.
    package static func standing(for image: String, among all: [HostImage]) -> HostImage? {
        all.compactMap { candidate in candidate.match(image).map { (candidate, $0) } }
            .min { ($1.1, $0.0.name) < ($0.1, $1.0.name) }?.0
    }
}
