import Glibc

/// What installers get of this process's environment: where programs and the home are, and how to reach package
/// indexes. Nothing else of it: no tokens, no paths of libraries.
struct ChildEnvironment: Sendable, Hashable {
    private static let names: Set<String> = [
        "PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TMPDIR", "NETRC", "XDG_CACHE_HOME", "XDG_CONFIG_HOME",
        "XDG_DATA_HOME", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR",
        "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE",
    ]
    private static let prefixes = ["PIP_", "UV_", "PYENV_"]

    let variables: [String: String]

    init(_ own: [String: String]) {
        var variables = own.filter { name, _ in
            Self.names.contains(name.uppercased()) || Self.prefixes.contains { name.hasPrefix($0) }
        }
        variables["PATH"] = variables["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        variables["PYTHONUNBUFFERED"] = "1"
        variables["PYTHONNOUSERSITE"] = "1"
        // uv does not read pip's variables.
        for (pip, uv) in [("PIP_FIND_LINKS", "UV_FIND_LINKS"), ("PIP_INDEX_URL", "UV_DEFAULT_INDEX")]
        where variables[uv] == nil {
            variables[uv] = variables[pip]?.split(whereSeparator: \.isWhitespace).joined(separator: ",")
        }
        self.variables = variables
    }

    /// The program that `name` means on the PATH.
    func find(_ name: String) -> String? {
        (variables["PATH"] ?? "").split(separator: ":").lazy.map { "\($0)/\(name)" }.first { path in
            var status = stat()
            return access(path, X_OK) == 0 && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        }
    }
}
