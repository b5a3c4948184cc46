import JSONModel

/// What `/version` says: the Kubernetes release whose API this is.
enum ServerVersion {
    static let json: JSONValue = [
        "major": "1", "minor": "31", "gitVersion": "v1.31.0+martlet", "gitCommit": "", "gitTreeState": "",
        "buildDate": "1970-01-01T00:00:00Z", "goVersion": "", "compiler": "swift", "platform": "linux/\(architecture)",
    ]

    private static var architecture: JSONValue {
        #if arch(arm64)
            "arm64"
        #else
            "amd64"
        #endif
    }
}
