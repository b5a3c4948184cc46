/// Times as people read them.
enum Elapsed {
    /// `0.4 s`, `12 s`, `3 m 05 s`.
    static func text(_ duration: Duration) -> String {
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
        if seconds < 10 { return "\((seconds * 10).rounded() / 10) s" }
        let whole = Int(seconds)
        return whole < 60 ? "\(whole) s" : "\(whole / 60) m \(whole % 60 < 10 ? "0" : "")\(whole % 60) s"
    }
}
