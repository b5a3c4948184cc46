import JSONModel
import KubeModel
import ServingAPI

/// Turns objects into a `Table` (meta.k8s.io/v1): the columns and cells that `kubectl get` prints.
struct TableBuilder: Sendable {
    /// How much of an object goes along with its row.
    enum Inclusion: String, Sendable { case none = "None", metadata = "Metadata", object = "Object" }

    let definition: ResourceDefinition
    var inclusion = Inclusion.metadata
    /// Seconds since 1970.
    var now: Int64

    /// - Parameters:
    ///   - metadata: the list's.
    ///   - hasColumns: false for all but the first table of a watch.
    func table(_ objects: [Object], metadata: JSONValue, hasColumns: Bool = true) throws -> JSONValue {
        [
            "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
            "columnDefinitions": hasColumns ? .array(columns.map(columnDefinition)) : [],
            "rows": .array(try objects.map(row)),
        ]
    }

    /// Kinds that compute their cells list their name themselves.
    private var columns: [ResourceDefinition.PrinterColumn] {
        guard definition.tableCells == nil else { return definition.printerColumns }
        let name = ResourceDefinition.PrinterColumn("Name", ".metadata.name")
        let age = ResourceDefinition.PrinterColumn("Age", ".metadata.creationTimestamp", type: "date")
        return [name] + (definition.printerColumns.isEmpty ? [age] : definition.printerColumns)
    }

    private func columnDefinition(_ column: ResourceDefinition.PrinterColumn) -> JSONValue {
        [
            "name": .string(column.name), "type": .string(column.type),
            "format": column.name == "Name" ? "name" : "", "description": .string(description(of: column)),
            "priority": .number(JSONNumber(column.priority)),
        ]
    }

    private func description(of column: ResourceDefinition.PrinterColumn) -> String {
        column.name == "Name"
            ? "Name must be unique within a namespace."
            : column.jsonPath.isEmpty
                ? column.name : "Custom resource definition column (in JSONPath format): \(column.jsonPath)"
    }

    private func row(_ object: Object) throws -> JSONValue {
        let cells = try definition.tableCells?(object, now) ?? columns.map { try cell($0, object) }
        var row: JSONValue = ["cells": .array(cells)]
        switch inclusion {
        case .none: break
        case .metadata: row["object"] = object.partialMetadata
        case .object: row["object"] = object.json
        }
        return row
    }

    private func cell(_ column: ResourceDefinition.PrinterColumn, _ object: Object) throws -> JSONValue {
        let found = try JSONPath(parsing: column.jsonPath).values(in: object.json)
        guard let first = found.first else { return column.type == "date" ? "<unknown>" : .null }
        switch column.type {
        case "date": return .string(Age.text(since: first.stringValue, now: now))
        case "string": return .string(found.count > 1 ? found.map(text).joined(separator: ",") : text(first))
        default: return first
        }
    }

    private func text(_ value: JSONValue) -> String { value.stringValue ?? value.text }
}

extension Object {
    /// `PartialObjectMetadata`: the object without spec and status.
    var partialMetadata: JSONValue {
        ["kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": json["metadata"] ?? [:]]
    }
}
