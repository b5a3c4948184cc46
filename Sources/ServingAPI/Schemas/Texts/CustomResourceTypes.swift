import KubeModel

extension SchemaText {
    /// apiextensions.k8s.io/v1.
    static let customResources = SchemaText(
        "apiextensions", package: "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1",
        """
        CustomResourceDefinition: A kind of one's own.
          spec! CustomResourceDefinitionSpec: What the kind is.
          status CustomResourceDefinitionStatus: Whether the kind is served.
        CustomResourceDefinitionSpec: What the kind is.
          group! string: Group of the kind: a domain name.
          names! CustomResourceDefinitionNames: What it is called.
          scope! string enum=Cluster|Namespaced: Whether its objects lie in namespaces.
          versions! [CustomResourceDefinitionVersion]: Its versions.
          conversion CustomResourceConversion: How objects are turned from one version into another.
          preserveUnknownFields boolean: Must be false; use x-kubernetes-preserve-unknown-fields in the schema.
        CustomResourceDefinitionNames: What a kind is called.
          plural! string: Plural, in small letters: the name in addresses.
          singular string: Singular, in small letters; the kind's name if not given.
          shortNames [string] atomic: Short names for commands.
          kind! string: Kind, in CamelCase.
          listKind string: Kind of lists; the kind with List at the end if not given.
          categories [string] atomic: Groups of kinds that it belongs to, as all.
        CustomResourceDefinitionVersion: One version of a kind.
          name! string: Name of the version, as v1.
          served! boolean: Whether it is served.
          storage! boolean: Whether objects are stored in it; true for one version.
          deprecated boolean: Whether its users are warned.
          deprecationWarning string: What they are told.
          schema CustomResourceValidation: What its objects may look like.
          subresources CustomResourceSubresources: Its subresources.
          additionalPrinterColumns [CustomResourceColumnDefinition]: Columns of kubectl get.
          selectableFields [SelectableField]: Fields that field selectors may name.
        CustomResourceValidation: What objects may look like.
          openAPIV3Schema JSONSchemaProps: Structural schema of the whole object.
        CustomResourceSubresources: Subresources of a kind.
          status object: With it, status is written by itself only.
          scale CustomResourceSubresourceScale: With it, kubectl scale and autoscalers work.
        CustomResourceSubresourceScale: Where the numbers of replicas are.
          specReplicasPath! string: Path of the wanted number, under .spec.
          statusReplicasPath! string: Path of the present number, under .status.
          labelSelectorPath string: Path of the selector as text, under .status or .spec.
        CustomResourceColumnDefinition: A column of kubectl get.
          name! string: Title of the column.
          type! string: string, integer, number, boolean or date.
          format string: What the type is in detail, as int32.
          description string: What the column says.
          priority int32: Columns above 0 are shown with -o wide only.
          jsonPath! string: Path of the value.
        SelectableField: A field that selectors may name.
          jsonPath! string: Path of the field.
        CustomResourceConversion: How versions are turned into each other.
          strategy! string enum=None|Webhook: None changes apiVersion only; Webhook asks a service.
          webhook WebhookConversion: The service to ask.
        WebhookConversion: A service that turns versions into each other.
          clientConfig WebhookClientConfig: Where it is.
          conversionReviewVersions! [string]: Versions of ConversionReview that it takes.
        WebhookClientConfig: Where a webhook is: url or service.
          url string: Address of the webhook, with https.
          service ServiceReference: A service in the cluster.
          caBundle byte: PEM certificates that its own is checked with; the system's if not given.
        ServiceReference: A service in the cluster.
          namespace! string: Namespace of the service.
          name! string: Name of the service.
          path string: Path to send requests to.
          port int32: Port of the service.
        CustomResourceDefinitionStatus: Whether the kind is served.
          conditions [CustomResourceDefinitionCondition] keys=type: NamesAccepted, Established, NonStructuralSchema, ...
          acceptedNames CustomResourceDefinitionNames: The names in use.
          storedVersions [string]: Versions that objects may be stored in.
          observedGeneration int64: The generation that the status speaks of.
        CustomResourceDefinitionCondition: One aspect of the kind's state.
          type! string: Which aspect.
          status! string: True, False or Unknown.
          lastTransitionTime time: When the status last changed.
          reason string: A word for machines.
          message string: A sentence for people.
          observedGeneration int64: The generation that the entry speaks of.
        JSONSchemaProps preserve: A JSON schema with Kubernetes' extensions.
          description string: What the value is for.
          type string: object, array, string, integer, number or boolean.
          format string: What the type is in detail, as int32, date-time, byte.
          title string: Name of the value.
          default any: What is filled in where it is left out.
          example any: A value that fits.
          enum [any] atomic: The values that fit.
          pattern string: Regular expression that the text must match.
          minLength int64: Least number of characters.
          maxLength int64: Most characters.
          minimum number: Least value.
          maximum number: Greatest value.
          exclusiveMinimum boolean: Whether minimum itself does not fit.
          exclusiveMaximum boolean: Whether maximum itself does not fit.
          multipleOf number: What the value is a multiple of.
          minItems int64: Least number of elements.
          maxItems int64: Most elements.
          uniqueItems boolean: Must not be set to true; use x-kubernetes-list-type: set.
          minProperties int64: Least number of members.
          maxProperties int64: Most members.
          required [string] atomic: Members that must be there.
          properties {object}: Members and their schemas.
          additionalProperties any: Schema of all other members; false for none.
          items any: Schema of the elements.
          allOf [object] atomic: Schemas that must all fit.
          anyOf [object] atomic: Schemas of which one must fit.
          oneOf [object] atomic: Schemas of which exactly one must fit.
          not object: Schema that must not fit.
          nullable boolean: Whether null fits.
          x-kubernetes-preserve-unknown-fields boolean: Whether members that the schema does not name stay.
          x-kubernetes-embedded-resource boolean: Whether it is an object with apiVersion, kind and metadata.
          x-kubernetes-int-or-string boolean: Whether integers and texts both fit.
          x-kubernetes-list-type string: atomic, set or map.
          x-kubernetes-list-map-keys [string] atomic: Keys that tell the elements of a map list apart.
          x-kubernetes-map-type string: granular or atomic.
          x-kubernetes-validations [object]: CEL rules.
        """)
}
