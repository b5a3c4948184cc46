import KubeModel

extension SchemaText {
    /// authorino.kuadrant.io/v1beta3. What is not acted on is listed as well, to be refused with a reason.
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
          metadata {Metadata}: What else is found out about the request.
          authorization {Authorization}: What must hold of a caller; all of it.
          response Response: What callers and servers are told.
          callbacks {Callback}: Who is told of each decision, before it is given.
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
          cache Cache: For how long its answer counts for others.
        Authentication: One way of telling who calls.
          + Evaluator
          credentials Credentials: Where the request has its credential; the default is Authorization: Bearer.
          apiKey ApiKey: A key that a Secret holds.
          jwt WebToken: A signed token of an issuer.
          oauth2Introspection Introspection: A token that its issuer is asked about.
          kubernetesTokenReview TokenReview: A token of this API.
          plain Value: What the request itself says.
          anonymous object: Everyone.
          x509 Certificate: A client's certificate, of an authority that a Secret holds.
          overrides {Value}: Members that the identity gets.
          defaults {Value}: Members that the identity gets where it has none of the name.
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
        Certificate: Secrets with authorities in data["tls.crt"] or data["ca.crt"].
          selector! any: The labels of the Secrets.
          allNamespaces boolean: Not there: authorities are Secrets of the AuthConfig's namespace.
          source any: Not there: the certificate is that of the connection.
        Cache: What an answer depends on, and for how long it counts.
          key! Value: Where it is the same, the answer is.
          ttl integer: Seconds; 60 if not given.
        Metadata: Something more that is found out; one of http, userInfo, uma.
          + Evaluator
          http HTTPCall: What another server answers.
          userInfo UserInfo: What OpenID Connect's issuer says of the user.
          uma UserManagedAccess: The resources that a UMA 2.0 server has for the path.
        UserInfo: What OpenID Connect's issuer says of the user.
          identitySource! string: Name of an authentication by jwt with an issuerUrl.
        UserManagedAccess: A UMA 2.0 server.
          endpoint! string: Its address.
          credentialsRef! Named: A Secret with clientID and clientSecret.
        Callback: Who is told.
          + Evaluator
          http HTTPCall: What is sent.
        HTTPCall: A request.
          url string: Where it goes; paths of the authorization JSON may stand in braces.
          urlExpression string: The same by an expression of CEL.
          method string enum=GET|POST|PUT|PATCH|DELETE|HEAD: GET if not given.
          body Value: What is sent.
          bodyParameters {Value}: Parameters that are sent.
          contentType string enum=application/x-www-form-urlencoded|application/json: How they are written.
          headers {Value}: Headers.
          sharedSecretRef SecretKey: What is shown as a credential.
          credentials Credentials: Where it is shown; Authorization: Bearer if not given.
          oauth2 ClientCredentials: A token to show instead.
        SecretKey: A member of a Secret.
          name! string: Name of the Secret.
          key! string: The member.
        ClientCredentials: OAuth 2.0's grant of client credentials.
          tokenUrl! string: Where tokens are made.
          clientId! string: Who asks.
          clientSecretRef! SecretKey: With what.
          scopes [string]: For what.
          extraParams {string}: Further parameters.
          cache boolean: Has no effect: tokens are kept until they end.
        PolicyAgent: A document of an Open Policy Agent.
          endpoint string: Martlet's: its address, such as http://127.0.0.1:8181/v1/data/models/allow.
          sharedSecretRef SecretKey: What is shown as Authorization: Bearer.
          rego string: Not there: no Rego is evaluated here.
          externalPolicy any: Not there: no Rego is evaluated here.
          allValues boolean: Has no effect: all of the document is in auth.authorization.
        Relation: A permission that SpiceDB knows of.
          endpoint! string: Of its HTTP API.
          insecure boolean: Whether it is asked without TLS.
          sharedSecretRef SecretKey: Its key.
          subject RelationObject: Who.
          resource RelationObject: Of what.
          permission Value: What.
        RelationObject: Something that SpiceDB knows.
          kind Value: Its type.
          name Value: Its id.
        Authorization: One thing that must hold of a caller.
          + Evaluator
          patternMatching PatternMatching: Patterns.
          kubernetesSubjectAccessReview AccessReview: What the caller may do at this API.
          opa PolicyAgent: A document of an Open Policy Agent.
          spicedb Relation: A permission that SpiceDB knows of.
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
          dynamicMetadata {ResponseHeader}: What an Envoy that asks keeps.
        ResponseHeader: A header for the server.
          + Evaluator
          key string: Its name; that of the entry if not given.
          plain Value: Its value.
          json Properties: An object of JSON.
          wristband Wristband: A token that Martlet signs.
        Properties: The members of an object.
          properties {Value}: The members.
        Wristband: A token that Martlet signs.
          issuer! string: Who it says it is of.
          customClaims {Value}: Further claims.
          tokenDuration integer: Seconds; 300 if not given.
          signingKeyRefs [SigningKey]: The first one signs.
        SigningKey: A Secret with key.pem.
          name! string: Name of the Secret.
          algorithm! string enum=ES256|ES384|ES512|RS256|RS384|RS512: ES256; others are refused.
        AuthConfigStatus preserve: What became of it.
          conditions [knative.Condition] keys=type: Available and Ready.
        """#)
}
