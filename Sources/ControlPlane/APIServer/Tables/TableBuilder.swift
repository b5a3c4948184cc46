import JSONModel
import KubeModel
import ServingAPI

/// Turns objects into a `Table` (meta.k8s.io/v1): the columns and cells that `kubectl get` prints.
struct TableBuilder: Sendable {
    /// How much of an object goes along with its row.
    enum Inclusion: String, Sendable { case none = "None", metadata = "Metadata", object = "Object" }

    let definition: ResourceDefinition
    let inclusion: Inclusion
    /// Seconds since 1970: asked for each table, since a watch lasts.
    let now: @Sendable () -> Int64
    private let columns: [Column]

    private struct Column: Sendable {
        var shown: ResourceDefinition.PrinterColumn
        /// `nil` where the definition computes the cell.
        var path: JSONPath?
    }

    /// - Parameter isUsed: false for one that only stands there, which saves reading the columns' paths.
    init(
        _ definition: ResourceDefinition, inclusion: Inclusion = .metadata, isUsed: Bool = true,
        now: @escaping @Sendable () -> Int64
    ) {
        self.definition = definition
        self.inclusion = inclusion
        self.now = now
        let shown = isUsed ? definition.allColumns : []
        columns = shown.map { Column(shown: $0, path: try? JSONPath(parsing: $0.jsonPath)) }
    }

    /// - Parameters:
    ///   - metadata: the list's.
    ///   - hasColumns: false for all but the first table of a watch.
    func table(_ objects: [Object], metadata: JSONValue, hasColumns: Bool = true) -> JSONValue {
        let now = now()
        return [
            "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
            "columnDefinitions": hasColumns ? .array(columns.map { columnDefinition($0.shown) }) : [],
            "rows": .array(objects.map { row($0, now) }),
        ]
    }

    private func columnDefinition(_ column: ResourceDefinition.PrinterColumn) -> JSONValue {
        [
            "name": .string(column.name), "type": .string(column.type),
            "format": .string(column.name == "Name" ? "name" : column.format),
            "description": .string(description(of: column)),
            "priority": .number(JSONNumber(column.priority)),
        ]
    }

    private func description(of column: ResourceDefinition.PrinterColumn) -> String {
        if !column.description.isEmpty { return column.description }
        return column.name == "Name"
            ? "Name must be unique within a namespace."
            : column.jsonPath.isEmpty
                ? column.name : "Custom resource definition column (in JSONPath format): \(column.jsonPath)"
    }

    private func row(_ object: Object, _ now: Int64) -> JSONValue {
        let cells = definition.tableCells?(object, now) ?? columns.map { cell($0, object, now) }
        var row: JSONValue = ["cells": .array(cells)]
        switch inclusion {
        case .none: break
        case .metadata: row["object"] = object.partialMetadata
        case .object: row["object"] = object.json
        }
        return row
    }

    private func cell(_ column: Column, _ object: Object, _ now: Int64) -> JSONValue {
        let found = column.path?.values(in: object.json) ?? []
        guard let first = found.first else { return column.shown.type == "date" ? "<unknown>" : .null }
        switch column.shown.type {
        case "date": return .string(Age.text(since: first.stringValue, now: now))
        case "string": return .string(found.count > 1 ? found.map(text).joined(separator: ",") : text(first))
        default: return first
        }
    }

    private func text(_ value: JSONValue) -> String { value.stringValue ?? value.text }
}

extension ResourceDefinition {
    /// Kinds that compute their cells list their name themselves; kinds without columns show their age, at least.
    fileprivate var allColumns: [PrinterColumn] {
        guard tableCells == nil else { return printerColumns }
        let name = PrinterColumn("Name", ".metadata.name")
        let age = PrinterColumn("Age", ".metadata.creationTimestamp", type: "date")
        return [name] + (printerColumns.isEmpty ? [age] : printerColumns)
    }
}

extension Object {
    /// `PartialObjectMetadata`: the object without spec and status.
    var partialMetadata: JSONValue {
        ["kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": json["metadata"] ?? [:]]
    }
}
