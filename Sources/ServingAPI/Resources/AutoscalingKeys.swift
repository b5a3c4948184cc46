/// The annotations that `autoscaling.knative.dev` gives to revisions.
package enum AutoscalingKeys {
    package static let prefix = "autoscaling.knative.dev/"
    package static let scalingClass = prefix + "class"
    package static let metric = prefix + "metric"
    package static let target = prefix + "target"
    package static let minScale = prefix + "min-scale"
    package static let maxScale = prefix + "max-scale"
    package static let initialScale = prefix + "initial-scale"
    /// Both of its spellings.
    package static let initialScales: Set = [initialScale, prefix + "initialScale"]
    package static let activationScale = prefix + "activation-scale"
    package static let window = prefix + "window"

    /// Class: Knative's own, by concurrency or requests per second.
    package static let kpa = "kpa.autoscaling.knative.dev"
    /// Class: by a HorizontalPodAutoscaler.
    package static let hpa = "hpa.autoscaling.knative.dev"
    /// Class: Martlet's, for language models.
    package static let llm = "llm.martlet.dev"
    package static let classes = [kpa, hpa, llm]

    /// The keys of a setting: `min-scale` is `autoscaling.knative.dev/min-scale` or `.../minScale`; the first one counts.
    static func spellings(of name: String) -> [String] {
        let camelCase = camelCase(name)
        return camelCase == name ? [prefix + name] : [prefix + name, prefix + camelCase]
    }

    /// The settings among `annotations`: by their names without the prefix, all in kebab-case.
    package static func settings(_ annotations: [String: String]) -> [String: String] {
        var settings: [String: String] = [:]
        for (key, value) in annotations where key.hasPrefix(prefix) {
            let name = kebabCase(key.dropFirst(prefix.count))
            if annotations[prefix + name] == nil || key == prefix + name { settings[name] = value }
        }
        return settings
    }

    private static func camelCase(_ name: String) -> String {
        let words = name.split(separator: "-")
        return words.dropFirst().reduce(String(words.first ?? "")) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
    }

    private static func kebabCase(_ name: Substring) -> String {
        name.reduce(into: "") { text, letter in
            if letter.isUppercase { text += "-" + letter.lowercased() } else { text.append(letter) }
        }
    }
}

/// The annotations of the class for language models, beside `autoscaling.knative.dev/target`.
package enum LanguageModelKeys {
    /// How long the first token may take: a duration.
    package static let targetFirstToken = "martlet.dev/target-ttft"
    /// Requests that one replica should run at once; learned from the engine where it is not said.
    package static let targetRunning = "martlet.dev/target-running"
    /// Percent of the KV cache that may be in use.
    package static let targetCache = "martlet.dev/target-kv-cache"
}
