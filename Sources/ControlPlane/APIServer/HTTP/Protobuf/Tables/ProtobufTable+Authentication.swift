extension ProtobufTable {
    /// authentication.k8s.io/v1
    static let authentication = """
        BoundObjectReference: kind apiVersion name uid
        SelfSubjectReview: metadata:ObjectMeta status:SelfSubjectReviewStatus
        SelfSubjectReviewStatus: userInfo:UserInfo
        TokenRequest: metadata:ObjectMeta spec:TokenRequestSpec status:TokenRequestStatus
        TokenRequestSpec: audiences[] 3=boundObjectRef:BoundObjectReference! expirationSeconds:int!
            attestations{}Strings
        TokenRequestStatus: token! expirationTimestamp:Time
        TokenReview: metadata:ObjectMeta spec:TokenReviewSpec status:TokenReviewStatus
        TokenReviewSpec: token audiences[]
        TokenReviewStatus: authenticated:bool user:UserInfo error audiences[]
        UserInfo: username uid groups[] extra{}Strings
        """
}
