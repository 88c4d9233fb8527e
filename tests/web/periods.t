# A period in an address stands for its days; pages offer the periods near the range.
GET /dv/bt.tp?ky=chot_14_2019_quy_1
? 200
+ đang xem từ 15/12/2018 đến 14/03/2019
+ <option value="chot_14_2019_quy_1" selected>Quý I năm 2019 (chốt ngày 14): 15/12/2018 – 14/03/2019</option>
+ <option value="lich_2019_thang_12">
+ <option value="lich_2017_nam">
- <option value="lich_2017_quy_1">
- <option value="2018-12-15_
+ ?tu=2018-12-15&amp;den=2019-03-14
GET /dv/bt.tp
+ đang xem từ 15/05/2016 đến 30/06/2019
+ <option value="2016-05-15_2019-06-30" selected>15/05/2016 – 30/06/2019</option>
GET /dv/bt.tp?tu=01/01/2018&den=31/12/2018
+ <option value="lich_2018_nam" selected>
GET /cs/kt_tcd?dv=bt.tp&ky=lich_2018_nam&co_cau=end&dieu_kien=loai=kiem_tra_dhvp&trang=1
? 200
+ từ 01/01/2018 đến 31/12/2018
+ <input type="hidden" name="co_cau" value="end"><input type="hidden" name="dieu_kien" value="loai=kiem_tra_dhvp">
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
# Unit, period and directive stand in one form on every page that has them; days may stand for a
# period, and whoever chooses another unit on the page of one goes there.
GET /dv/bt.tp?ky=2016-05-15_2019-06-30
? 200
+ đang xem từ 15/05/2016 đến 30/06/2019
+ <option value="vn">Việt Nam</option>
+ <option value="bt.tp" selected>Thành phố Bến Tre</option>
+ <option value="bt.tp.p7">
GET /dv/bt.tp?ky=2019-06-30_2016-05-15
? 404
GET /dv/bt.tp?dv=bt.cl&ky=lich_2019_nam&ct=chi_thi_05
? 303
+ Location: /dv/bt.cl?ky=lich_2019_nam&ct=chi_thi_05
GET /dv/bt.tp?ky=lich_2019_nam&ct=chi_thi_05
? 200
+ <option value="chi_thi_05" selected>05-CT/TW</option>
+ <a href="/so/ktgs?dv=bt.tp&amp;ct=chi_thi_05">
+ dieu_kien=directive=chi_thi_05
GET /cs/kt_tcd?dv=bt.tp&ky=lich_2019_nam&dieu_kien=loai=kiem_tra_dhvp,directive=chi_thi_05
? 200
+ <option value="chi_thi_05" selected>05-CT/TW</option>
+ <input type="hidden" name="dieu_kien" value="loai=kiem_tra_dhvp">
GET /cs/kt_cuoc?dv=vn&tu=2016-05-15&den=2021-12-31&ct=chi_thi_05
+ <p class="value">197 <small>
GET /cs/kt_cuoc?dv=vn&tu=2016-05-15&den=2021-12-31&ct=nq_tw4
+ <p class="value">60 <small>
GET /cs/kt_tcd?dv=bt.tp&ct=khong_co
? 404
+ Chỉ thị: không có “khong_co” ở đây
GET /so/dang_ky?dv=vn&ct=nq_tw4
? 200
+ Không có hồ sơ nào như vậy
+ Bỏ lọc 04-NQ/TW
GET /so/dang_ky?dv=vn&ct=chi_thi_05
? 200
- Không có hồ sơ nào
GET /so/mo_hinh?dv=vn&ct=nq_tw4
? 200
+ 5 hồ sơ
GET /so/mo_hinh?dv=vn&tim=mo%20phong&ct=chi_thi_05
? 200
+ 22 hồ sơ
GET /so/mo_hinh?dv=vn&tim=mo%20phong&ct=nq_tw4
? 200
+ 5 hồ sơ
GET /bao_cao/ktgs?dv=bt.tp
? 200
+ <p class="field given"><span>Chỉ thị</span> 05-CT/TW</p>
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
