import JSONModel
import KubeModel
import Testing

@testable import APIServer

@Suite struct DefinitionValidationTests {
    static func causes(_ change: (inout Object) -> Void) -> [Status.Cause] {
        var object = CronTabs.definition {
            $0.spec["names"] = [
                "plural": "crontabs", "singular": "crontab", "kind": "CronTab", "listKind": "CronTabList",
            ]
            $0.spec["conversion"] = ["strategy": "None"]
        }
        change(&object)
        return DefinitionValidation.causes(object, nil)
    }

    @Test("A good definition has no faults")
    func good() { #expect(Self.causes { _ in }.isEmpty) }

    @Test("Names, scope and versions are checked, each fault at its field")
    func fields() {
        func fields(_ change: (inout Object) -> Void) -> [String] { Self.causes(change).map(\.field) }
        #expect(fields { $0.name = "other" } == ["metadata.name"])
        #expect(fields { $0.spec["scope"] = "Everywhere" } == ["spec.scope"])
        #expect(fields { $0.spec[path: "names", "shortNames"] = ["A_b"] } == ["spec.names.shortNames[0]"])
        #expect(fields { $0.spec[path: "names", "listKind"] = "CronTab" } == ["spec.names.listKind"])
        #expect(fields { $0.spec["preserveUnknownFields"] = true } == ["spec.preserveUnknownFields"])
        #expect(
            fields {
                $0.spec["group"] = "example"
                $0.name = "crontabs.example"
            } == ["spec.group"])
        #expect(
            fields {
                $0.spec["group"] = "x.k8s.io"
                $0.name = "crontabs.x.k8s.io"
            } == ["metadata.annotations[api-approved.kubernetes.io]"])
        let version = CronTabs.version
        #expect(fields { $0.spec["versions"] = [version, version] } == ["spec.versions", "spec.versions"])
        #expect(fields { $0.spec["versions"] = [] } == ["spec.versions"])
        #expect(fields { $0.spec["conversion"] = ["strategy": "Webhook"] } == [])
        var second = version
        second["name"] = "v2"
        second["storage"] = false
        #expect(
            fields {
                $0.spec["conversion"] = ["strategy": "Webhook"]
                $0.spec["versions"] = [version, second]
            } == ["spec.conversion.strategy"])
    }

    static func version(_ change: (inout JSONValue) -> Void) -> [String] {
        var version = CronTabs.version
        change(&version)
        return VersionValidation.causes(version, at: FieldPath("v")).map(\.field)
    }

    @Test("So is each version")
    func versions() {
        #expect(Self.version { $0["name"] = "V1" } == ["v.name"])
        #expect(
            Self.version {
                $0["schema"] = nil
                $0["selectableFields"] = nil
            } == ["v.schema.openAPIV3Schema"])
        #expect(
            Self.version { $0["additionalPrinterColumns"] = [["name": "a", "type": "text", "jsonPath": "x"]] }
                == ["v.additionalPrinterColumns[0].type", "v.additionalPrinterColumns[0].jsonPath"])
        #expect(
            Self.version { $0[path: "subresources", "scale", "specReplicasPath"] = ".status.x" }
                == ["v.subresources.scale.specReplicasPath"])
        #expect(
            Self.version { $0["selectableFields"] = [["jsonPath": ".spec.free"]] } == ["v.selectableFields[0].jsonPath"]
        )
        #expect(Self.version { $0["deprecationWarning"] = "x" } == ["v.deprecationWarning"])
    }

    @Test(
        "A schema must be structural",
        arguments: [
            (#"{}"#, "type", "must not be empty at the root"),
            (#"{"type":"string"}"#, "type", "must be object at the root"),
            (
                #"{"type":"object","properties":{"a":{}}}"#, "properties[a].type",
                "must not be empty for specified object"
            ),
            (#"{"type":"object","properties":{"a":{"type":"array"}}}"#, "properties[a].items", "must be specified"),
            (#"{"type":"object","$ref":"x"}"#, "$ref", "is not supported"),
            (
                #"{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":{"type":"string"}}"#,
                "additionalProperties", "mutual exclusive"
            ),
            (
                #"{"type":"object","properties":{"a":{"type":"string","x-kubernetes-int-or-string":true}}}"#,
                "properties[a].type", "must be empty if x-kubernetes-int-or-string is true"
            ),
            (
                #"{"type":"object","anyOf":[{"properties":{"b":{"minimum":1}}}]}"#, "properties[b]",
                "because it is defined in anyOf[0].properties[b]"
            ),
            (
                #"{"type":"object","properties":{"a":{"type":"string"}},"oneOf":[{"properties":{"a":{"type":"string"}}}]}"#,
                "oneOf[0].properties[a].type", "must be empty to be structural"
            ),
            (
                #"{"type":"object","properties":{"a":{"type":"array","items":{"type":"object","properties":{"k":{"type":"string"}}},"x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k"]}}}"#,
                "properties[a].items.properties[k].default", "it must have a default or be a required property"
            ),
            (
                #"{"type":"object","properties":{"a":{"type":"array","items":{"type":"object"},"x-kubernetes-list-type":"set"}}}"#,
                "properties[a].items.x-kubernetes-map-type", "must be atomic"
            ),
            (
                #"{"type":"object","properties":{"a":{"type":"integer","default":"x"}}}"#, "properties[a].default",
                "expected an integer"
            ),
            (
                #"{"type":"object","properties":{"a":{"type":"string","pattern":"("}}}"#, "properties[a].pattern",
                "must be a valid regular expression"
            ),
            (
                #"{"type":"object","properties":{"metadata":{"type":"object","properties":{"labels":{"type":"object"}}}}}"#,
                "properties[metadata]", "must not specify anything other than name and generateName"
            ),
            (
                #"{"type":"object","properties":{"a":{"type":"object","x-kubernetes-embedded-resource":true}}}"#,
                "properties[a].properties", "must not be empty if x-kubernetes-embedded-resource is true"
            ),
        ])
    func structural(schema: String, field: String, message: String) throws {
        let causes = StructuralSchema.causes(try JSONValue(parsing: Array(schema.utf8)), at: FieldPath())
        let found = causes.first { $0.field == field }
        #expect(found?.message.contains(message) == true, "\(causes)")
        #expect(causes.count == 1, "\(causes)")
    }

    @Test(
        "Rules that could not be evaluated are refused with the definition",
        arguments: [
            ("self.a >", "Syntax error"), ("self.a.frobnicate()", "undeclared reference to 'frobnicate'"),
            ("this.a > 1", "undeclared reference to 'this'"), ("", "rule is not specified"),
        ])
    func rules(rule: String, message: String) {
        let schema: JSONValue = [
            "type": "object", "x-kubernetes-validations": [["rule": .string(rule)]],
            "properties": ["a": ["type": "integer"]],
        ]
        let causes = StructuralSchema.causes(schema, at: FieldPath())
        #expect(causes.count == 1)
        #expect(causes.first?.field == "x-kubernetes-validations[0].rule")
        #expect(causes.first?.message.contains(message) == true, "\(causes)")
    }

    @Test("What was before is not known of the elements of a list that has no keys")
    func uncorrelatable() {
        let items: JSONValue = ["type": "string", "x-kubernetes-validations": [["rule": "self == oldSelf"]]]
        let schema: JSONValue = ["type": "object", "properties": ["a": ["type": "array", "items": items]]]
        let causes = StructuralSchema.causes(schema, at: FieldPath())
        #expect(causes.map(\.field) == ["properties[a].items.x-kubernetes-validations[0].rule"])
    }
}
