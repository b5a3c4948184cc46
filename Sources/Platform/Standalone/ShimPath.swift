import Glibc

/// Where `martlet-shim` is: beside this program.
enum ShimPath {
    /// - Throws: `StartFailure` where it is not there.
    static func find() throws(StartFailure) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let program = String(decoding: buffer[..<max(0, count)].map(UInt8.init(bitPattern:)), as: UTF8.self)
        let path =
            program.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            + "/martlet-shim"
        guard access(path, X_OK) == 0 else {
            throw StartFailure(
                "\(path) is missing: it belongs beside martlet. Build it: swift build --product martlet-shim")
        }
        return path
    }
}

/// This process's environment variables.
enum ProcessEnvironment {
    static var current: [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        // SAFETY: environ ends with a null pointer, and nothing changes it while Martlet starts.
        while let text = entry.pointee {
            let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            entry += 1
        }
        return variables
    }
}
