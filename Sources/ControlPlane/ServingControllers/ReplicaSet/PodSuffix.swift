import KubeController

/// The five letters at the end of a pod's name: no vowels, so that no words come out; none that look like others.
enum PodSuffix {
    private static let letters = Array("bcdfghjklmnpqrstvwxz2456789")

    static func draw(_ random: Randomness) -> String {
        String((0..<5).map { _ in letters[min(letters.count - 1, Int(random() * Double(letters.count)))] })
    }
}
