import JSONModel
import Testing

@Suite("JSONPath")
struct JSONPathTests {
    static let object: JSONValue = [
        "metadata": ["name": "web", "labels": ["app.io/name": "x", "a": "1"]],
        "items": [
            ["name": "one", "size": 1, "ok": true], ["name": "two", "size": 2, "tags": ["p", "q"]],
            ["name": "three", "size": 3],
        ],
        "status": ["conditions": [["type": "Ready", "status": "True"], ["type": "Other", "status": "False"]]],
    ]

    @Test(arguments: [
        (".metadata.name", #"["web"]"#), ("{.metadata.name}", #"["web"]"#), ("metadata.name", #"["web"]"#),
        ("$.metadata.name", #"["web"]"#), (".metadata['name']", #"["web"]"#), (".metadata.missing.deeper", "[]"),
        (#".metadata.labels.app\.io/name"#, #"["x"]"#), (".metadata.labels['app.io/name','a']", #"["x","1"]"#),
        (".items[0].name", #"["one"]"#), (".items[-1].name", #"["three"]"#), (".items[0,2].size", "[1,3]"),
        (".items[7].name", "[]"), (".items[*].name", #"["one","two","three"]"#),
        (".items[1:].name", #"["two","three"]"#),
        (".items[:2].size", "[1,2]"), (".items[::2].size", "[1,3]"), (".items[-2:].size", "[2,3]"),
        (".metadata.labels.*", #"["1","x"]"#), ("..tags[*]", #"["p","q"]"#),
        ("..name", #"["one","two","three","web"]"#),
        (".status.conditions[?(@.type=='Ready')].status", #"["True"]"#),
        (#".status.conditions[?(@.type == "Ready")].status"#, #"["True"]"#),
        (".status.conditions[?(@.type!='Ready')].status", #"["False"]"#), (".items[?(@.size>1)].size", "[2,3]"),
        (".items[?(@.size<=2)].size", "[1,2]"), (".items[?(@.tags)].name", #"["two"]"#),
        (".items[?(@.ok==true)].name", #"["one"]"#), (".items[?(@.size==1.0)].size", "[1]"),
        (".items[?(@.name>='three')].size", "[2,3]"),
    ])
    func leadsTo(path: String, values: String) throws {
        #expect(JSONValue.array(try JSONPath(parsing: path).values(in: Self.object)).text == values)
    }

    @Test func theRootIsThere() throws {
        for path in ["", ".", "$", "{}", "{.}"] {
            #expect(try JSONPath(parsing: path).values(in: Self.object) == [Self.object], "\(path)")
        }
    }

    @Test(arguments: [
        ".a[", ".a[]", ".a[x]", ".a..", ".a[?(@.b]", ".a[?(@.b==)]", ".a b", ".a['x]", ".a[1:2:0]", ".a)",
    ])
    func malformedPathsAreRefused(path: String) {
        #expect(throws: JSONPathError.self) { try JSONPath(parsing: path) }
    }

    @Test(arguments: [
        ("{.metadata.name}", "web"), ("name: {.metadata.name}!", "name: web!"), ("{.items[*].size}", "1 2 3"),
        ("{.missing}", ""), (#"{range .items[*]}{.name}{"\t"}{.size}{"\n"}{end}"#, "one\t1\ntwo\t2\nthree\t3\n"),
        ("{range .items[?(@.tags)]}{.name}:{range .tags[*]}[{@}]{end}{end};", "two:[p][q];"),
        ("{.items[1].tags}", #"["p","q"]"#), ("{.metadata.name}{'-'}{.items[0].ok}", "web-true"),
        (#"{.metadata.name}{"\n"}"#, "web\n"), ("plain", "plain"), ("", ""), ("{$.metadata.name}", "web"),
    ])
    func templatesAreRendered(template: String, text: String) throws {
        #expect(try JSONPathTemplate(parsing: template).rendered(Self.object) == text)
    }

    @Test(arguments: ["{", "{.a", "{end}", "{range .a[*]}x", "{.a}}{", "{)}", "{\"a}"])
    func malformedTemplatesAreRefused(template: String) {
        #expect(throws: JSONPathError.self) { try JSONPathTemplate(parsing: template) }
    }

    @Test func anErrorSaysWhere() {
        let error = #expect(throws: JSONPathError.self) { try JSONPath(parsing: ".a[x]") }
        #expect(error?.description == "expected an index, a name in quotes, * or ?() at character 4")
    }
}
