extension ProtobufTable {
    /// coordination.k8s.io/v1
    static let coordination = """
        Lease: metadata:ObjectMeta spec:LeaseSpec
        LeaseSpec: holderIdentity! leaseDurationSeconds:int! acquireTime:MicroTime! renewTime:MicroTime!
            leaseTransitions:int! strategy! preferredHolder!
        """
}
