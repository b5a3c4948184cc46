import KubeModel
import ServingAPI

extension RoutingCompiler {
    /// Marks the revisions of services that want the bodies of their requests recorded.
    mutating func addRecording(_ inferenceServices: [Object]) {
        let recorded = Set(inferenceServices.filter { $0.annotations[ServingKeys.recordBodies] == "true" }.map(\.key))
        guard !recorded.isEmpty else { return }
        for index in table.revisions.indices {
            guard let service = table.revisions[index].inferenceService, recorded.contains(service) else { continue }
            table.revisions[index].recordsBodies = true
        }
    }
}
