import KubeModel

extension SchemaText {
    /// serving.knative.dev/v1beta1 and networking.internal.knative.dev/v1alpha1.
    static let domains = SchemaText(
        "domains", package: "dev.knative.serving.v1beta1",
        #"""
        DomainMapping: A host of one's own for a service; the object is named after the host.
          spec DomainMappingSpec: What is wanted.
          status DomainMappingStatus: What there is; written by the controller.
        DomainMappingSpec: Where a host leads.
          ref! DomainTarget: The object that answers there.
          tls DomainTLS: The host's certificate.
        DomainTarget: An object that has an address.
          kind! string: Kind of the object.
          namespace string: Its namespace; must be the mapping's own.
          name! string: Its name.
          apiVersion string: API version of the object; or group.
          group string: Group of the object; or apiVersion.
          address string: Name of one of its addresses.
        DomainTLS: A certificate.
          secretName! string: Secret of type kubernetes.io/tls.
        DomainMappingStatus preserve: Where a host leads.
          + knative.Status
          url string: Address for clients.
          address knative.Addressable: The same.
        ClusterDomainClaim: Which namespace may map a host; the object is named after the host.
          spec DomainClaimSpec: Who has the claim.
        DomainClaimSpec: Who has the claim.
          namespace! string: The namespace.
        """#)
}
