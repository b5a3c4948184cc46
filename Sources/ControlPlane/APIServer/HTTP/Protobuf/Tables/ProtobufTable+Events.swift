extension ProtobufTable {
    /// events.k8s.io/v1
    static let events = """
        Event: metadata:ObjectMeta eventTime:MicroTime series:EventSeries! reportingController reportingInstance action
            reason regarding:ObjectReference related:ObjectReference! note type deprecatedSource:EventSource
            deprecatedFirstTimestamp:Time deprecatedLastTimestamp:Time deprecatedCount:int
        EventSeries: count:int! lastObservedTime:MicroTime
        """
}
