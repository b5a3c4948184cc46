extension ProtobufTable {
    /// discovery.k8s.io/v1
    static let discovery = """
        Endpoint: addresses[] conditions:EndpointConditions hostname! targetRef:ObjectReference! deprecatedTopology{}
            nodeName! zone! hints:EndpointHints!
        EndpointConditions: ready:bool! serving:bool! terminating:bool!
        EndpointHints: forZones[]ForZone forNodes[]ForNode
        EndpointPort: name! protocol! port:int! appProtocol!
        EndpointSlice: metadata:ObjectMeta endpoints[]Endpoint ports[]EndpointPort addressType!
        ForNode: name!
        ForZone: name!
        """
}
