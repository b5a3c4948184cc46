import CommandLine

@main
enum Program {
    static func main() async { await Martlet.start() }
}
