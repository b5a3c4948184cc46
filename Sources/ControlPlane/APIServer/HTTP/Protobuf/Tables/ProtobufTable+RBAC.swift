extension ProtobufTable {
    /// rbac.authorization.k8s.io/v1
    static let rbac = """
        AggregationRule: clusterRoleSelectors[]LabelSelector
        ClusterRole: metadata:ObjectMeta rules[]PolicyRule aggregationRule:AggregationRule!
        ClusterRoleBinding: metadata:ObjectMeta subjects[]Subject roleRef:RoleRef
        PolicyRule: verbs[] apiGroups[] resources[] resourceNames[] nonResourceURLs[]
        Role: metadata:ObjectMeta rules[]PolicyRule
        RoleBinding: metadata:ObjectMeta subjects[]Subject roleRef:RoleRef
        RoleRef: apiGroup! kind! name!
        Subject: kind! apiGroup name! namespace
        """
}
