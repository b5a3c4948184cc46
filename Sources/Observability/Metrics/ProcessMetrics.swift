import Glibc

/// What the kernel says of this process, under the names of Prometheus' client libraries.
package enum ProcessMetrics {
    package static func collect() -> [MetricFamily] {
        var families: [MetricFamily] = []
        if let bytes = residentBytes() {
            families.append(
                MetricFamily(
                    "process_resident_memory_bytes", .gauge, help: "Resident memory size in bytes.",
                    samples: [.init(Double(bytes))]))
        }
        var usage = rusage()
        if getrusage(RUSAGE_SELF.rawValue, &usage) == 0 {
            let seconds = Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            let rest = Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
            families.append(
                MetricFamily(
                    "process_cpu_seconds_total", .counter, help: "Total user and system CPU time spent in seconds.",
                    samples: [.init(seconds + rest)]))
        }
        return families
    }

    /// The second number of `/proc/self/statm`, in pages.
    private static func residentBytes() -> Int? {
        guard let file = fopen("/proc/self/statm", "re") else { return nil }
        defer { fclose(file) }
        var buffer = [CChar](repeating: 0, count: 128)
        guard fgets(&buffer, Int32(buffer.count), file) != nil else { return nil }
        let end = buffer.firstIndex(of: 0) ?? buffer.endIndex
        let text = String(decoding: buffer[..<end].map(UInt8.init(bitPattern:)), as: UTF8.self)
        let fields = text.split(separator: " ")
        return fields.count > 1 ? Int(fields[1]).map { $0 * sysconf(Int32(_SC_PAGESIZE)) } : nil
    }
}
