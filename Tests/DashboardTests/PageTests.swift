import JSONModel
import KubeModel
import Synchronization
import Testing

@testable import Dashboard

@Suite("Pages")
struct PageTests {
    let test = TestSite()

    @Test("each page is there, small, in both languages", arguments: Page.Section.allCases, Language.allCases)
    func pages(_ section: Page.Section, _ language: Language) async {
        let cookie = await test.logIn()
        let answer = await test.get(section.path, cookie: cookie, headers: ["accept-language": language.rawValue])
        // The audit log is for administrators.
        #expect(answer.code == (section == .audit ? 403 : 200))
        #expect(answer.text.contains("lang=\"\(language.rawValue)\""))
        #expect(answer.text.contains(Strings.text("nav.\(section.rawValue)", language)))
        #expect(answer.text.utf8.count + Asset.text("style.css").utf8.count + Asset.text("app.js").utf8.count < 100_000)
        #expect(
            !answer.text.contains(" style=") && !answer.text.contains("<script>") && !answer.text.contains(" onclick"))
    }

    @Test("what the API refuses is told as it tells it")
    func refused() async {
        let cookie = await test.logIn()
        let answer = await test.get("/models/default/none", cookie: cookie)
        #expect(answer.code == 404)
        #expect(answer.text.contains("is not there"))
        #expect(await test.get("/no/such/page", cookie: cookie).code == 404)
    }

    @Test("a model's texts are escaped wherever they stand")
    func escaped() async {
        let service: JSONValue = [
            "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
            "metadata": [
                "name": "m", "namespace": "default", "annotations": ["openshift.io/display-name": "<img src=x>"],
            ],
            "status": ["url": "http://x/\"><script>"],
        ]
        test.door.answers.withLock {
            $0["/apis/serving.kserve.io/v1beta1/inferenceservices"] = ["items": [service]]
            $0["/apis/serving.kserve.io/v1beta1/namespaces/default/inferenceservices/m"] = service
        }
        let cookie = await test.logIn()
        for target in ["/", "/models", "/models/default/m", "/models/default/m?tab=yaml", "/playground"] {
            let text = await test.get(target, cookie: cookie).text
            #expect(!text.contains("<img src=x>") && !text.contains("\"><script>"), "\(target)")
        }
    }

    @Test("files may be kept for ever where their address has the version")
    func assets() async {
        let pinned = await test.get("/assets/style.css?v=\(Asset.version)")
        #expect(pinned.header("Cache-Control")?.contains("immutable") == true)
        #expect(await test.get("/assets/style.css").header("Cache-Control") == "no-cache")
        #expect(await test.get("/assets/passwd").code == 404)
    }

    @Test("an event carries its HTML line by line")
    func event() {
        #expect(LiveEvents.event("a", "<p>\n</p>") == "event: region\nid: a\ndata: <p>\ndata: </p>\n\n")
    }
}

@Suite("Forms")
struct FormTests {
    @Test("fields are decoded")
    func decoded() {
        let form = Form(encoded: "a=1+2&b=%E4%B8%AD&c=&a=3&d=%zz&e")
        #expect(form["a"] == "1 2")
        #expect(form.all("a") == ["1 2", "3"])
        #expect(form["b"] == "中")
        #expect(form["c"] == nil && form["e"] == nil && !form.isOn("x"))
        #expect(form["d"] == "%zz")
    }

    @Test("a form becomes a service")
    func built() throws {
        let form = Form(
            encoded: "sent=1&mode=form&namespace=a&name=m&format=gguf&uri=hf%3A%2F%2Fo%2Fm&min=0&max=2&size=small"
                + "&route=on&auth=on&tokens=x%2C+y&args=--a%0A--b&env=K%3DV%3DW")
        let draft = Draft(form, nil)
        let object = try draft.object()
        #expect(object.key == ObjectKey(namespace: "a", name: "m"))
        #expect(object.annotations["security.opendatahub.io/enable-auth"] == "true")
        #expect(object.labels["networking.knative.dev/visibility"] == nil)
        let model = object.spec[path: "predictor", "model"]
        #expect(model?[path: "resources", "limits", "memory"] == "8Gi")
        #expect(model?["args"] == ["--a", "--b"])
        #expect(model?["env"] == [["name": "K", "value": "V=W"]])
        #expect(model?["storageUri"] == "hf://o/m")
        #expect(draft.tokenNames == ["x", "y"])
    }

    @Test("editing keeps what the form does not know")
    func edited() throws {
        let stored = Object([
            "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
            "metadata": ["name": "m", "namespace": "a", "labels": ["team": "x"], "resourceVersion": "7"],
            "spec": [
                "predictor": [
                    "timeout": 9, "model": ["modelFormat": ["name": "gguf"], "storageUri": "hf://o/m", "ports": []],
                ],
                "transformer": ["containers": []],
            ], "status": ["url": "x"],
        ])
        let object = try Draft(Form(encoded: "sent=1&mode=form&format=gguf&uri=hf%3A%2F%2Fo%2Fn&min=1"), stored)
            .object()
        #expect(object.labels["team"] == "x")
        #expect(object.spec[path: "predictor", "timeout"] == 9)
        #expect(object.spec["transformer"] != nil)
        #expect(object.spec[path: "predictor", "model", "storageUri"] == "hf://o/n")
        #expect(object["status"] == nil)
    }

    @Test(
        "what is no service is refused", arguments: ["a: [", "kind: Pod\nmetadata: {name: x}", "", "a: 1\n---\nb: 2"])
    func refused(_ yaml: String) {
        let draft = Draft(Form([("mode", "yaml"), ("yaml", yaml)]), nil)
        #expect(throws: Status.self) { try draft.object() }
    }

    @Test("a diff shows what changed, and three lines around")
    func diff() {
        let old = (1...20).map { "line \($0)\n" }.joined()
        let lines = ObjectText.diff(old, old.replacing("line 10\n", with: "line X\n"))
        #expect(lines.filter { $0.mark == "-" }.map(\.line) == ["line 10"])
        #expect(lines.filter { $0.mark == "+" }.map(\.line) == ["line X"])
        #expect(lines.count == 8)
        #expect(ObjectText.diff(old, old).isEmpty)
    }
}

@Suite("Charts")
struct ChartTests {
    @Test("axes end at round numbers", arguments: [(0.0, 1.0), (0.3, 0.5), (1, 1), (7, 10), (11, 20), (4_321, 5_000)])
    func ceiling(_ value: Double, _ expected: Double) {
        #expect(abs(Scale.ceiling(value) - expected) < expected * 1e-9)
    }

    @Test(
        "numbers are short",
        arguments: [
            (0.0, "0"), (0.256, "0.26"), (9.99, "9.99"), (12.34, "12.3"), (999.6, "1000"), (12_345, "12.3k"),
            (2_500_000, "2.5M"), (.infinity, "–"),
        ])
    func digits(_ value: Double, _ text: String) { #expect(Scale.digits(value) == text) }

    @Test("units are chosen by size")
    func units() {
        #expect(Scale.bytes(1_610_612_736) == "1.5 GiB")
        #expect(Scale.text(1_500, .milliseconds) == "1.5 s")
        #expect(Scale.text(12, .milliseconds) == "12 ms")
    }

    @Test("a line is interrupted where nothing is known, and an empty chart says so")
    func line() {
        let points: [(time: Int64, value: Double?)] = [(0, 1), (10, nil), (20, 2), (30, 3)]
        let chart = LineChart(title: "t", unit: .count, lines: [.init(name: "n", points: points)], emptyText: "none")
        let path = chart.html.text.split(separator: "class=\"line").last.map(String.init) ?? ""
        #expect(path.filter { $0 == "M" }.count == 2)
        let empty = LineChart(title: "t", unit: .count, lines: [.init(name: "n", points: [])], emptyText: "none")
        #expect(empty.html.text.contains("none") && !empty.html.text.contains("<svg"))
    }
}
