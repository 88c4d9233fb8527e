# The working day: notifications, saved filters, the end of a session, and a branch's own list of members.
database accounts
as bi_thu
GET /thong_bao
? 200
+ Thông báo
- Đôn đốc
GET /so/dang_ky?dv=bt.cl.cb01
+ data-session-end="1800"
+ data-poll="/thong_bao.json" data-name="unread" hidden
# Somebody above reminds: one notification, told until the page was looked at, not by its JSON.
as lanh_dao
POST /nop/don_doc dv=bt.cl&ky=lich_2019_quy_1&don_vi=bt.cl.cb01&loi_nhac=Gửi+báo+cáo+ngay
? 303
as bi_thu
GET /thong_bao.json
? 200
+ "unread": 1
+ "kind_label": "Đôn đốc"
GET /so/dang_ky?dv=bt.cl.cb01
+ data-name="unread">1</span>
GET /thong_bao
? 200
+ Gửi báo cáo ngay
+ <strong class="mark">mới</strong>
+ href="/nop?dv=bt.cl.cb01&amp;ky=lich_2019_quy_1"
GET /thong_bao.json
+ "unread": 0
+ Gửi báo cáo ngay
GET /so/dang_ky?dv=bt.cl.cb01
+ data-name="unread" hidden
# A report that is returned is told to who sends it, and to nobody else of the unit.
POST /nop/gui dv=bt.cl.cb01&ky=lich_2019_quy_1&nhan_xet=Đủ&version=0
? 303
GET /thong_bao.json
+ "unread": 0
as lanh_dao
POST /nop/tra_lai dv=bt.cl.cb01&ky=lich_2019_quy_1&ly_do=Thiếu+mục+hai&version=1
? 303
as bi_thu
GET /thong_bao
+ Báo cáo bị trả lại
+ “Thiếu mục hai”
as dang_vien
GET /thong_bao
? 200
+ Gửi báo cáo ngay
- Thiếu mục hai
# Somebody signs in with the account elsewhere.
account lan van_phong bt.tp
as lan
GET /thong_bao.json
+ "unread": 0
POST /dang_nhap tai_khoan=lan&mat_khau=bốn con thuyền giấy&ma=x
Cookie:
? 303
GET /thong_bao.json
# (the browser that asks now is the new one; the older is told)
+ "kind_label": "Đăng nhập mới"
as nobody
GET /thong_bao
? 303
GET /thong_bao.json
? 401
# Filters by name: only what a register's page asks, at most twenty, one's own.
as bi_thu
GET /so/dang_ky?tim=hoc&tt=nhap
? 200
+ Lưu bộ lọc này
+ <input type="hidden" name="tim" value="hoc">
POST /so/dang_ky/loc ten=Nháp+của+tôi&tim=học+tập&tt=nhap&after=zzz&la=1
? 303
+ Location: /so/dang_ky?tim=h%E1%BB%8Dc%20t%E1%BA%ADp&tt=nhap
GET /so/dang_ky
+ <a href="/so/dang_ky?tim=h%E1%BB%8Dc%20t%E1%BA%ADp&amp;tt=nhap">Nháp của tôi</a>
- after=zzz
POST /so/dang_ky/loc ten=&tim=a
? 400
+ Tên của bộ lọc còn trống
POST /so/dang_ky/loc ten=Trống&la=1
? 400
+ Chưa lọc gì
POST /so/khong_co/loc ten=a&tim=a
? 404
as dang_vien
GET /so/dang_ky
- Nháp của tôi
as bi_thu
POST /so/dang_ky/loc lam=bo&ten=Nháp+của+tôi
? 303
GET /so/dang_ky
- Nháp của tôi
# Members: added, mended, moved, ended by the branch; nobody else comes near, the administrator neither.
GET /dv/bt.cl.cb01/thanh_vien?tu=2021-01-01&den=2021-04-12
? 200
+ Thêm thành viên
$person = /dv/bt.cl.cb01/thanh_vien/([0-9a-z]{12})
POST /dv/bt.cl.cb01/thanh_vien name=&status=la&from=2020-13-01
? 422
+ href="#from"
POST /dv/bt.cl.cb01/thanh_vien name=&status=la&from=2020-01-01
? 422
+ href="#name"
+ href="#status"
POST /dv/bt.cl.cb01/thanh_vien name=Zô+Văn+Ất&given=&status=du_bi&post=Ủy+viên&from=2020-01-01
? 303
GET /dv/bt.cl.cb01/thanh_vien?tu=2021-01-01&den=2021-04-12&da=1
+ Zô Văn Ất</th><td>Đảng viên dự bị</td><td>Ủy viên</td><td>01/01/2020</td>
+ Đã ghi danh sách thành viên.
$new = /dv/bt.cl.cb01/thanh_vien/([0-9a-z]{12})">Sửa<span class="hide"> Zô Văn Ất
GET /dv/bt.cl.cb01/thanh_vien/$new
? 200
+ value="Zô Văn Ất"
POST /dv/bt.cl.cb01/thanh_vien/$new lam=sua&name=Zô+Văn+Ất&given=Lạ&status=du_bi&post=
? 422
+ href="#given"
POST /dv/bt.cl.cb01/thanh_vien/$new lam=sua&name=Zô+Văn+Bính&given=&status=chinh_thuc&post=Phó+bí+thư
? 303
GET /dv/bt.cl.cb01/thanh_vien?tu=2021-01-01&den=2021-04-12
+ Zô Văn Bính</th><td>Đảng viên chính thức</td><td>Phó bí thư</td>
POST /dv/bt.cl.cb01/thanh_vien/$new lam=thoi&day=2021-06-01&unit=bt.tp.db01
? 422
+ Không có đơn vị mang mã “bt.tp.db01”
POST /dv/bt.cl.cb01/thanh_vien/$new lam=thoi&day=2021-06-01&unit=&reason=Chuyển+ra+ngoài
? 303
GET /dv/bt.cl.cb01/thanh_vien?tu=2021-01-01&den=2021-06-01
- Zô Văn Bính
GET /dv/bt.cl.cb01/thanh_vien/000000000000
? 404
+ Không có người mang mã “000000000000” ở đơn vị này
as quan_tri
GET /dv/bt.cl.cb01/thanh_vien
? 404
POST /dv/bt.cl.cb01/thanh_vien name=Ai&status=du_bi&from=2020-01-01
? 404
GET /dv/bt.cl.cb01/thanh_vien/$person
? 404
as lanh_dao
POST /dv/bt.cl.cb01/thanh_vien/$person lam=thoi&day=2021-06-01
? 404
as van_phong
GET /dv/bt.tp/thanh_vien/$person
? 404
as dang_vien
POST /dv/bt.cl.cb01/thanh_vien name=Ai&status=du_bi&from=2020-01-01
? 404
