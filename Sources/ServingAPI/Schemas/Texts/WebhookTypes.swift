import KubeModel

extension SchemaText {
    /// admissionregistration.k8s.io/v1.
    static let webhooks = SchemaText(
        "admission", package: "io.k8s.api.admissionregistration.v1",
        """
        MutatingWebhookConfiguration: Services that may change objects before they are stored.
          webhooks [MutatingWebhook] keys=name: The services, and what they are asked about.
        ValidatingWebhookConfiguration: Services that may refuse objects before they are stored.
          webhooks [ValidatingWebhook] keys=name: The services, and what they are asked about.
        MutatingWebhook: A service that may change objects.
          + ValidatingWebhook
          reinvocationPolicy string enum=Never|IfNeeded: Whether it is asked again if others changed the object after it.
        ValidatingWebhook: A service that may refuse objects.
          name! string: Name of the webhook, a domain name with at least three parts.
          clientConfig! WebhookClientConfig: Where it is.
          rules [RuleWithOperations]: What it is asked about; one of these must fit.
          failurePolicy string enum=Ignore|Fail: What happens where it does not answer: Fail refuses, Ignore goes on.
          matchPolicy string enum=Exact|Equivalent: Whether other versions of the resources in rules count as well.
          namespaceSelector meta.LabelSelector: Only objects in namespaces with these labels.
          objectSelector meta.LabelSelector: Only objects with these labels.
          sideEffects! string enum=Unknown|None|Some|NoneOnDryRun: Whether it changes anything elsewhere.
          timeoutSeconds int32: Seconds that it has for its answer, 1 to 30.
          admissionReviewVersions! [string]: Versions of AdmissionReview that it takes; the first one known is sent.
          matchConditions [MatchCondition] keys=name: Further conditions; all must hold.
        MatchCondition: A condition on the request.
          name! string: Name of the condition.
          expression! string: CEL expression over object, oldObject, request and authorizer.
        WebhookClientConfig: Where a webhook is: url or service.
          url string: Address of the webhook, with https.
          service ServiceReference: A service in the cluster.
          caBundle byte: PEM certificates that its own is checked with; the system's if not given.
        ServiceReference: A service in the cluster.
          namespace! string: Namespace of the service.
          name! string: Name of the service.
          path string: Path to send requests to.
          port int32: Port of the service.
        RuleWithOperations: Some operations on some resources.
          + Rule
          operations [string] enum=*|CREATE|UPDATE|DELETE|CONNECT: Which operations; * is all.
        Rule: Some resources.
          apiGroups [string]: Groups of the resources; * is all.
          apiVersions [string]: Versions of the resources; * is all.
          resources [string]: Resources and subresources, as pods, pods/status, */scale, */*.
          scope string enum=Cluster|Namespaced|*: Whether namespaced resources are meant, others, or both.
        """)
}
