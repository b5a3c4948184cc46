import Glibc

/// What wheels must be built for to fit this machine. Only the platform counts: what is taken from a wheel here are
/// files, whatever the Python.
struct Platform: Sendable, Hashable {
    /// As in the names of wheels: `x86_64`, `aarch64`.
    var architecture: String
    /// Of the C library: 2.`glibcMinor`.
    var glibcMinor: Int

    /// This machine.
    static let current: Platform = {
        var name = utsname()
        uname(&name)
        let machine = withUnsafeBytes(of: &name.machine) { bytes in
            // SAFETY: uname ends its texts with a zero within their bytes.
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return Platform(architecture: machine, glibcMinor: currentGlibcMinor)
    }()

    /// The C library calls itself `glibc 2.36`.
    private static var currentGlibcMinor: Int {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = bytes.withUnsafeMutableBytes { buffer in
            // SAFETY: confstr writes no more bytes than it is told the buffer has.
            confstr(Int32(_CS_GNU_LIBC_VERSION), buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count)
        }
        let text = String(decoding: bytes.prefix(min(count, bytes.count)).prefix { $0 != 0 }, as: UTF8.self)
        return text.split(separator: ".").last.flatMap { Int($0) } ?? 0
    }

    /// How well a wheel fits: higher is better, `nil` is not at all. Pure wheels fit best, since they are the same
    /// everywhere.
    func fitness(_ wheel: WheelName) -> Int? {
        wheel.platforms.compactMap(fitness).max()
    }

    private func fitness(_ tag: String) -> Int? {
        if tag == "any" { return 1000 }
        guard tag.hasSuffix("_" + architecture) else { return nil }
        let system = tag.dropLast(architecture.count + 1)
        switch system {
        case "linux": return 1
        case "manylinux1": return 5
        case "manylinux2010": return 12
        case "manylinux2014": return 17
        default: break
        }
        let parts = system.split(separator: "_")
        guard parts.count == 3, parts[0] == "manylinux", parts[1] == "2", let minor = Int(parts[2]),
            minor <= glibcMinor
        else { return nil }
        return minor
    }
}
