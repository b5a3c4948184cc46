import DashboardAssets

/// A language of the dashboard.
enum Language: String, CaseIterable, Sendable {
    case english = "en"
    case chinese = "zh-Hans"

    /// As a person who speaks it calls it.
    var name: String { self == .english ? "English" : "简体中文" }

    /// The one that a browser asks for first, of those that there are (RFC 9110, 12.5.4); English where it asks for none.
    init(acceptLanguage: String) {
        var best = (language: Language.english, quality: 0.0)
        for range in acceptLanguage.split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.filter { !$0.isWhitespace }.lowercased() }
            guard let tag = parts.first, let language = Language(tag: tag) else { continue }
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            if quality > best.quality { best = (language, quality) }
        }
        self = best.language
    }

    private init?(tag: String) {
        switch tag.split(separator: "-").first {
        case "en": self = .english
        case "zh": self = .chinese
        default: return nil
        }
    }
}

/// What the dashboard says, in each language: `strings.txt`, read once.
///
/// A line is `key = English | 中文`; `{0}`, `{1}` stand for arguments.
enum Strings {
    private static let table = read(Asset.text("strings.txt"))

    static var keys: [String] { Array(table.keys) }

    /// - Returns: the key where it is not in the table, so that the mistake is seen.
    static func text(_ key: String, _ language: Language, _ arguments: [String] = []) -> String {
        guard let entry = table[key], var text = entry[language] else { return key }
        for (index, argument) in arguments.enumerated() {
            text = text.split(separator: "{\(index)}", omittingEmptySubsequences: false).joined(separator: argument)
        }
        return text
    }

    /// In `language` only: for the test that nothing is missing.
    static func entry(_ key: String, _ language: Language) -> String? { table[key]?[language] }

    static func read(_ file: String) -> [String: [Language: String]] {
        var table: [String: [Language: String]] = [:]
        for line in file.split(separator: "\n") where !line.hasPrefix("#") {
            let sides = line.split(separator: " = ", maxSplits: 1)
            guard sides.count == 2 else { continue }
            let texts = sides[1].split(separator: " | ", maxSplits: 1).map(String.init)
            var entry: [Language: String] = [:]
            for (language, text) in zip(Language.allCases, texts) { entry[language] = text }
            table[String(sides[0])] = entry
        }
        return table
    }
}

/// What the browser gets as it is: in the binary, by `#embed`.
enum Asset {
    struct File: Sendable {
        var bytes: [UInt8]
        var contentType: String
    }

    private static let files: [String: File] = {
        var files: [String: File] = [:]
        for index in 0..<dashboard_assets_count() {
            let asset = dashboard_asset(index)
            // SAFETY: the bytes are a constant of the program, `length` of them.
            let bytes = Array(UnsafeBufferPointer(start: asset.bytes, count: asset.length))
            files[String(cString: asset.name)] = File(bytes: bytes, contentType: String(cString: asset.type))
        }
        return files
    }()

    static func named(_ name: String) -> File? { files[name] }

    static func text(_ name: String) -> String { String(decoding: files[name]?.bytes ?? [], as: UTF8.self) }

    /// Changes with what the files say: part of their URLs, so that browsers may keep them for ever.
    static let version: String = {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for name in files.keys.sorted() {
            for byte in files[name]?.bytes ?? [] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        return String(hash, radix: 36)
    }()
}
