/// The text that SPDY/3 compresses headers against (draft 3, section 2.6.10.1): words, each after its length, and then
/// what has no lengths. Its Adler-32 is 0xE3C6A7C2.
enum SPDYDictionary {
    static let bytes: [UInt8] = {
        var bytes: [UInt8] = []
        for word in words { bytes += SPDYFrame.number(word.utf8.count) + Array(word.utf8) }
        return bytes + Array(rest.utf8)
    }()

    private static let words =
        ("options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age "
        + "allow authorization cache-control connection content-base content-encoding content-language content-length "
        + "content-location content-md5 content-range content-type date etag expect expires from host if-match "
        + "if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards pragma "
        + "proxy-authenticate proxy-authorization range referer retry-after server te trailer transfer-encoding "
        + "upgrade user-agent vary via warning www-authenticate method get status")
        .split(separator: " ").map(String.init) + ["200 OK"]
        + ["version", "HTTP/1.1", "url", "public", "set-cookie", "keep-alive", "origin"]

    private static let rest =
        "10010120120220520630030230330430530630740240540640740840941041141241341441541641750250450520"
        + "3 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden"
        + "404 Not Found500 Internal Server Error501 Not Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul "
        + "Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,"
        + "image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,"
        + "sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0."
}
