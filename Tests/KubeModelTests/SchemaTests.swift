import JSONModel
import Testing

@testable import KubeModel

@Suite("Pruning")
struct PruningTests {
    func prune(_ value: JSONValue) -> (value: JSONValue, dropped: [String]) {
        var value = value
        let dropped = TestSchema.workload.prune(&value)
        return (value, dropped)
    }

    @Test func unknownFieldsAreDroppedAndNamed() {
        let result = prune([
            "apiVersion": "v", "kind": "k", "extra": 1,
            "spec": ["containers": [["name": "a", "imgae": "x"], ["name": "b"]], "sice": 2],
        ])
        #expect(
            result.value == [
                "apiVersion": "v", "kind": "k", "spec": ["containers": [["name": "a"], ["name": "b"]]],
            ])
        #expect(result.dropped == ["extra", "spec.containers[0].imgae", "spec.sice"])
    }

    @Test func metadataIsKnownThoughTheSchemaLeavesItOut() {
        let result = prune(["metadata": ["name": "a", "labels": ["x": "y"], "nmae": "b"]])
        #expect(result.value == ["metadata": ["name": "a", "labels": ["x": "y"]]])
        #expect(result.dropped == ["metadata.nmae"])
    }

    @Test func freeFormObjectsMapsAndEmbeddedResourcesKeepTheirs() {
        let value: JSONValue = [
            "spec": [
                "free": ["any": ["thing": [1, ["x": 2]]]],
                "selector": ["matchLabels": ["a.b/c": "d"]],
                "template": ["apiVersion": "v1", "kind": "T", "metadata": ["name": "x"], "spec": ["size": 1]],
            ]
        ]
        #expect(prune(value).value == value)
        #expect(prune(value).dropped == [])
    }

    @Test func embeddedResourcesArePrunedToo() {
        let result = prune(["spec": ["template": ["kind": "T", "other": 1, "spec": ["sice": 1]]]])
        #expect(result.value == ["spec": ["template": ["kind": "T", "spec": [:]]]])
        #expect(result.dropped == ["spec.template.other", "spec.template.spec.sice"])
    }

    @Test func mapKeysAreWrittenInBrackets() {
        let schema = Schema.object(["map": .map(of: .object(["a": .string]))])
        var value: JSONValue = ["map": ["x.y": ["a": "1", "b": "2"]]]
        #expect(schema.prune(&value) == ["map[x.y].b"])
    }

    @Test func wrongTypesAreLeftForValidation() {
        #expect(prune(["spec": ["containers": "none", "replicas": ["a": 1]]]).dropped == [])
    }
}

@Suite("Defaulting")
struct DefaultingTests {
    func defaulted(_ value: JSONValue) -> JSONValue {
        var value = value
        TestSchema.workload.applyDefaults(&value)
        return value
    }

    @Test func missingFieldsOfExistingObjectsAreFilledIn() {
        #expect(
            defaulted(["spec": ["containers": [["name": "a", "ports": [["containerPort": 1]]]]]]) == [
                "spec": [
                    "replicas": 1, "strategy": ["type": "RollingUpdate"],
                    "containers": [["name": "a", "ports": [["containerPort": 1, "protocol": "TCP"]]]],
                ]
            ])
        #expect(defaulted([:]) == [:])
    }

    @Test func whatIsGivenStays() {
        let value: JSONValue = ["spec": ["replicas": 0, "strategy": ["type": "Recreate"]]]
        #expect(defaulted(value) == value)
    }

    @Test func nullIsDefaultedOrDroppedUnlessItMayBeNull() {
        let spec: JSONValue = ["replicas": .null, "note": .null, "paused": .null, "strategy": [:]]
        #expect(
            defaulted(["spec": spec])["spec"]
                == ["replicas": 1, "note": .null, "strategy": ["type": "RollingUpdate"]])
    }

    @Test func anEmptyTextIsNoWordInBuiltInKinds() {
        let schema = Schema.object(["policy": .string(oneOf: ["A", "B"]), "free": .string])
        var value: JSONValue = ["policy": "", "free": ""]
        schema.applyDefaults(&value)
        #expect(value == ["policy": "", "free": ""])
        schema.applyDefaults(&value, isBuiltIn: true)
        #expect(value == ["free": ""])
    }
}

@Suite("Validation")
struct ValidationTests {
    func causes(_ spec: JSONValue) -> [Status.Cause] {
        TestSchema.workload.validate(TestSchema.workload(spec).json)
    }

    func texts(_ spec: JSONValue) -> [String] { causes(spec).map { "\($0.reason) \($0.field): \($0.message)" } }

    @Test func whatFitsHasNoCauses() {
        let spec: JSONValue = [
            "replicas": 1.0, "note": .null, "weight": 0.5, "free": ["x": [1]],
            "strategy": ["type": "Recreate", "maxSurge": "25%"], "names": ["a", "b"],
            "containers": [
                [
                    "name": "a", "args": ["-v"], "resources": ["limits": ["cpu": "500m", "memory": 1.5, "x": 1]],
                    "ports": [["containerPort": 1], ["containerPort": 1, "protocol": "UDP"]],
                ]
            ],
        ]
        #expect(texts(spec) == [])
    }

    @Test func everyErrorIsReportedAtOnceWithItsField() {
        let spec: JSONValue = [
            "replicas": "two", "paused": 1, "weight": "x", "names": ["a", 1, "a"],
            "strategy": ["type": "Rolling", "maxSurge": true],
            "containers": [
                ["image": "x", "args": "-v"],
                ["name": "b", "ports": [["containerPort": 70000], ["protocol": "TCP"], "80"]],
                ["name": "b", "resources": ["limits": ["cpu": "much", "m": 1], "requests": ["a.b/c": 1.5]]],
            ],
        ]
        #expect(
            texts(spec) == [
                #"FieldValueRequired spec.containers[0].name: Required value: expected a string"#,
                #"FieldValueTypeInvalid spec.containers[0].args: Invalid value: "-v": expected a list, found string"#,
                #"FieldValueInvalid spec.containers[1].ports[0].containerPort: Invalid value: 70000: "#
                    + "must be at most 65535",
                #"FieldValueRequired spec.containers[1].ports[1].containerPort: "#
                    + "Required value: expected an integer",
                #"FieldValueTypeInvalid spec.containers[1].ports[2]: "#
                    + #"Invalid value: "80": expected an object, found string"#,
                #"FieldValueInvalid spec.containers[2].resources.limits[cpu]: Invalid value: "much": "#
                    + "must be a quantity such as 500m, 2, 1.5Gi (\(Quantity.rule))",
                #"FieldValueTypeInvalid spec.containers[2].resources.requests[a.b/c]: "#
                    + "Invalid value: 1.5: expected an integer or a string, found number",
                #"FieldValueDuplicate spec.containers[2]: Duplicate value: {"name":"b"}"#,
                #"FieldValueTypeInvalid spec.names[1]: Invalid value: 1: expected a string, found integer"#,
                #"FieldValueDuplicate spec.names[2]: Duplicate value: "a""#,
                #"FieldValueTypeInvalid spec.paused: Invalid value: 1: expected true or false, found integer"#,
                #"FieldValueTypeInvalid spec.replicas: Invalid value: "two": expected an integer, found string"#,
                #"FieldValueTypeInvalid spec.strategy.maxSurge: "#
                    + "Invalid value: true: expected an integer or a string, found boolean",
                #"FieldValueNotSupported spec.strategy.type: Unsupported value: "Rolling": "#
                    + #"supported values: "Recreate", "RollingUpdate""#,
                #"FieldValueTypeInvalid spec.weight: Invalid value: "x": expected a number, found string"#,
            ])
    }

    @Test func requiredFieldsAndTooFewElements() {
        #expect(texts([:]) == ["FieldValueRequired spec.containers: Required value: expected a list"])
        #expect(
            texts(["containers": []])
                == ["FieldValueInvalid spec.containers: Invalid value: 0 items: must have at least 1"])
        #expect(
            texts(["containers": .null]) == [
                "FieldValueTypeInvalid spec.containers: Invalid value: null: expected a list, found null"
            ])
    }

    @Test func metadataIsCheckedToo() {
        let causes = TestSchema.workload.validate(["metadata": ["labels": ["a": 1], "name": 2]])
        #expect(causes.map(\.field) == ["metadata.labels[a]", "metadata.name"])
    }

    @Test(
        arguments: [
            (Schema.string.with { $0.pattern = "^[a-z]+$" }, "abc", true),
            (Schema.string.with { $0.pattern = "^[a-z]+$" }, "abc1", false),
            (Schema.string.with { $0.pattern = "^[a-z]+$" }, "abc\n", false),
            (Schema.string.with { $0.pattern = "b" }, "abc", true),
            (Schema.string.with { $0.pattern = #"^\d+(\.\d+)?(Ki|Mi)$"# }, "1.5Ki", true),
            (Schema.string.with { $0.pattern = "^.$" }, "e\u{301}", false),
            (Schema.string.with { $0.pattern = "(" }, "(", false),
            (Schema.string.with { $0.minLength = 2 }, "é", false), (Schema.string.with { $0.maxLength = 1 }, "é", true),
            (Schema.string.with { $0.maxLength = 1 }, "ab", false),
            (Schema.string.with { $0.format = "date-time" }, "2026-01-31T12:00:00Z", true),
            (Schema.string.with { $0.format = "date-time" }, "2026-01-31T12:00:00.123+01:00", true),
            (Schema.string.with { $0.format = "date-time" }, "yesterday", false),
            (Schema.string.with { $0.format = "byte" }, "aGk=", true),
            (Schema.string.with { $0.format = "byte" }, "aGk", false),
            (Schema.string.with { $0.format = "byte" }, "a-k=", false),
            (Schema.string.with { $0.format = "byte" }, "a===", false),
            (Schema.string.with { $0.format = "other" }, "anything", true),
            (Schema.integer.with { $0.format = "int32" }, 2_147_483_648, false),
            (Schema.integer.with { $0.format = "int32" }, -2_147_483_648, true), (Schema.integer, 1.5, false),
            (Schema.integer.with { $0.minimum = 0 }, -1, false), (Schema.integer.with { $0.minimum = 0 }, 0, true),
            (Schema.list(of: .string).with { $0.maxItems = 1 }, ["a", "b"], false),
            (Schema(nil), [1, "x", .null], true),
            (Schema.any, .null, true), (Schema.intOrString, "x", true), (Schema.intOrString, 1, true),
        ] as [(Schema, JSONValue, Bool)])
    func constraints(schema: Schema, value: JSONValue, isValid: Bool) {
        #expect(schema.validate(value, at: FieldPath("x")).isEmpty == isValid)
    }
}

@Suite("OpenAPI")
struct OpenAPITests {
    @Test func saysAllThatTheSchemaSays() {
        let schema = Schema.object(
            [
                "list": .list(of: .object(["k": .string]), keys: ["k"]), "port": .intOrString,
                "free": .anyObject.described("Anything."), "map": .map(of: .integer),
                "mode": .string(oneOf: ["A", "B"]).defaulting(to: "A"),
                "text": .string.with {
                    $0.pattern = "^x"
                    $0.isNullable = true
                    $0.maxLength = 3
                },
                "ref": Schema.object(["name": .string]).with { $0.isAtomic = true },
            ], required: ["mode"])
        #expect(
            schema.openAPI == [
                "type": "object", "required": ["mode"],
                "properties": [
                    "list": [
                        "type": "array", "items": ["type": "object", "properties": ["k": ["type": "string"]]],
                        "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["k"],
                        "x-kubernetes-patch-merge-key": "k", "x-kubernetes-patch-strategy": "merge",
                    ],
                    "port": ["x-kubernetes-int-or-string": true, "anyOf": [["type": "integer"], ["type": "string"]]],
                    "free": [
                        "type": "object", "description": "Anything.", "x-kubernetes-preserve-unknown-fields": true,
                    ],
                    "map": ["type": "object", "additionalProperties": ["type": "integer"]],
                    "mode": ["type": "string", "enum": ["A", "B"], "default": "A"],
                    "text": ["type": "string", "pattern": "^x", "nullable": true, "maxLength": 3],
                    "ref": [
                        "type": "object", "properties": ["name": ["type": "string"]],
                        "x-kubernetes-map-type": "atomic",
                    ],
                ],
            ])
    }

    @Test func aResourceHasMetadata() {
        let properties = TestSchema.workload.asResource.openAPI["properties"]
        #expect(properties?["metadata"]?["properties"]?["finalizers"]?["x-kubernetes-list-type"] == "set")
        #expect(properties?["apiVersion"]?["type"] == "string")
    }
}
