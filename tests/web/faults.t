# What is wrong with an address is said all at once, as a page and as data.
GET /cs/kt_tcd?dv=khong_co&tu=31/02/2026&den=xx&co_cau=zz&dieu_kien=mau=do
? 400
+ Từ ngày: “31/02/2026” không hợp lệ
+ Đến ngày: “xx” không hợp lệ
+ Không có đơn vị mang mã “khong_co”
+ Cơ cấu “zz” không hợp lệ
+ không chia theo “mau”
+ Sửa những mục nêu trên
GET /cs/kt_tcd.json?dv=khong_co&tu=31/02/2026&den=xx
? 400
+ "code": 400,
+ "field": "tu"
+ "field": "den"
GET /cs/kt_tcd?dv=bt.tp
Accept: application/json
? 200
+ Content-Type: application/json
GET /cs/kt_tcd?dv=bt.tp
Accept: text/html,application/json;q=0.9
+ Content-Type: text/html
GET /dv/bt.tp?tu=30/06/2019&den=15/05/2016
? 400
+ ngày cuối phải không sớm hơn ngày đầu
GET /dv/khong_co
? 404
+ Không có đơn vị mang mã “khong_co”.
GET /cs/khong_co?dv=bt.tp
? 404
+ Không có chỉ số “khong_co”; có: 
GET /cs/kt_tcd
? 400
+ Thiếu mã đơn vị
GET /cs/kt_tcd?dv=bt.tp&trang=0
? 400
+ Trang: “0” không hợp lệ
GET /cs/kt_tcd?dv=bt.tp&trang=99999999999999999999
? 400
GET /cs/kt_tcd?dv=bt.tp&trang=1000000
? 200
+ Không có hồ sơ nào
GET /so/khong_co?dv=bt.tp
? 404
+ ktgs, ky_luat
GET /so/ktgs
? 200
+ Thành phố Bến Tre
GET /so/ktgs?dv=bt.tp&after=zzzzzzzzzzzz
? 404
GET /bao_cao/khong_co?dv=bt.tp
? 404
GET /bao_cao/khong_co.docx?dv=bt.tp
? 404
+ Content-Type: text/html
GET /bao_cao/ktgs.docx?dv=bt.tp&tu=mai
? 400
- Content-Disposition
# A unit that had ended by the last day is still found by its code in the range.
GET /dv/bt.tp.p1?tu=1/1/2020&den=31/12/2020
? 200
+ Phường 1
+ không còn hoạt động vào ngày 31/12/2020
GET /dv/bt.tp.p1?tu=1/1/2021&den=31/12/2021
? 404
+ Ngày 31/12/2021 không có đơn vị mang mã bt.tp.p1
# Dates as people write them, and stretches of every length.
GET /cs/kt_tcd.json?dv=bt.tp&tu=15.5.2016&den=30-06-19
? 200
+ "from": "2016-05-15",
+ "to": "2019-06-30",
+ "value": 93,
GET /cs/kt_tcd?dv=bt.tp&tu=2016-05-15&den=2019-06-30&co_cau=end
? 200
+ <option value="end" selected>
+ <p class="value">93
GET /cs/kt_tcd?dv=bt.tp&co_cau=01/02/2018
? 200
+ Đơn vị như ngày 01/02/2018
GET /cs/kt_tcd?dv=bt.tp&tu=2010-01-01&den=2019-12-31
? 200
+ Theo quý: nhiều nhất
GET /cs/kt_tcd?dv=bt.tp&tu=1990-01-01&den=2019-12-31
? 200
+ Theo năm: nhiều nhất
GET /cs/kt_tcd?dv=bt.tp&tu=0001-01-01&den=9999-12-31
? 200
+ <p class="value">158 <small>lượt</small></p>
+ Các dòng cộng lại bằng con số trên.
- id="theo-thoi-gian"
# Days that a declaration only touches do not count it.
GET /cs/kt_dv?dv=bt.tp&tu=2017-01-01&den=2017-12-31
? 200
+ <p class="value">chưa có</p>
+ chưa cộng vào
# One cut, and one more inside it.
GET /cs/kt_tcd?dv=bt.tp&dieu_kien=chu_the=ubkt
? 200
+ Đang lọc: Chủ thể là <strong>Ủy ban kiểm tra</strong>
+ <p class="value">53
+ dieu_kien=loai=kiem_tra_dhvp,chu_the=ubkt
GET /hs/huy
? 404
POST /hs/zzzzzzzzzzzz/huy version=1
? 404
# A verb that the state does not have, and a form without its version.
POST /mo_phong/kiem_tra token=7
$sample = Location: (/hs/[0-9a-z]{12})
POST $sample/luu version=1
? 400
+ Không “luu” được
POST $sample/ket_luan
? 400
+ Thiếu số bản
POST $sample/ket_luan version=1x
? 400
POST $sample/ket_luan version=-1
? 400
