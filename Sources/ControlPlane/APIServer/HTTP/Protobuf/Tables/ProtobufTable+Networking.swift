extension ProtobufTable {
    /// networking.k8s.io/v1
    static let networking = """
        HTTPIngressPath: path backend:IngressBackend pathType!
        HTTPIngressRuleValue: paths[]HTTPIngressPath
        IPAddress: metadata:ObjectMeta spec:IPAddressSpec
        IPAddressSpec: parentRef:ParentReference!
        IPBlock: cidr! except[]
        Ingress: metadata:ObjectMeta spec:IngressSpec status:IngressStatus
        IngressBackend: 3=resource:TypedLocalObjectReference! service:IngressServiceBackend!
        IngressClass: metadata:ObjectMeta spec:IngressClassSpec
        IngressClassParametersReference: apiGroup! kind! name! scope! namespace!
        IngressClassSpec: controller parameters:IngressClassParametersReference!
        IngressLoadBalancerIngress: ip hostname 4=ports[]IngressPortStatus
        IngressLoadBalancerStatus: ingress[]IngressLoadBalancerIngress
        IngressPortStatus: port:int! protocol! error!
        IngressRule: host +IngressRuleValue
        IngressRuleValue: http:HTTPIngressRuleValue!
        IngressServiceBackend: name! port:ServiceBackendPort
        IngressSpec: defaultBackend:IngressBackend! tls[]IngressTLS rules[]IngressRule ingressClassName!
        IngressStatus: loadBalancer:IngressLoadBalancerStatus
        IngressTLS: hosts[] secretName
        NetworkPolicy: metadata:ObjectMeta spec:NetworkPolicySpec
        NetworkPolicyEgressRule: ports[]NetworkPolicyPort to[]NetworkPolicyPeer
        NetworkPolicyIngressRule: ports[]NetworkPolicyPort from[]NetworkPolicyPeer
        NetworkPolicyPeer: podSelector:LabelSelector! namespaceSelector:LabelSelector! ipBlock:IPBlock!
        NetworkPolicyPort: protocol! port:IntOrString! endPort:int!
        NetworkPolicySpec: podSelector:LabelSelector ingress[]NetworkPolicyIngressRule egress[]NetworkPolicyEgressRule
            policyTypes[]
        ParentReference: group resource namespace name
        ServiceBackendPort: name number:int
        ServiceCIDR: metadata:ObjectMeta spec:ServiceCIDRSpec status:ServiceCIDRStatus
        ServiceCIDRSpec: cidrs[]
        ServiceCIDRStatus: conditions[]Condition
        """
}
