import Glibc
import Platform

/// Starts this program again with `up`, in a session of its own, and waits until it listens.
enum BackgroundInstance {
    /// glibc's POSIX_SPAWN_SETSID, which Swift does not see.
    private static let newSession: Int16 = 0x80

    static func start(_ configuration: StandaloneConfiguration) async throws -> InstanceEndpoints {
        let directory = configuration.directory
        try directory.create()
        if let holder = InstanceLock.holder(directory) {
            throw StartFailure(
                "Martlet already runs on \(directory.path) (process \(holder)). Stop it with `martlet down`.")
        }
        let process = try spawn(arguments(configuration), output: directory.log)
        while true {
            if let endpoints = directory.runningInstance(), endpoints.processID == process { return endpoints }
            var status: Int32 = 0
            if waitpid(process, &status, WNOHANG) == process {
                throw StartFailure(
                    "Martlet ended while starting: \(directory.lastLogLine ?? "no output") (see \(directory.log))")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private static func arguments(_ configuration: StandaloneConfiguration) -> [String] {
        var arguments = [
            "martlet", "up", "--data-dir", configuration.directory.path, "--cache-dir",
            configuration.directory.cache, "--listen", configuration.listenAddress,
            "--api-port", "\(configuration.apiPort)", "--gateway-port", "\(configuration.gatewayPort)",
            "--admin-port", "\(configuration.adminPort)", "--domain", configuration.domain,
        ]
        if let port = configuration.gatewayTLSPort { arguments += ["--gateway-tls-port", "\(port)"] }
        if configuration.gatewayProxyProtocol { arguments.append("--gateway-proxy-protocol") }
        if let authorities = configuration.gatewayClientCA { arguments += ["--gateway-client-ca", authorities] }
        if configuration.gatewayAsksForCertificates { arguments.append("--gateway-asks-for-certificates") }
        if let port = configuration.externalAuthorizationPort { arguments += ["--ext-authz-port", "\(port)"] }
        if let log = configuration.callLog { arguments += ["--call-log", log] }
        if let limit = configuration.memoryLimit { arguments += ["--memory-limit", "\(limit)"] }
        if let limit = configuration.modelCacheLimit { arguments += ["--model-cache-limit", "\(limit)"] }
        if configuration.requiresModelDigest { arguments.append("--require-model-digest") }
        if let policy = configuration.auditPolicy { arguments += ["--audit-policy", policy] }
        if let log = configuration.auditLog { arguments += ["--audit-log", log] }
        return arguments + configuration.observing.arguments
    }

    private static func spawn(_ arguments: [String], output: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, newSession)
        var process: pid_t = 0
        let list = arguments.map { strdup($0) } + [nil]
        defer { for argument in list { free(argument) } }
        let result = posix_spawn(&process, "/proc/self/exe", &actions, &attributes, list, environ)
        guard result == 0 else { throw StartFailure("martlet cannot be started: \(String(cString: strerror(result)))") }
        return process
    }
}
