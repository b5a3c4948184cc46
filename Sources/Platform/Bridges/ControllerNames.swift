import ServingControllers

// The gateway's room has types of the same names, and a module that has a type of its own name cannot be used to tell
// them apart.
typealias AutoscalerTraffic = RevisionTraffic
typealias AutoscalerReading = TrafficReading
