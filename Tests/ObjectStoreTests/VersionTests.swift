import JSONModel
import KubeModel
import Testing

@testable import ObjectStore

struct VersionTests {
    @Test func aVersionIsTheSameAsTextAndAsObject() throws {
        let object = widget("a", size: 3)
        let written = ObjectVersion(object)
        #expect(written.text == object.json.text)
        let read = ObjectVersion(text: written.text, key: object.key, path: "store")
        #expect(try read.object() == object)
        #expect(read.text == written.text)
        #expect(read.key == written.key)
    }

    @Test func whatIsNoJSONIsDamaged() {
        let version = ObjectVersion(text: "{", key: ObjectKey(name: "a"), path: "/store")
        let error = #expect(throws: StoreError.self) { try version.object() }
        #expect(error?.code == .corrupt)
        #expect(error?.message.contains("/store") == true)
    }
}
