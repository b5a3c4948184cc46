import KubeModel

extension SchemaText {
    /// What every group uses: meta/v1.
    static let meta = SchemaText(
        "meta", package: "io.k8s.apimachinery.pkg.apis.meta.v1",
        """
        LabelSelector atomic: Which objects, by their labels; an empty one is all, a missing one none.
          matchLabels {string}: Labels that must all have these values.
          matchExpressions [LabelSelectorRequirement]: Requirements that must all hold.
        LabelSelectorRequirement: A requirement on one label.
          key! string: Key of the label.
          operator! string: In, NotIn, Exists or DoesNotExist.
          values [string]: Values for In and NotIn; none for the others.
        Condition: One aspect of an object's state.
          type! string: Which aspect.
          status! string: True, False or Unknown.
          observedGeneration int64: The generation that the entry speaks of.
          lastTransitionTime! time: When the status last changed.
          reason! string: A word for machines: why the status is what it is.
          message! string: A sentence for people.
        """)
}
