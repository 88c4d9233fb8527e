# Who may ask: this machine by its own name, and forms of our own pages.
GET /
Host: chithi.example
? 421
+ Máy chủ này chỉ trả lời khi được mở bằng tên của chính máy
GET /dv/vn
Host: 127.0.0.1.example:8080
? 421
GET /
Host: [::1
? 421
GET /
Host: 10.0.0.1
? 421
GET /
Host: 127.0.0.1:80x
? 421
GET /
Host: localhost
? 200
GET /
Host: [::1]:9
? 200
GET /
Host: 127.7.7.7:65535
? 200
POST /mo_phong/kiem_tra token=1
Origin: http://chithi.example
? 403
+ không đến từ một trang của chính máy chủ
POST /mo_phong/kiem_tra token=1
Origin:
? 403
POST /mo_phong/kiem_tra token=1
Origin: null
? 403
POST /mo_phong/kiem_tra token=1
Sec-Fetch-Site: cross-site
? 403
POST /mo_phong/kiem_tra token=1
Sec-Fetch-Site: same-site
? 403
POST /mo_phong/kiem_tra token=1
Origin: https://$host
? 403
# None of them has made anything.
GET /so/ktgs.json?dv=bt.tp.db01
? 200
- "state": "nhap"
# The browser's own word counts more than the origin.
POST /mo_phong/kiem_tra token=1
Origin:
Sec-Fetch-Site: same-origin
? 303
GET /so/ktgs.json?dv=bt.tp.db01
+ "state": "nhap"
GET /khong-co
? 404
+ Không có trang này.
GET /khong-co.json
? 404
+ "code": 404,
POST / a=1
? 405
+ Allow: GET, HEAD
GET /mo_phong/kiem_tra
? 405
+ Allow: POST
GET /dv/
? 404
GET /dv/a/b
? 404
GET /hs/zzzzzzzzzzzz
? 404
+ Không tìm thấy hồ sơ.
GET /hs/1
? 404
POST /hs/zzzzzzzzzzzz/ket_luan version=1
? 404
GET /assets/style.css
? 200
+ Content-Type: text/css
+ Cache-Control: no-cache
GET /assets/style.css?v=1
+ Cache-Control: no-cache
GET /
$style = (/assets/style\.css\?v=[0-9a-f]{16})
GET $style
? 200
+ Cache-Control: public, max-age=31536000, immutable
GET /assets/none.css
? 404
GET /assets/..%2Fhtml%2Fhead.html
? 404
HEAD /
? 200
HEAD /cs/kt_tcd?dv=bt.tp
? 200
HEAD /khong-co
? 404
HEAD /bao_cao/ktgs.docx?dv=bt.tp
? 200
+ Content-Disposition: attachment
