package import KubeModel

/// What the machine that runs the pods knows of models.
package protocol ModelMachine: Sendable {
    /// Bytes of memory that a pod's processes have now; `nil` where nothing of it runs here.
    func memory(ofPod pod: ObjectKey) async -> Int?

    /// Bytes of the files of the model at a storageUri; `nil` while they are not here. Answers at once.
    func bytes(ofModel uri: String) -> Int?
}
