import KubeModel

extension SchemaText {
    /// security.istio.io/v1.
    static let istioSecurity = SchemaText(
        "istio", package: "io.istio.security.v1",
        #"""
        AuthorizationPolicy: Which requests may go to workloads.
          spec AuthorizationPolicySpec: The rules.
          status any: Not written.
        AuthorizationPolicySpec: Without any rule ALLOW lets nothing through, and DENY, AUDIT and CUSTOM mean nothing.
          selector Selector: The workloads; all of the namespace if not given, all of all namespaces in istio-system.
          targetRef TargetReference: What it is for, by name.
          targetRefs [TargetReference] maxItems=16: What it is for, by names.
          action string enum=ALLOW|DENY|AUDIT|CUSTOM: What is done with a request that a rule is about; ALLOW if not given.
          rules [Rule] maxItems=512: A request is meant that one of these is about.
          provider Provider: Whom the action CUSTOM asks.
        Provider: Somebody who is asked.
          name string: Its name among extensionProviders of the ConfigMap istio in istio-system.
        Selector: Workloads by the labels of their pods.
          matchLabels {string}: Labels that they must have.
        TargetReference: A Service, an InferenceService or a Gateway.
          group string: Group of its kind.
          kind! string: Its kind.
          name! string minLength=1: Its name.
          namespace string: Its namespace, which must be the policy's.
        Rule: Holds where one of from, one of to and all of when do.
          from [From] maxItems=512: Who calls; everyone if not given.
          to [To] maxItems=512: What is called; everything if not given.
          when [Condition] maxItems=512: What must hold besides.
        From: Who calls.
          source! Source: All of its fields must hold.
        Source: All fields that are given must hold; in each, one entry.
          principals [string]: Identities of client certificates: cluster.local/ns/default/sa/client.
          notPrincipals [string]: Identities that must not be it.
          requestPrincipals [string]: Of tokens: issuer/subject.
          notRequestPrincipals [string]: Principals of tokens that must not be it.
          namespaces [string]: Namespaces of client certificates.
          notNamespaces [string]: Namespaces that must not be it.
          serviceAccounts [string] maxItems=16: ServiceAccounts of client certificates: name, or namespace/name.
          notServiceAccounts [string] maxItems=16: ServiceAccounts that must not be it.
          trustDomains [string]: Trust domains of client certificates.
          notTrustDomains [string]: Trust domains that must not be it.
          ipBlocks [string]: Addresses of the connection.
          notIpBlocks [string]: Addresses that must not be it.
          remoteIpBlocks [string]: Addresses of the caller, as the load balancer tells them.
          notRemoteIpBlocks [string]: Addresses that must not be it.
        To: What is called.
          operation! Operation: All of its fields must hold.
        Operation: All fields that are given must hold; in each, one entry.
          hosts [string]: Hosts, whatever their case.
          notHosts [string]: Hosts that must not be it.
          ports [string]: Ports of the gateway.
          notPorts [string]: Ports that must not be it.
          methods [string]: Methods of HTTP.
          notMethods [string]: Methods that must not be it.
          paths [string]: Paths as the server sees them: exact, a*, *a, *, or templates with {*} and {**}.
          notPaths [string]: Paths that must not be it.
        Condition: Something about the request.
          key! string: What is looked at, such as request.headers[x-team] or request.auth.claims[groups].
          values [string] maxItems=512: One of these it must be.
          notValues [string] maxItems=512: None of these it must be.
        RequestAuthentication: Whose tokens are believed.
          spec RequestAuthenticationSpec: The issuers.
          status any: Not written.
        RequestAuthenticationSpec: A token that none of these has signed is refused; without a token a request goes on.
          selector Selector: The workloads; all of the namespace if not given, all of all namespaces in istio-system.
          targetRef TargetReference: What it is for, by name.
          targetRefs [TargetReference] maxItems=16: What it is for, by names.
          jwtRules [JWTRule] maxItems=4096: The issuers.
        JWTRule: An issuer of tokens.
          issuer! string minLength=1: Its name, as tokens have it.
          audiences [string]: Whom tokens must be for; anyone if not given.
          jwksUri string: Where its keys are; its discovery document says so if not given.
          jwks_uri string: The same, spelled otherwise.
          jwks string: Its keys.
          fromHeaders [JWTHeader]: Headers in which tokens are.
          fromParams [string]: Parameters of the query in which tokens are.
          fromCookies [string]: Cookies in which tokens are.
          outputPayloadToHeader string: Header in which the server gets the claims, in base64url.
          outputClaimToHeaders [ClaimToHeader]: Headers in which the server gets single claims.
          forwardOriginalToken boolean: Whether the server gets the token.
          timeout string: Has no effect: 5 s.
          spaceDelimitedClaims [string]: Has no effect.
        JWTHeader: A header with a token.
          name! string minLength=1: Its name.
          prefix string: What stands before the token.
        ClaimToHeader: A claim for the server.
          header! string minLength=1: The header.
          claim! string minLength=1: The claim; dots lead into objects.
        PeerAuthentication: Whether callers must show certificates.
          spec PeerAuthenticationSpec: The modes.
          status any: Not written.
        PeerAuthenticationSpec: The most exact one counts: of a selector, of the namespace, of istio-system.
          selector Selector: The workloads; all of the namespace if not given.
          mtls MutualTLS: At all ports.
          portLevelMtls {MutualTLS}: At ports of the gateway.
        MutualTLS: TLS in which the caller shows a certificate, too.
          mode string enum=UNSET|DISABLE|PERMISSIVE|STRICT: STRICT: it must; the others: it may.
        """#)
}
