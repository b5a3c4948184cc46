/// The name of a wheel, taken apart: `xllamacpp-2026.10.1-cp310-abi3-manylinux_2_28_x86_64.whl`.
struct WheelName: Sendable, Hashable {
    var package: String
    var version: String
    /// `any`, `linux_x86_64`, `manylinux_2_28_x86_64` ...
    var platforms: [String]

    /// `nil` where the file is no wheel.
    init?(_ fileName: String) {
        guard fileName.hasSuffix(".whl") else { return nil }
        let parts = fileName.dropLast(4).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 5 || parts.count == 6 else { return nil }
        package = String(parts[0])
        version = String(parts[1])
        platforms = parts[parts.count - 1].split(separator: ".").map(String.init)
    }
}
