# A period in an address stands for its days; pages offer the periods near the range.
GET /dv/bt.tp?ky=chot_14_2019_quy_1
? 200
+ đang xem từ 15/12/2018 đến 14/03/2019
+ <option value="chot_14_2019_quy_1" selected>Quý I năm 2019 (chốt ngày 14): 15/12/2018 – 14/03/2019</option>
+ <option value="lich_2019_thang_12">
+ <option value="lich_2017_nam">
- <option value="lich_2017_quy_1">
- Chưa chọn
+ ?tu=2018-12-15&amp;den=2019-03-14
GET /dv/bt.tp
+ đang xem từ 15/05/2016 đến 30/06/2019
+ <option value="" selected>Chưa chọn</option>
GET /dv/bt.tp?tu=01/01/2018&den=31/12/2018
+ <option value="lich_2018_nam" selected>
GET /cs/kt_tcd?dv=bt.tp&ky=lich_2018_nam&co_cau=end&dieu_kien=loai=kiem_tra_dhvp&trang=1
? 200
+ từ 01/01/2018 đến 31/12/2018
+ <input type="hidden" name="dv" value="bt.tp"><input type="hidden" name="co_cau" value="end"><input type="hidden" name="dieu_kien" value="loai=kiem_tra_dhvp">
- <input type="hidden" name="trang"
GET /cs/kt_tcd.json?dv=bt.tp&ky=chot_14_2019_quy_1
? 200
+ "from": "2018-12-15",
+ "to": "2019-03-14",
- "periods"
GET /bao_cao/ktgs?dv=bt.tp&ky=lich_2018_nam
? 200
+ <option value="lich_2018_nam" selected>
GET /bao_cao/ktgs.docx?dv=bt.tp&ky=lich_2018_nam
? 200
GET /cs/kt_tcd?dv=bt.tp&ky=%3Cb%3E
? 404
+ Không có kỳ “&lt;b&gt;”
GET /dv/bt.tp?ky=lich_2018_nam&den=2018-12-31
? 400
+ hãy chọn một kỳ, hoặc nhập ngày đầu và ngày cuối
# Kinds and blocs by their labels.
GET /dv/bt.tp.db01
+ Đảng bộ cơ sở · cấp cơ sở · khối Đảng · mã
GET /dv/bt.tp
+ Thành phố · cấp huyện · mã
- khối
# The calendar of a year: periods that lead to figures, days off, reviews.
GET /
+ <a href="/lich">Kỳ, ngày nghỉ, sơ kết và tổng kết</a>
GET /lich?nam=2018
? 200
+ <a href="/dv/bt.tp?ky=lich_2018_nam">
+ <a href="/lich?nam=2018" aria-current="page">
+ Sơ kết
- lich_2019
GET /lich.json?nam=2018
+ "period": "lich_2018_nam"
+ "due":
GET /lich?nam=x
? 400
+ Năm “x” không hợp lệ; cần một năm như 2019.
# A directive that was found has a page of its own.
GET /tim?q=05-CT/TW
+ <a href="/chi_thi/chi_thi_05">05-CT/TW</a>
GET /chi_thi/chi_thi_05
? 200
+ <a href="/so/ktgs?dv=bt.tp">
+ hạn 
GET /chi_thi/nq_tw4
? 200
- /so/ktgs
GET /chi_thi/khong_co
? 404
+ Không có chỉ thị “khong_co”
