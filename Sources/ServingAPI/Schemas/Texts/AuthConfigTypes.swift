import KubeModel

extension SchemaText {
    /// authorino.kuadrant.io/v1beta3. What is not acted on yet is listed as well, to be refused with a reason.
    static let authorino = SchemaText(
        "authorino", package: "io.kuadrant.authorino.v1beta3",
        #"""
        AuthConfig: Who may call the services behind some hosts, and how that is found out.
          spec! AuthConfigSpec: The hosts and the rules.
          status AuthConfigStatus: What became of it.
        AuthConfigSpec: The hosts and the rules.
          hosts! [string] minItems=1: Hosts that it protects: names, or *.example.com.
          patterns {PatternGroup}: Patterns with names, for patternRef.
          when [Pattern]: Where these do not hold, everyone may call.
          authentication {Authentication}: Ways of telling who calls; the first that knows the caller counts.
          metadata any: Not there yet.
          authorization {Authorization}: What must hold of a caller; all of it.
          response Response: What callers and servers are told.
          callbacks any: Not there yet.
        PatternGroup: Patterns that must all hold.
          allOf [Pattern]: The patterns.
        Pattern: Something that holds or not: one of predicate, selector, patternRef, all, any.
          predicate string: An expression of CEL.
          selector string: A place in the authorization JSON, such as auth.identity.sub.
          operator string enum=eq|neq|incl|excl|matches: How what is there is compared.
          value string: With what.
          patternRef string: The name of a group of patterns.
          all [any]: Patterns that must all hold.
          any [any]: Patterns of which one must hold.
        Value preserve: A value, or where it comes from: one of value, selector, expression.
          selector string: A place in the authorization JSON.
          expression string: An expression of CEL.
        Evaluator: What all evaluators have.
          priority integer: Lower ones come first.
          when [Pattern]: Where these do not hold, it is left out.
          metrics boolean: Has no effect.
          cache any: Answers are kept for up to a minute by themselves.
        Authentication: One way of telling who calls.
          + Evaluator
          credentials Credentials: Where the request has its credential; the default is Authorization: Bearer.
          apiKey ApiKey: A key that a Secret holds.
          jwt WebToken: A signed token of an issuer.
          oauth2Introspection Introspection: A token that its issuer is asked about.
          kubernetesTokenReview TokenReview: A token of this API.
          plain Value: What the request itself says.
          anonymous object: Everyone.
          x509 any: Not there yet.
          overrides any: Not there yet.
          defaults any: Not there yet.
        Credentials: Where a credential is; one of them.
          authorizationHeader AuthorizationHeader: The header Authorization.
          customHeader Named: Another header.
          queryString Named: A parameter of the query.
          cookie Named: A cookie.
        AuthorizationHeader: The header Authorization.
          prefix string: The scheme; Bearer if not given.
        Named: Something with a name.
          name! string minLength=1: The name.
        ApiKey: Secrets with keys in data.api_key.
          selector! any: The labels of the Secrets.
          allNamespaces boolean: Not there: keys are Secrets of the AuthConfig's namespace.
        WebToken: Signed tokens; one of issuerUrl and jwksUrl.
          issuerUrl string: The issuer, which has a discovery document and must have made the token.
          jwksUrl string: The address of the keys.
          audiences [string]: Martlet's: whom tokens must be for; the hosts if not given.
          ttl integer: Seconds after which the keys are fetched anew; 0: when a token names a key that is not known.
          timeout integer: Has no effect: 5 s.
        Introspection: OAuth 2.0 token introspection (RFC 7662).
          endpoint! string: Whom to ask.
          tokenTypeHint string: What kind of token it is; access_token if not given.
          credentialsRef! Named: A Secret with clientID and clientSecret.
        TokenReview: Tokens of this API.
          audiences [string]: Whom tokens must be for; the request's host if not given.
        Authorization: One thing that must hold of a caller.
          + Evaluator
          patternMatching PatternMatching: Patterns.
          kubernetesSubjectAccessReview AccessReview: What the caller may do at this API.
          opa any: Not there yet.
          spicedb any: Not there yet.
        PatternMatching: Patterns that must all hold.
          patterns [Pattern]: The patterns.
        AccessReview: What must be allowed.
          user Value: Who it is about.
          groups [string]: Groups of that one; authorizationGroups in newer versions.
          authorizationGroups Value: Groups of that one.
          resourceAttributes AccessAttributes: What is accessed; the path and method of the request if not given.
        AccessAttributes: What is accessed.
          namespace Value: Namespace of the object.
          group Value: Group of the resource.
          resource Value: Plural of the resource.
          name Value: Name of the object.
          subresource Value: Part of the object.
          verb Value: What is done.
        Response: What callers and servers are told.
          unauthenticated DenyWith: Those who are not known.
          unauthorized DenyWith: Those who may not.
          success Success: The server, of those who may.
        DenyWith: What is answered.
          code int32 min=300 max=599: The status.
          message Value: The text of X-Ext-Auth-Reason.
          headers {Value}: Further headers.
          body Value: The body.
        Success: What the server is told.
          headers {ResponseHeader}: Headers that are added to the request.
          dynamicMetadata any: Not there yet.
        ResponseHeader: A header for the server.
          + Evaluator
          key string: Its name; that of the entry if not given.
          plain Value: Its value.
          json any: Not there yet.
          wristband any: Not there yet.
        AuthConfigStatus preserve: What became of it.
          conditions [knative.Condition] keys=type: Available and Ready.
        """#)
}
