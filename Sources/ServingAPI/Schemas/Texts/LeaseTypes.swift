import KubeModel

extension SchemaText {
    /// coordination.k8s.io/v1.
    static let lease = SchemaText(
        "coordination", package: "io.k8s.api.coordination.v1",
        """
        Lease: Something that one holder has for a time: who leads, which node is alive.
          spec LeaseSpec: Who holds it, and until when.
        LeaseSpec: Who holds a lease, and until when.
          holderIdentity string: Who holds it.
          leaseDurationSeconds int32: Seconds from renewTime after which others may take it.
          acquireTime time: When its holder got it.
          renewTime time: When its holder last renewed it.
          leaseTransitions int32: How often it changed hands.
          strategy string: How a coordinator picks the holder, as OldestEmulationVersion.
          preferredHolder string: Who is to get it next; needs strategy.
        """)
}
