import KubeModel
import ServingAPI

/// What happened to a model and what was decided about it, newest first.
enum ModelEvents {
    static func html(_ model: ModelSummary, _ context: PageContext) async -> HTML {
        let explanation = Explanation(await ServiceParts.read(model.service.object, context.api), limit: 200)
        guard !explanation.decisions.isEmpty else { return context.empty("events.none") }
        return
            "<section class=\"card\"><ul class=\"trail\">\(explanation.decisions.map { item($0, context) })</ul></section>"
    }

    static func item(_ decision: Explanation.Decision, _ context: PageContext) -> HTML {
        """
        <li><span class="when">\(context.age(decision.time))</span><div>\
        \((decision.isWarning ? Badge.warn : Badge.plain).html(decision.reason)) <span>\(decision.message)</span>\
        \(if: decision.count > 1, " <small>×\(decision.count)</small>")<small class="object">\(decision.object)</small></div></li>
        """
    }
}
