import KubeModel

extension SchemaText {
    /// rbac.authorization.k8s.io/v1.
    static let access = SchemaText(
        "rbac", package: "io.k8s.api.rbac.v1",
        """
        Role: What may be done in one namespace; who may do it, bindings say.
          rules [PolicyRule]: What may be done: whatever one of these allows.
        ClusterRole: What may be done in the whole cluster, or in each namespace where it is bound.
          rules [PolicyRule]: What may be done: whatever one of these allows.
          aggregationRule AggregationRule: Collects the rules of other ClusterRoles; rules is then written by the server.
        AggregationRule: Which ClusterRoles are collected.
          clusterRoleSelectors [meta.LabelSelector]: The ClusterRoles that one of these selects.
        PolicyRule: Some verbs on some resources or paths.
          verbs! [string]: What may be done: get, list, create, ...; * is everything.
          apiGroups [string]: Groups of the resources; "" is the core group, * every group.
          resources [string]: Resources, as pods or pods/log; * is all.
          resourceNames [string]: Only the objects with these names; none listed means all.
          nonResourceURLs [string]: Paths that are no resources, as /healthz; a * may end them. For ClusterRoles only.
        RoleBinding: Gives a Role, or a ClusterRole for one namespace, to users.
          subjects [Subject]: Who gets it.
          roleRef! RoleRef: What they get; cannot be changed.
        ClusterRoleBinding: Gives a ClusterRole to users, for everything.
          subjects [Subject]: Who gets it.
          roleRef! RoleRef: What they get; cannot be changed.
        RoleRef atomic: A role.
          apiGroup string: Always rbac.authorization.k8s.io.
          kind! string: Role or ClusterRole.
          name! string: Name of the role.
        Subject atomic: A user, a group or a service account.
          kind! string: User, Group or ServiceAccount.
          apiGroup string: "" for service accounts, rbac.authorization.k8s.io for the others.
          name! string: Who it is.
          namespace string: Namespace of the service account.
        """)
}
