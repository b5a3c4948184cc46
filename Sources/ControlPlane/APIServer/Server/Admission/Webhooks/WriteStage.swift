import KubeModel

/// How far a write goes. Webhooks are asked outside of the store's transaction: one that concerns them runs up to the
/// point where they have their say, is undone, and goes on from there later, if nothing has changed meanwhile.
enum WriteStage: Sendable {
    /// To its end, without webhooks.
    case whole
    /// Until the object is complete but not validated: what mutating webhooks see.
    case untilComplete
    /// With the object that mutating webhooks made, until it is valid: what validating webhooks see.
    case untilValid(Reviewed)
    /// With that object, to its end.
    case admitted(Reviewed)

    /// What webhooks made of an object, and the one that it was to replace.
    struct Reviewed: Sendable {
        var object: Object
        var old: Object?
    }

    /// Ends a write at the stage that it was to go to; nothing of it stays.
    struct End: Error {
        var reviewed: Reviewed
    }

    /// The stored object is no longer the one that webhooks saw.
    struct Stale: Error {}
}

extension WriteScope {
    /// The place of mutating webhooks in a write.
    func mutate(_ object: inout Object, old: Object?, _ admission: Admission, onlyStatus: Bool = false) throws {
        switch stage {
        case .whole: return
        case .untilComplete: throw WriteStage.End(reviewed: .init(object: object, old: old))
        case .untilValid(let reviewed), .admitted(let reviewed):
            guard reviewed.old?.uid == old?.uid, reviewed.old?.resourceVersion == old?.resourceVersion else {
                throw WriteStage.Stale()
            }
            object = reviewed.object
            _ = try admission.complete(&object, old: old, onlyStatus: onlyStatus)
        }
    }

    /// The place of validating webhooks in a write.
    func endIfValid(_ object: Object, old: Object?) throws {
        guard case .untilValid = stage else { return }
        throw WriteStage.End(reviewed: .init(object: object, old: old))
    }
}
