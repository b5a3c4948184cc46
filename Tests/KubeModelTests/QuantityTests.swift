import JSONModel
import Testing

@testable import KubeModel

@Suite("Quantities")
struct QuantityTests {
    /// Text, canonical form, value rounded up, thousandths rounded up; as k8s.io/apimachinery's resource.Quantity has it.
    @Test(arguments: [
        ("0", "0", 0, 0), ("1", "1", 1, 1000), ("100m", "100m", 1, 100), ("0.1", "100m", 1, 100),
        (".5", "500m", 1, 500),
        ("5.", "5", 5, 5000), ("1500m", "1500m", 2, 1500), ("2000m", "2", 2, 2000), ("1k", "1k", 1000, 1_000_000),
        ("1000", "1k", 1000, 1_000_000), ("1Ki", "1Ki", 1024, 1_024_000),
        ("1.5Gi", "1536Mi", 1_610_612_736, 1_610_612_736_000),
        ("1024Mi", "1Gi", 1_073_741_824, 1_073_741_824_000), ("512", "512", 512, 512_000),
        ("0.5Ki", "512", 512, 512_000),
        ("1G", "1G", 1_000_000_000, 1_000_000_000_000), ("1e3", "1e3", 1000, 1_000_000),
        ("12E6", "12e6", 12_000_000, 12_000_000_000),
        ("1e-3", "1e-3", 1, 1), ("-1", "-1", -1, -1000), ("-1500m", "-1500m", -2, -1500), ("+2", "2", 2, 2000),
        ("1n", "1n", 1, 1), ("0.1n", "1n", 1, 1), ("1u", "1u", 1, 1), ("1E", "1E", 1_000_000_000_000_000_000, Int.max),
        ("8Ei", "9223372036854775807", Int.max, Int.max), ("0.001Ki", "1024m", 2, 1024),
        ("100000Ki", "100000Ki", 102_400_000, 102_400_000_000),
        ("1e400", "9223372036854775807e0", Int.max, Int.max), ("0.0000000001", "1n", 1, 1),
        ("0.00000000000000000000000000000000000001", "1n", 1, 1),
        ("99999999999999999999999999999999999999999999", "9223372036854775807", Int.max, Int.max),
    ])
    func areReadAndWritten(text: String, canonical: String, value: Int, milli: Int) throws {
        let quantity = try #require(Quantity(text))
        #expect(quantity.value == value)
        #expect(quantity.milliValue == milli)
        if canonical.hasSuffix("e0") { return }
        #expect(quantity.description == canonical)
        #expect(Quantity(quantity.description) == quantity)
    }

    @Test(arguments: [
        "", "m", ".", "1.2.3", "1 Gi", "1gi", "1KI", "Ki", "--1", "1e", "1e1.5", "0x1", "1mm", " 1", "1K", "e3", "١",
    ])
    func malformedTextIsNone(text: String) {
        #expect(Quantity(text) == nil)
    }

    @Test func areComparedBySize() throws {
        let sizes = try ["1Ki", "1k", "999m", "1", "1000m", "0.9"].map { try #require(Quantity($0)) }
        #expect(sizes.sorted().map(\.description) == ["900m", "999m", "1", "1", "1k", "1Ki"])
        #expect(Quantity("1") == Quantity("1000m"))
        #expect(Set([Quantity("1"), Quantity("1000m")]).count == 1)
    }

    @Test func areReadFromManifests() {
        #expect(Quantity(JSONValue.number(JSONNumber(literal: "1.5")))?.milliValue == 1500)
        #expect(Quantity(JSONValue.string("2Gi"))?.value == 2_147_483_648)
        #expect(Quantity(JSONValue.bool(true)) == nil)
        #expect(Quantity(nil as JSONValue?) == nil)
    }

    @Test func areMadeOfNumbers() {
        #expect(Quantity(bytes: 64 << 20).description == "64Mi")
        #expect(Quantity(milli: 250).description == "250m")
        #expect(Quantity(3).description == "3")
        #expect(Quantity(milli: 250).double == 0.25)
    }
}
