extension ProtobufTable {
    /// meta/v1
    static let meta = """
        Condition: type! status! observedGeneration:int lastTransitionTime:Time reason! message!
        DeleteOptions: gracePeriodSeconds:int! preconditions:Preconditions! orphanDependents:bool! propagationPolicy!
            dryRun[] ignoreStoreReadErrorWithClusterBreakingPotential:bool!
        FieldSelectorRequirement: key! operator! values[]
        LabelSelector: matchLabels{} matchExpressions[]LabelSelectorRequirement
        LabelSelectorRequirement: key! operator! values[]
        ListMeta: selfLink resourceVersion continue remainingItemCount:int! shardInfo:ShardInfo!
        ManagedFieldsEntry: manager operation apiVersion time:Time! 6=fieldsType fieldsV1:Raw! subresource
        ObjectMeta: name generateName namespace selfLink uid resourceVersion generation:int creationTimestamp:Time
            deletionTimestamp:Time! deletionGracePeriodSeconds:int! labels{} annotations{}
            ownerReferences[]OwnerReference finalizers[] 17=managedFields[]ManagedFieldsEntry
        OwnerReference: kind! 3=name! uid! apiVersion! controller:bool! blockOwnerDeletion:bool!
        Preconditions: uid! resourceVersion!
        ShardInfo: selector!
        Status: metadata:ListMeta status message reason details:StatusDetails! code:int
        StatusCause: reason message field
        StatusDetails: name group kind causes[]StatusCause retryAfterSeconds:int uid
        """
}
