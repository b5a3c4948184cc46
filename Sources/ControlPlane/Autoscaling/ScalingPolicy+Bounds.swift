extension ScalingPolicy {
    /// `desired` within the revision's bounds. Until the revision was once as large as its initial scale, that is its
    /// least; a revision that no route leads to has no least.
    package func bounded(_ desired: Int, isReachable: Bool, isInitialized: Bool) -> Int {
        var least = isReachable ? minScale : 0
        if isReachable, !isInitialized { least = max(least, initialScale) }
        if !allowsScaleToZero { least = max(least, 1) }
        let raised = max(desired, least)
        return maxScale > 0 ? min(raised, maxScale) : raised
    }
}
