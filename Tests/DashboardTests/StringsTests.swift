import Foundation
import Testing

@testable import Dashboard

@Suite("What the dashboard says")
struct StringsTests {
    @Test("every text is there in every language, with the same arguments", arguments: Strings.keys)
    func complete(_ key: String) {
        let texts = Language.allCases.map { Strings.entry(key, $0) ?? "" }
        #expect(!texts.contains(""), "\(key) is not there in every language")
        let arguments = texts.map { text in ["{0}", "{1}", "{2}"].filter { text.contains($0) } }
        #expect(Set(arguments).count <= 1, "\(key) has other arguments in another language")
    }

    @Test("every text that pages name is there")
    func named() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/Dashboard")
        let files = try #require(FileManager.default.subpaths(atPath: root.path)).filter { $0.hasSuffix(".swift") }
        let name = try Regex(#"(?:context|Strings)\.t(?:ext)?\("([a-zA-Z0-9.-]+)""#)
        var found = 0
        for file in files {
            let text = try String(contentsOf: root.appending(path: file), encoding: .utf8)
            for match in text.matches(of: name) {
                let key = String(match.output[1].substring ?? "")
                #expect(Strings.entry(key, .english) != nil, "\(file) names \(key), which strings.txt has not")
                found += 1
            }
        }
        #expect(found > 100)
    }

    @Test(
        "the browser's languages choose",
        arguments: [
            ("zh-CN,zh;q=0.9,en;q=0.8", Language.chinese), ("en-GB,en;q=0.9", .english), ("de,zh;q=0.3", .chinese),
            ("en;q=0.5, zh-TW", .chinese), ("fr", .english), ("", .english), ("zh;q=0", .english),
        ])
    func chosen(_ header: String, _ language: Language) {
        #expect(Language(acceptLanguage: header) == language)
    }

    @Test("arguments are put in")
    func arguments() {
        #expect(Strings.text("form.runtime", .english, ["a", "v2"]) == "a would serve it (v2)")
        #expect(Strings.text("no.such", .english) == "no.such")
    }
}
