# The way that the README describes: a sentence, a figure, what makes it, one record; a declared
# figure; a sample that raises three figures at once, and its undoing; the Word report.
GET /
? 200
+ Content-Type: text/html; charset=utf-8
+ Thành phố Bến Tre
+ từ 15/05/2016 đến 30/06/2019
+ <a class="figure" href="/cs/kt_tcd?dv=bt.tp&amp;tu=2016-05-15&amp;den=2019-06-30">93</a>
+ >hơn 1.400</a><span class="mark">kê khai</span>
+ >116</a>
+ >473</a>
+ >171</a>
+ >trên 1.200</a>
+ Tải báo cáo Word
+ Thêm cuộc kiểm tra mẫu
$token = name="token" value="(\d+)"
GET /cs/kt_tcd?dv=bt.tp&tu=2016-05-15&den=2019-06-30
? 200
+ <p class="value">93 <small>lượt</small></p>
+ Các dòng cộng lại bằng con số trên.
+ <th scope="row">Tổng cộng</th><td class="n">93</td>
+ Đảng bộ cơ sở 01 (mô phỏng)
+ <svg class="chart"
+ role="img"
+ DỮ LIỆU MÔ PHỎNG</text>
+ Sổ Kiểm tra, giám sát
+ cộng “Số lượng” ở từng dòng “Đối tượng”
+ Kiểu là Tổ chức đảng
+ trang 1/2
$body = <th scope="row"><a href="(/cs/kt_tcd\?dv=bt\.tp\.db01[^"]*)"
# One body and its records.
GET /cs/kt_tcd?dv=bt.tp.db01&tu=2016-05-15&den=2019-06-30
? 200
+ <p class="value">7 <small>lượt</small></p>
$record = href="(/hs/[0-9a-z]{12})"
GET $record
? 200
+ Đảng bộ cơ sở 01 (mô phỏng)
+ Hồ sơ này góp vào con số nào
+ <h2 id="lich-su">Lịch sử</h2>
+ Bản 1: Nhập từ tệp
- Hoàn tác
# The declared figure.
GET /cs/kt_dv?dv=bt.tp&tu=2016-05-15&den=2019-06-30
? 200
+ <p class="value">hơn 1.400 <small>lượt</small></p>
+ Nguồn: Bài “TP. Bến Tre tiếp tục thực hiện Chỉ thị số 05-CT/TW”
+ không có hồ sơ chi tiết; hệ thống không tự chia
+ chưa có số liệu
+ Các dòng cộng lại bằng con số trên.
- <svg class="chart"
# The sample: a draft counts nowhere.
POST /mo_phong/kiem_tra token=$token
? 303
$sample = Location: (/hs/[0-9a-z]{12})
GET $sample
? 200
+ <span class="tag draft">Nháp</span>
+ Chưa tính vào con số nào
+ >Kết luận</button>
+ Hoàn tác
+ 28/06/2019
GET /cs/kt_tcd.json?dv=bt.tp
+ "value": 93,
# The form sent again is the same record.
POST /mo_phong/kiem_tra token=$token
? 303
+ Location: $sample
# Concluded, it counts in three places at once; the button pressed twice does it once.
POST $sample/ket_luan version=1
? 303
POST $sample/ket_luan version=1
? 303
GET $sample
+ Đã kết luận
+ <strong>Bản 2: Chuyển trạng thái</strong>
- Bản 3
+ >94</a>
GET /
+ >94</a>
GET /dv/bt.tp
+ >94</a>
GET /dv/bt
+ >94</a>
GET /dv/vn
+ >94</a>
GET /cs/kt_tcd.json?dv=vn
+ "value": 94,
# An old page cannot move it: the first version is gone.
POST $sample/luu version=1
? 409
+ Hồ sơ đã có bản mới
# Undone.
POST $sample/huy version=2
? 303
GET $sample
? 200
+ Đã hủy
+ Lý do: Hoàn tác
- class="step"
- >Hoàn tác
GET /
+ >93</a>
GET /cs/kt_tcd.json?dv=bt.tp
+ "value": 93,
GET /cs/kt_tcd.json?dv=bt
+ "value": 93,
GET /cs/kt_tcd.json?dv=vn
+ "value": 93,
# What an import brought is struck out with a reason only.
POST $record/huy version=1
? 400
+ Cần ghi lý do hủy hồ sơ
# The report: the same sentence on screen, as data and as a Word file.
GET /bao_cao/ktgs?dv=bt.tp
? 200
+ ĐẢNG CỘNG SẢN VIỆT NAM
+ >93</a> tổ chức đảng và <a
+ Tổng cộng
GET /bao_cao/ktgs.json?dv=bt.tp
? 200
+ Content-Type: application/json
+ đã kiểm tra 93 tổ chức đảng và hơn 1.400 đảng viên
GET /bao_cao/ktgs.docx?dv=bt.tp
? 200
+ Content-Disposition: attachment; filename="bao-cao-ktgs-bt.tp-2016-05-15-2019-06-30.docx"
+ đã kiểm tra 93 tổ chức đảng và hơn 1.400 đảng viên
# A declared percentage says so, and the recorded one stands beside it.
GET /bao_cao/so_ket_ct05?dv=bt.cl&tu=2016-05-15&den=2021-04-12
? 200
+ >100%</a> (theo kê khai; theo hồ sơ <a
+ >83,3%</a>).
GET /bao_cao/so_ket_ct05.docx?dv=bt.cl&tu=2016-05-15&den=2021-04-12
+ đạt 100% (theo kê khai; theo hồ sơ 83,3%).
