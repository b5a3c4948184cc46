/// The kernel's count of processes that it killed for want of memory.
enum OutOfMemory {
    /// 0 where the kernel does not say.
    static func kills() -> Int {
        guard let text = Directory.contents("/proc/vmstat") else { return 0 }
        let line = text.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: Array("oom_kill ".utf8)) }
        return line.flatMap { Int(String(decoding: $0.dropFirst("oom_kill ".utf8.count), as: UTF8.self)) } ?? 0
    }
}
