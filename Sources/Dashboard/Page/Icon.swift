/// Small pictures, drawn with the colour of the text beside them.
enum Icon {
    static let menu = of("M3 5h14M3 10h14M3 15h14")
    static let user = of("M10 10a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3.5 17.5c.6-3.4 3.2-5 6.5-5s5.900 1.600 6.500 5")
    static let theme = of("M10 3a7 7 0 1 0 0 14zM10 3a7 7 0 0 1 0 14")
    static let leave = of("M8 3H4v14h4M8.500 10H17m-3.500-3.500L17 10l-3.500 3.500")
    static let copy = of("M7 7h9v9H7zM13 7V4H4v9h3")
    static let search = of("M8.500 14a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11zM12.500 12.500 17 17")
    static let plus = of("M10 4v12M4 10h12")

    static func of(_ section: Page.Section) -> HTML {
        switch section {
        case .overview: of("M3 11h5V3H3zM12 17h5V9h-5zM3 17h5v-3H3zM12 6h5V3h-5z")
        case .models: of("M10 2.500 17 6.200v7.600L10 17.500 3 13.800V6.200zM3.300 6.400 10 10l6.700-3.600M10 10v7.300")
        case .playground: of("M3 4h14v10H9l-4 3v-3H3z")
        case .runtimes: of("M3 4h14v5H3zM3 11h14v5H3zM6 6.500h.1M6 13.500h.1")
        case .connections:
            of("M8 12 12 8M7 9l-2.500 2.500a2.800 2.800 0 0 0 4 4L11 13M9 7l2.500-2.500a2.800 2.800 0 0 1 4 4L13 11")
        case .keys: of("M7 13.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM10.500 10H17v3M14 10v2")
        case .users:
            of(
                "M7.500 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.500 16c.4-3 2.400-4.500 5-4.500s4.600 1.500 5 4.500M13 9a2.500 2.500 0 0 0 0-5M14.500 12c1.700.4 2.800 1.800 3 4"
            )
        case .audit: of("M5 3h10v14H5zM7.500 7h5M7.500 10h5M7.500 13h3")
        case .settings:
            of("M3 6h8M15 6h2M3 14h2M9 14h8M13 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM7 16a2 2 0 1 0 0-4 2 2 0 0 0 0 4z")
        }
    }

    private static func of(_ path: String) -> HTML {
        "<svg class=\"icon\" viewBox=\"0 0 20 20\" width=\"20\" height=\"20\" aria-hidden=\"true\"><path d=\"\(path)\"/></svg>"
    }
}
