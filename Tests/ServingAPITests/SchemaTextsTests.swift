import KubeModel
import Testing

@testable import ServingAPI

@Suite struct SchemaTextsTests {
    @Test func `every line of every text is understood`() {
        #expect(SchemaLibrary.served.problems == [])
    }
}
