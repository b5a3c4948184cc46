extension ProtobufTable {
    /// scheduling.k8s.io/v1
    static let scheduling = """
        PriorityClass: metadata:ObjectMeta value:int! globalDefault:bool description preemptionPolicy!
        """
}
