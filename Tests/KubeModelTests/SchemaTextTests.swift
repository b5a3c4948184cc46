import JSONModel
import Testing

@testable import KubeModel

@Suite struct SchemaTextTests {
    private static let library = SchemaLibrary([
        SchemaText(
            "a", package: "example.a",
            #"""
            Web preserve: A server.
              + Base
              - secret
              ! host
              ports [Port] keys=number,protocol: Its ports.
              names [string] set: Its names.
              labels {string} atomic: Its labels: keys and values.
              limits {quantity} nullable
              size int32 min=1 max=9 =3: How large.
              kind string enum=A|B ="A": Which.
              parent Web: What it stands under.
              path string pattern=^/.*:x$ maxLength=255
              other b.Other
            Base: What all have.
              host string: Where.
              secret! string: What nobody sees.
              since time: When.
            Port: A port.
              number! int32: Its number.
              protocol string ="TCP": Its protocol.
            """#),
        SchemaText("b", package: "example.b", "Other atomic:\n  + a.Base host\n  more any: Anything.\n"),
    ])

    private let web = Self.library.schema("a.Web")

    @Test func `a text is understood whole`() { #expect(Self.library.problems == []) }

    @Test func `types and fields carry what was written`() {
        #expect(web.typeName == "example.a.Web" && web.description == "A server." && web.preservesUnknownFields)
        #expect(web.required == ["host"])
        #expect(web.properties["secret"] == nil)
        #expect(web.properties["since"]?.format == "date-time")
        let ports = web.properties["ports"]
        #expect(ports?.listMapKeys == ["number", "protocol"] && ports?.patchMergeKey == "number")
        #expect(ports?.items.first?.required == ["number"])
        #expect(ports?.items.first?.properties["protocol"]?.defaultValue == "TCP")
        #expect(web.properties["names"]?.listType == .set)
        #expect(web.properties["labels"]?.description == "Its labels: keys and values.")
        #expect(web.properties["limits"]?.additionalProperties.first?.isIntOrString == true)
        #expect(web.properties["size"]?.minimum == 1 && web.properties["size"]?.defaultValue == 3)
        #expect(web.properties["kind"]?.enumeration == ["A", "B"])
        #expect(web.properties["path"]?.pattern == "^/.*:x$")
    }

    @Test func `a type of another text is shared, one that contains itself is open`() {
        #expect(web.properties["other"]?.properties.keys.sorted() == ["host", "more"])
        #expect(web.properties["other"]?.isAtomic == true)
        #expect(web.properties["parent"]?.preservesUnknownFields == true)
    }

    @Test func `a type is found by its whole name, with its own words`() {
        #expect(Self.library.type(named: "example.a.Port")?.description == "A port.")
        #expect(web.properties["ports"]?.items.first?.description == "")
        #expect(Self.library.type(named: "example.a.None") == nil)
    }

    @Test func `a kind has what every object has`() {
        let kind = Self.library.resource("a.Web")
        #expect(kind.properties["metadata"] == .objectMeta)
        #expect(kind == web.asResource)
        #expect(kind.asResource == kind)
    }

    @Test(
        "What is not understood is told",
        arguments: ["x strin: No type.", "x", "x string odd", "x string min", "+ None", "- x", "! x", "x string =tru"])
    func problems(line: String) {
        let library = SchemaLibrary([SchemaText("t", package: "t", "T: A type.\n  \(line)\n")])
        #expect(library.problems == ["t.T:   \(line)"])
    }

    @Test func `documents refer to types by their names`() {
        let json = web.openAPI { part in part.typeName.isEmpty ? nil : ["$ref": .string(part.typeName)] }
        #expect(json[path: "properties", "other"] == ["$ref": "example.b.Other"])
        #expect(json[path: "properties", "ports", "items"] == ["$ref": "example.a.Port"])
        #expect(json[path: "properties", "host", "type"] == "string")
    }
}
