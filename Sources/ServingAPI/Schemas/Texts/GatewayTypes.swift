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
          type! string: RequestHeaderModifier, ResponseHeaderModifier, RequestMirror, RequestRedirect, URLRewrite, CORS, ExtensionRef.
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
        RouteParentStatus: What a gateway says of a route.
          parentRef! ParentReference: The gateway.
          controllerName! string: Who says it.
          conditions [meta.Condition] keys=type: Accepted, ResolvedRefs.
        """#)
}
