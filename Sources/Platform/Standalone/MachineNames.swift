import Glibc

/// What browsers may call this machine, beside its addresses and localhost.
enum MachineNames {
    static func all(_ configuration: StandaloneConfiguration) -> Set<String> {
        var names: Set<String> = [configuration.domain.lowercased(), configuration.listenAddress.lowercased()]
        var buffer = [CChar](repeating: 0, count: 256)
        if gethostname(&buffer, buffer.count - 1) == 0 {
            let end = buffer.firstIndex(of: 0) ?? buffer.endIndex
            let name = String(decoding: buffer[..<end].map(UInt8.init(bitPattern:)), as: UTF8.self).lowercased()
            if !name.isEmpty { names.insert(name) }
        }
        return names
    }
}
