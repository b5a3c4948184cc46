import KubeModel

extension Schema {
    /// `Event` of core/v1.
    static let event = resource(
        "Something that happened to an object.",
        [
            "involvedObject": objectReference.described("The object it happened to."),
            "related": objectReference.described("Another object that has to do with it."),
            "type": text("Normal or Warning."), "reason": text("A word for machines."),
            "message": text("A sentence for people."), "action": text("What was done."),
            "count": int32("How often it happened."),
            "firstTimestamp": time("When it happened first."), "lastTimestamp": time("When it happened last."),
            "eventTime": time("When it was noticed first."),
            "series": record(
                "The run of events that this one stands for.",
                ["count": int32("How many."), "lastObservedTime": time("The last one.")]
            ).nullable(),
            "source": record(
                "Who says so.", ["component": text("Part of the system."), "host": text("Node.")]),
            "reportingComponent": text("Who says so."), "reportingInstance": text("Which instance of it."),
        ], required: ["involvedObject"])
}
