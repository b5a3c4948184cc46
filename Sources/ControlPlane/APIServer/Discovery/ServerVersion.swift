import JSONModel

/// What `/version` says: the Kubernetes release whose API this is.
package enum ServerVersion {
    /// The release whose API this is, as nodes show it too.
    package static let release = "v1.36.0+martlet"

    static let json: JSONValue = [
        "major": "1", "minor": "36", "gitVersion": .string(release), "gitCommit": "", "gitTreeState": "",
        "buildDate": "1970-01-01T00:00:00Z", "goVersion": "", "compiler": "swift", "platform": "linux/\(architecture)",
    ]

    private static var architecture: String {
        #if arch(arm64)
            "arm64"
        #else
            "amd64"
        #endif
    }
}
