/// One thing that a machine has or lacks, for people.
package struct MachineCheck: Sendable, Hashable {
    package enum Grade: String, Sendable {
        case good
        /// Martlet runs, with less than it could have.
        case lacking
        /// Martlet does not run here.
        case failing
    }

    package var name: String
    package var grade: Grade
    package var finding: String
    /// What to do about it; empty where nothing is to be done.
    package var remedy: String

    package init(_ name: String, _ grade: Grade, _ finding: String, remedy: String = "") {
        self.name = name
        self.grade = grade
        self.finding = finding
        self.remedy = remedy
    }
}
