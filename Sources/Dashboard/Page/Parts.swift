/// The parts that pages are put together from.
extension PageContext {
    /// A form that changes something: with the token that pages of others do not have.
    func post(_ path: String, fields: [String: String] = [:], class name: String = "", _ content: HTML) -> HTML {
        let hidden = fields.sorted { $0.key < $1.key }.map { field -> HTML in
            "<input type=\"hidden\" name=\"\(field.key)\" value=\"\(field.value)\">"
        }
        return """
            <form method="post" action="\(path)"\(html(if: !name.isEmpty, " class=\"\(name)\""))>\
            <input type="hidden" name="csrf" value="\(session.csrf)">\(hidden)\(content)</form>
            """
    }

    /// A text with a button that copies it.
    func copyable(_ text: String) -> HTML {
        """
        <span class="copy"><code>\(text)</code><button type="button" class="quiet small" data-copy="\(text)" \
        title="\(t("copy"))">\(Icon.copy)<span class="hidden">\(t("copy"))</span></button></span>
        """
    }

    /// What is said where there is nothing.
    func empty(_ key: String, _ action: HTML = "") -> HTML {
        "<div class=\"empty\"><p>\(t(key))</p>\(action)</div>"
    }

    func failure(_ message: String, causes: [String] = []) -> HTML {
        """
        <div class="notice bad" role="alert"><p>\(message)</p>\
        \(html(if: !causes.isEmpty, "<ul>\(causes.map { cause -> HTML in "<li>\(cause)</li>" })</ul>"))</div>
        """
    }
}

/// A coloured word.
enum Badge: String, Sendable {
    case good, busy, idle, bad, warn, plain

    func html(_ text: String, title: String? = nil) -> HTML {
        let hint: HTML = title.map { " title=\"\($0)\"" } ?? ""
        return "<span class=\"badge \(rawValue)\"\(hint)>\(text)</span>"
    }
}

/// A table that becomes a list of cards where the screen is narrow.
struct TableView: Sendable {
    var label: String
    var columns: [String]
    var rows: [[HTML]]

    var html: HTML {
        """
        <div class="scroll"><table><caption class="hidden">\(label)</caption><thead><tr>\
        \(columns.map { column -> HTML in "<th scope=\"col\">\(column)</th>" })</tr></thead><tbody>\
        \(rows.map(row))</tbody></table></div>
        """
    }

    private func row(_ cells: [HTML]) -> HTML {
        let content = zip(columns, cells).map { column, cell -> HTML in "<td data-label=\"\(column)\">\(cell)</td>" }
        return "<tr>\(content)</tr>"
    }
}

/// A field of a form, with its label and what there is to know of it.
struct Field: Sendable {
    var label: String
    var name: String
    var value = ""
    var hint = ""
    var type = "text"
    var isRequired = false
    var placeholder = ""
    var attributes: HTML = ""

    private var id: String { "f-\(name)" }

    private func wrapped(_ control: HTML) -> HTML {
        """
        <div class="field"><label for="\(id)">\(label)\(if: isRequired, " <span class=\"need\" aria-hidden=\"true\">*</span>")</label>\
        \(control)\(if: !hint.isEmpty, "<p class=\"hint\" id=\"\(id)-hint\">\(hint)</p>")</div>
        """
    }

    private var common: HTML {
        """
         id="\(id)" name="\(name)"\(if: isRequired, " required")\(if: !hint.isEmpty, " aria-describedby=\"\(id)-hint\"")\
        \(if: !placeholder.isEmpty, " placeholder=\"\(placeholder)\"")\(attributes)
        """
    }

    var input: HTML { wrapped("<input type=\"\(type)\" value=\"\(value)\"\(common)>") }

    func area(rows: Int) -> HTML {
        wrapped("<textarea rows=\"\(rows)\" spellcheck=\"false\"\(common)>\n\(value)</textarea>")
    }

    func select(_ options: [(value: String, label: String)]) -> HTML {
        let choices = options.map { option -> HTML in
            "<option value=\"\(option.value)\"\(if: option.value == value, " selected")>\(option.label)</option>"
        }
        return wrapped("<select\(common)>\(choices)</select>")
    }

    /// - Parameter isOn: whether it is checked.
    func box(_ isOn: Bool) -> HTML {
        """
        <div class="field check"><input type="checkbox" value="on"\(if: isOn, " checked")\(common)>\
        <label for="\(id)">\(label)</label>\(if: !hint.isEmpty, "<p class=\"hint\" id=\"\(id)-hint\">\(hint)</p>")</div>
        """
    }
}

extension HTML.Interpolation {
    /// Some HTML where something holds, and nothing where it does not.
    mutating func appendInterpolation(if condition: Bool, _ content: @autoclosure () -> HTML) {
        if condition { appendInterpolation(content()) }
    }
}
