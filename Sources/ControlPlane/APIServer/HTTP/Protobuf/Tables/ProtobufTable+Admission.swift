extension ProtobufTable {
    /// admissionregistration.k8s.io/v1
    static let admission = """
        ApplyConfiguration: expression
        AuditAnnotation: key! valueExpression!
        ExpressionWarning: 2=fieldRef! warning!
        JSONPatch: expression
        MatchCondition: name! expression!
        MatchResources: namespaceSelector:LabelSelector! objectSelector:LabelSelector!
            resourceRules[]NamedRuleWithOperations excludeResourceRules[]NamedRuleWithOperations 7=matchPolicy!
        MutatingAdmissionPolicy: metadata:ObjectMeta spec:MutatingAdmissionPolicySpec
        MutatingAdmissionPolicyBinding: metadata:ObjectMeta spec:MutatingAdmissionPolicyBindingSpec
        MutatingAdmissionPolicyBindingSpec: policyName paramRef:ParamRef! matchResources:MatchResources!
        MutatingAdmissionPolicySpec: paramKind:ParamKind! matchConstraints:MatchResources! variables[]Variable
            mutations[]Mutation failurePolicy! matchConditions[]MatchCondition reinvocationPolicy
        MutatingWebhook: name! clientConfig:WebhookClientConfig rules[]RuleWithOperations failurePolicy!
            namespaceSelector:LabelSelector! sideEffects! timeoutSeconds:int! admissionReviewVersions[] matchPolicy!
            reinvocationPolicy! objectSelector:LabelSelector! matchConditions[]MatchCondition
        MutatingWebhookConfiguration: metadata:ObjectMeta webhooks[]MutatingWebhook
        Mutation: 2=patchType! applyConfiguration:ApplyConfiguration! jsonPatch:JSONPatch!
        NamedRuleWithOperations: resourceNames[] +RuleWithOperations
        ParamKind: apiVersion kind
        ParamRef: name namespace selector:LabelSelector! parameterNotFoundAction!
        Rule: apiGroups[] apiVersions[] resources[] scope!
        RuleWithOperations: operations[] +Rule
        ServiceReference: namespace! name! path! port:int!
        TypeChecking: expressionWarnings[]ExpressionWarning
        ValidatingAdmissionPolicy: metadata:ObjectMeta spec:ValidatingAdmissionPolicySpec
            status:ValidatingAdmissionPolicyStatus
        ValidatingAdmissionPolicyBinding: metadata:ObjectMeta spec:ValidatingAdmissionPolicyBindingSpec
        ValidatingAdmissionPolicyBindingSpec: policyName paramRef:ParamRef! matchResources:MatchResources!
            validationActions[]
        ValidatingAdmissionPolicySpec: paramKind:ParamKind! matchConstraints:MatchResources! validations[]Validation
            failurePolicy! auditAnnotations[]AuditAnnotation matchConditions[]MatchCondition variables[]Variable
        ValidatingAdmissionPolicyStatus: observedGeneration:int typeChecking:TypeChecking! conditions[]Condition
        ValidatingWebhook: name! clientConfig:WebhookClientConfig rules[]RuleWithOperations failurePolicy!
            namespaceSelector:LabelSelector! sideEffects! timeoutSeconds:int! admissionReviewVersions[] matchPolicy!
            objectSelector:LabelSelector! matchConditions[]MatchCondition
        ValidatingWebhookConfiguration: metadata:ObjectMeta webhooks[]ValidatingWebhook
        Validation: expression! message reason! messageExpression
        Variable: name! expression!
        WebhookClientConfig: service:ServiceReference! caBundle:bytes url!
        """
}
