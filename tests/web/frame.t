# The frame of every page. The size of text is kept in a cookie, and the page is gone back to.
GET /lich
? 200
+ <html lang="vi" data-size="0">
+ value="0" aria-pressed="true"
POST /he_thong/co_chu co_chu=2&tiep=/dv/bt.tp?tu=2018-01-01
? 303
+ Location: /dv/bt.tp?tu=2018-01-01
+ Set-Cookie: __Host-co_chu=2; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000
GET /lich
Cookie: a=1; __Host-co_chu=2
+ <html lang="vi" data-size="2">
+ value="2" aria-pressed="true"
- value="0" aria-pressed="true"
GET /lich
Cookie: __Host-co_chu="><b>
+ data-size="0"
POST /he_thong/co_chu co_chu=%22%3E&tiep=//chithi.example/
? 303
+ Location: /
- chithi.example
+ Set-Cookie: __Host-co_chu=0;
POST /he_thong/co_chu co_chu=1&tiep=/%5Cchithi.example
- chithi.example
POST /he_thong/co_chu co_chu=1&tiep=https://chithi.example
- chithi.example
POST /he_thong/co_chu co_chu=1&tiep=/a%0D%0AX-Other:%20b
? 303
- X-Other
POST /he_thong/co_chu co_chu=1&tiep=/
Origin: http://chithi.example
? 403
# Where we are, also on a page that has no address of its own.
GET /cs/kt_tcd?dv=bt.tp&co_cau=end
+ name="tiep" value="/cs/kt_tcd?dv=bt.tp&amp;co_cau=end"
GET /khong-co?a=1
? 404
+ name="tiep" value="/"
# What a phone has at its bottom.
GET /so/ktgs?dv=bt.tp
+ <nav class="phone-nav"
+ #viec"/></svg>Việc</a>
+ aria-current="page"><svg aria-hidden="true" focusable="false"><use href="/assets/icons.svg
# gzip for who takes it, unless another site has asked.
GET /lich
Accept-Encoding: br, gzip
? 200
+ Content-Encoding: gzip
+ Vary: Accept-Encoding, Sec-Fetch-Site
+ Kỳ, ngày nghỉ
GET /lich
- Content-Encoding
+ Vary: Accept-Encoding, Sec-Fetch-Site
GET /lich
Accept-Encoding: gzip;q=0
- Content-Encoding
GET /lich
Accept-Encoding: gzip
Sec-Fetch-Site: cross-site
? 200
- Content-Encoding
GET /lich.json
Accept-Encoding: gzip
+ Content-Encoding: gzip
+ Content-Type: application/json
HEAD /lich
Accept-Encoding: gzip
+ Content-Encoding: gzip
GET /assets/icon.svg
Accept-Encoding: gzip
- Content-Encoding
GET /khong-co
Accept-Encoding: gzip
? 404
+ Content-Encoding: gzip
GET /he_thong/mau
? 200
+ Mẫu giao diện
