import Testing

@testable import Dashboard

@Suite("HTML")
struct HTMLTests {
    @Test("what is put in is escaped", arguments: ["<script>", "\" onload=\"x", "' x='", "a & b"])
    func escapes(_ text: String) {
        let html: HTML = "<p title=\"\(text)\">\(text)</p>"
        let inside = html.text.dropFirst("<p title=\"".count).dropLast("</p>".count)
        #expect(!inside.dropFirst(0).contains("<script>"))
        #expect(html.text.filter { $0 == "\"" }.count == 2)
        #expect(!html.text.contains("' "))
    }

    @Test("HTML that is put in stays as it is")
    func nests() {
        let part: HTML = "<b>\("<")</b>"
        #expect(("<p>\([part, part])</p>" as HTML).text == "<p><b>&lt;</b><b>&lt;</b></p>")
        #expect(("\(if: false, "<i></i>")\(if: true, "<u></u>")" as HTML).text == "<u></u>")
    }
}
