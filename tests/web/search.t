# One field finds four kinds of things, on every page.
GET /
? 200
+ <form class="find" method="get" action="/tim" role="search">
GET /tim
? 200
+ Gõ số ký hiệu
GET /tim?q=05-CT%2FTW
? 200
+ value="05-CT/TW"
+ <h2>Chỉ thị</h2>
+ >05-CT/TW</a>
- Không có
# A slip of the hand.
GET /tim?q=05-CT%2FWT
? 200
+ Không có 05-CT/WT; đang hiện kết quả cho 05-CT/TW.
GET /tim.json?q=05-CT%2FWT
? 200
+ "missing": "05-CT/WT"
+ "instead": "05-CT/TW"
+ "symbol": "05-CT/TW"
# Units, with marks and without.
GET /tim?q=thanh%20pho%20ben%20tre
? 200
+ href="/dv/bt.tp
+ Thành phố Bến Tre
# Indicators.
GET /tim?q=to%20chuc%20dang%20kiem%20tra
? 200
+ <h2>Chỉ số</h2>
+ href="/cs/kt_tcd?dv=vn"
# A record by the number of its decision, though nothing else of it is searched; and by its code.
GET /tim?q=19-qd%2Fdu
? 200
+ <h2>Hồ sơ</h2>
+ Sổ Kỷ luật
$record = href="(/hs/[0-9a-z]{12})"
$code = href="/hs/([0-9a-z]{12})"
GET $record
? 200
+ 19-QĐ/ĐU
GET /tim?q=$code
? 200
+ href="$record"
GET /tim?q=19-qd%2Fdu&dv=kg
? 200
+ Hoặc tìm ngoài
- href="$record"
GET /tim?q=kiem%20tra%20viec%20chap%20hanh
? 200
- <h2>Hồ sơ</h2>
# Page after page, each record once.
GET /tim?q=qd
? 200
+ Mỗi trang 50 hồ sơ; còn nữa.
walk /tim?q=ubktdu = 150
# Whatever is typed is words.
GET /tim?q=%22*%20OR%20NEAR(
? 200
+ Không tìm thấy
GET /tim?q=%22%3Cscript%3E
? 200
+ &lt;script&gt;
- <script>
GET /tim?q=%22
? 200
+ Gõ số ký hiệu
GET /tim?q=qd&after=khong
? 404
GET /tim?q=qd&dv=khong_co
? 404
POST /tim q=a
? 405
