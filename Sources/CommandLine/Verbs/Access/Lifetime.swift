/// `30m`, `12h`, `30d`.
enum Lifetime {
    static func seconds(_ text: String) -> Int? {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()), count > 0,
            count < 100_000_000
        else { return nil }
        return count * unit
    }
}
