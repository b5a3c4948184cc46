import JSONModel
import KubeModel
import Testing

@testable import CommandLine

@Suite("Manifests are checked before anything is sent")
struct ManifestTests {
    private func check(_ yaml: String) throws -> [(resource: Resource, document: ManifestDocument)] {
        try ManifestCheck.check(try ManifestReader.documents(yaml, from: "test.yaml"), namespace: "team")
    }

    @Test("a good one gets its resource and its namespace")
    func good() throws {
        let checked = try check("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}")
        #expect(checked.map(\.resource.plural) == ["configmaps"])
        #expect(checked.map(\.document.object.namespace) == ["team"])
    }

    @Test("objects of the cluster get no namespace")
    func clusterScoped() throws {
        let checked = try check("apiVersion: v1\nkind: Namespace\nmetadata: {name: a}")
        #expect(checked.map(\.document.object.namespace) == [nil])
    }

    @Test("every problem of every document is in one error")
    func problems() throws {
        let error = try #require(throws: CommandFailure.self) {
            try check(
                """
                kind: ConfigMap
                ---
                apiVersion: v1
                kind: Inferenceservice
                metadata: {name: x}
                ---
                apiVersion: serving.kserve.io/v1alpha1
                kind: InferenceService
                metadata: {name: x}
                ---
                - a list
                """)
        }
        #expect(error.code == 2)
        for text in [
            "document 1: apiVersion: required", "document 1: metadata.name: required",
            "document 2: kind: Inferenceservice",
            "document 3: apiVersion: serving.kserve.io/v1alpha1 has no kind InferenceService; use serving.kserve.io/v1beta1",
            "document 4: expected an object", "nothing was changed",
        ] {
            #expect(error.message.contains(text), "\(text) is not in:\n\(error.message)")
        }
    }

    @Test("a List is its items, empty documents are nothing")
    func list() throws {
        let text = """
            ---
            apiVersion: v1
            kind: List
            items:
            - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
            - {apiVersion: v1, kind: Secret, metadata: {name: b}}
            """
        #expect(try check(text).map(\.document.object.name) == ["a", "b"])
    }

    @Test("what is no YAML says where")
    func notYAML() throws {
        let error = try #require(throws: CommandFailure.self) { try check("a: [1, 2") }
        #expect(error.message.contains("test.yaml: line"))
    }
}

@Suite("Resources are named as people name them")
struct ResourceArgumentTests {
    @Test(
        "by plural, singular, kind, short name and group",
        arguments: [
            ("isvc", "inferenceservices"), ("inferenceservice", "inferenceservices"), ("Pods", "pods"), ("po", "pods"),
            ("ksvc", "services"), ("services.serving.knative.dev", "services"), ("svc", "services"),
            ("revisions", "revisions"), ("hostimages.martlet.dev", "hostimages"),
        ])
    func names(word: String, plural: String) throws {
        let definition = try ResourceArgument.find(word)
        #expect(definition.resource.plural == plural)
        #expect((word == "svc") == (definition.resource.group.isEmpty && plural == "services"))
    }

    @Test("KIND, KIND NAME, KIND NAME NAME, KIND/NAME")
    func forms() throws {
        #expect(try ResourceArgument.parse(["pods"]).map(\.name) == [nil])
        #expect(try ResourceArgument.parse(["pods", "a", "b"]).map(\.name) == ["a", "b"])
        #expect(try ResourceArgument.parse(["pod/a", "isvc/b"]).map(\.name) == ["a", "b"])
    }

    @Test("anything else says what there is", arguments: [["nothing"], ["pod/"], []])
    func unknown(words: [String]) {
        #expect(throws: CommandFailure.self) { try ResourceArgument.parse(words) }
    }
}
