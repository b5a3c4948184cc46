extension ProtobufTable {
    /// authorization.k8s.io/v1
    static let authorization = """
        FieldSelectorAttributes: rawSelector requirements[]FieldSelectorRequirement
        LabelSelectorAttributes: rawSelector requirements[]LabelSelectorRequirement
        LocalSubjectAccessReview: metadata:ObjectMeta spec:SubjectAccessReviewSpec status:SubjectAccessReviewStatus
        NonResourceAttributes: path verb
        NonResourceRule: verbs[] nonResourceURLs[]
        ResourceAttributes: namespace verb group version resource subresource name
            fieldSelector:FieldSelectorAttributes! labelSelector:LabelSelectorAttributes!
        ResourceRule: verbs[] apiGroups[] resources[] resourceNames[]
        SelfSubjectAccessReview: metadata:ObjectMeta spec:SelfSubjectAccessReviewSpec status:SubjectAccessReviewStatus
        SelfSubjectAccessReviewSpec: resourceAttributes:ResourceAttributes! nonResourceAttributes:NonResourceAttributes!
        SelfSubjectRulesReview: metadata:ObjectMeta spec:SelfSubjectRulesReviewSpec status:SubjectRulesReviewStatus
        SelfSubjectRulesReviewSpec: namespace
        SubjectAccessReview: metadata:ObjectMeta spec:SubjectAccessReviewSpec status:SubjectAccessReviewStatus
        SubjectAccessReviewSpec: resourceAttributes:ResourceAttributes! nonResourceAttributes:NonResourceAttributes!
            user groups[] extra{}Strings uid
        SubjectAccessReviewStatus: allowed:bool! reason evaluationError denied:bool
        SubjectRulesReviewStatus: resourceRules[]ResourceRule nonResourceRules[]NonResourceRule incomplete:bool!
            evaluationError
        """
}
