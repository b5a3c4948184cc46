import KubeModel

extension SchemaText {
    /// gateway.networking.k8s.io/v1.
    static let gateway = SchemaText(
        "gateway", package: "io.k8s.networking.gateway.v1",
        #"""
        HTTPRoute: Where the requests for some hosts go.
          spec! HTTPRouteSpec: Which hosts, and where to.
          status HTTPRouteStatus: Which gateways took it.
        HTTPRouteSpec: Which hosts, and where to.
          parentRefs [ParentReference]: Gateways that are to serve it.
          hostnames [string]: Hosts, without port.
          rules [HTTPRouteRule]: Which requests go where.
        ParentReference: A gateway, or a part of one.
          group string ="gateway.networking.k8s.io": Group of the object.
          kind string ="Gateway": Kind of the object.
          namespace string: Its namespace; the route's own if not given.
          name! string minLength=1: Its name.
          sectionName string: Name of a listener.
          port int32 min=1 max=65535: Port of a listener.
        HTTPRouteRule: Requests that match, and where they go.
          name string: Name of the rule.
          matches [HTTPRouteMatch]: What the requests are like; one of them is enough.
          filters [HTTPRouteFilter]: What is done to requests and responses.
          backendRefs [HTTPBackendRef]: Services, each with its share.
          timeouts HTTPRouteTimeouts: How long a request may take.
          retry HTTPRouteRetry: What is tried again.
          sessionPersistence SessionPersistence: Who stays with which backend.
        HTTPRouteMatch: What a request is like; all of it must hold.
          path HTTPPathMatch: Its path.
          headers [HTTPHeaderMatch] keys=name: Its headers.
          queryParams [HTTPQueryParamMatch] keys=name: Its query.
          method string: Its method.
        HTTPPathMatch: What a path is like.
          type string ="PathPrefix" enum=Exact|PathPrefix|RegularExpression: How it is compared.
          value string ="/": With what.
        HTTPHeaderMatch: What a header is like.
          type string ="Exact" enum=Exact|RegularExpression: How it is compared.
          name! string: Its name.
          value! string: With what.
        HTTPQueryParamMatch: What a parameter of the query is like.
          type string ="Exact" enum=Exact|RegularExpression: How it is compared.
          name! string: Its name.
          value! string: With what.
        HTTPRouteFilter preserve: Something that is done to requests or responses.
          type! string: RequestHeaderModifier, ResponseHeaderModifier, RequestMirror, RequestRedirect, URLRewrite.
          requestHeaderModifier HTTPHeaderFilter: Headers that the server gets.
          responseHeaderModifier HTTPHeaderFilter: Headers that the client gets.
          requestMirror HTTPRequestMirrorFilter: A backend that gets a copy, whose answer nobody gets.
          requestRedirect HTTPRequestRedirectFilter: Where the client is sent.
          urlRewrite HTTPURLRewriteFilter: What the server is asked for.
        HTTPHeaderFilter: Changes of headers.
          set [HTTPHeader] keys=name: Headers that take the place of those of their name.
          add [HTTPHeader] keys=name: Headers that are added to those of their name.
          remove [string]: Headers that are taken out.
        HTTPHeader: A header.
          name! string minLength=1: Its name.
          value! string: Its value.
        HTTPRequestMirrorFilter: A backend that gets a copy.
          backendRef! BackendObjectReference: The backend.
          percent int32 min=0 max=100: Share of the requests that are copied; all if not given.
          fraction Fraction: The same as a fraction.
        Fraction: A share.
          numerator! int32 min=0: So many.
          denominator int32 =100 min=1: Of so many.
        BackendObjectReference: A backend without a share.
          group string ="": Group of the object.
          kind string ="Service": Kind of the object.
          name! string minLength=1: Its name.
          namespace string: Its namespace; the route's own if not given.
          port int32 min=1 max=65535: Its port.
        HTTPRequestRedirectFilter: Where the client is sent; what is not given stays.
          scheme string: http or https.
          hostname string: Host.
          path HTTPPathModifier: Path.
          port int32 min=1 max=65535: Port.
          statusCode integer =302: 301, 302, 303, 307 or 308.
        HTTPURLRewriteFilter: What the server is asked for; what is not given stays.
          hostname string: Host.
          path HTTPPathModifier: Path.
        HTTPPathModifier: Another path.
          type! string enum=ReplaceFullPath|ReplacePrefixMatch: What is replaced.
          replaceFullPath string: The whole path.
          replacePrefixMatch string: What stands in the place of the prefix that was matched.
        HTTPBackendRef: A Service and its share.
          group string ="": Group of the object.
          kind string ="Service": Kind of the object.
          name! string minLength=1: Its name.
          namespace string: Its namespace; the route's own if not given.
          port int32 min=1 max=65535: Its port.
          weight int32 =1 min=0 max=1000000: Its share of all weights of the rule.
          filters [HTTPRouteFilter]: What is done to its requests and responses.
        HTTPRouteTimeouts: How long a request may take.
          request string: In all, as 10s; 0s for no limit.
          backendRequest string: Each attempt.
        HTTPRouteRetry: What is tried again.
          codes [integer]: Codes of responses.
          attempts integer: How often.
          backoff string: Least time between attempts.
        SessionPersistence preserve: Who stays with which backend.
          type string: Cookie or Header.
          sessionName string: Name of the session.
        HTTPRouteStatus: Which gateways took it.
          parents [RouteParentStatus]: What each gateway says.
        GRPCRoute: Where the calls for some hosts go.
          spec! GRPCRouteSpec: Which hosts, and where to.
          status HTTPRouteStatus: Which gateways took it.
        GRPCRouteSpec: Which hosts, and where to.
          parentRefs [ParentReference]: Gateways that are to serve it.
          hostnames [string]: Hosts, without port.
          rules [GRPCRouteRule]: Which calls go where.
        GRPCRouteRule: Calls that match, and where they go.
          name string: Name of the rule.
          matches [GRPCRouteMatch]: What the calls are like; one of them is enough.
          filters [HTTPRouteFilter]: What is done to calls and answers.
          backendRefs [HTTPBackendRef]: Services, each with its share.
          sessionPersistence SessionPersistence: Who stays with which backend.
        GRPCRouteMatch: What a call is like; all of it must hold.
          method GRPCMethodMatch: What is called.
          headers [HTTPHeaderMatch] keys=name: Its headers.
        GRPCMethodMatch: What is called.
          type string ="Exact" enum=Exact|RegularExpression: How it is compared.
          service string: The service; every one if not given.
          method string: The method; every one if not given.
        ReferenceGrant: Lets routes of other namespaces name objects of this one.
          spec ReferenceGrantSpec: Who may name what.
        ReferenceGrantSpec: Who may name what.
          from! [ReferenceGrantFrom]: Who.
          to! [ReferenceGrantTo]: What.
        ReferenceGrantFrom: Objects of a kind in a namespace.
          group! string: Group of the objects.
          kind! string minLength=1: Kind of the objects.
          namespace! string minLength=1: Their namespace.
        ReferenceGrantTo: Objects of a kind, or one of them.
          group! string: Group of the objects.
          kind! string minLength=1: Kind of the objects.
          name string: Name of one object; all if not given.
        RouteParentStatus: What a gateway says of a route.
          parentRef! ParentReference: The gateway.
          controllerName! string: Who says it.
          conditions [meta.Condition] keys=type: Accepted, ResolvedRefs.
        """#)
}
