# Administration in the browser: who has its pages, how far they reach, and each thing that is done there.
database accounts
# Whoever is no administrator has no such page, with any method.
as lanh_dao
GET /quan_tri
? 404
GET /quan_tri/khong_co_trang_nay
? 404
POST /quan_tri/them parent_code=vn&from=2026-01-01&code=la&name=Lạ
? 404
as bi_thu
GET /quan_tri/nguoi_dung.json
? 404
- quan_tri
as dang_vien
GET /quan_tri
? 404
as van_phong
GET /quan_tri
? 404
as tuyen_giao
GET /quan_tri
? 404
as ubkt
GET /quan_tri/nguoi_dung/lanh_dao
? 404
as mttq
GET /quan_tri
? 404
as tinh
GET /quan_tri
? 404
as kiem_toan
GET /quan_tri
? 404
as nobody
GET /quan_tri
? 303
# The whole tree.
as quan_tri
GET /
+ <a href="/quan_tri">Quản trị</a>
GET /quan_tri
? 200
+ Thêm đơn vị, người dùng
GET /quan_tri?tim=tp+ben+tre
? 200
GET /quan_tri?tim=khongcodonvinay
+ Không có đơn vị nào như vậy
GET /quan_tri/don_vi/bt.tp
? 200
+ Ai có vai trò ở đơn vị này
+ Văn phòng cấp ủy (mô phỏng)
GET /quan_tri/don_vi/khong_co
? 404
# A unit, an account and a role in one form; every fault at its field, and nothing is made then.
GET /quan_tri/them?dv=bt.tp
? 200
+ value="bt.tp"
POST /quan_tri/them parent_code=bt.tp&from=2019-01-01&code=bt.tp.moi&name=Chi+bộ+mới&level=chi_bo&kind=chi_bo&bloc=dang&login=Lan&label=&role=khong_co
? 422
+ Tên đăng nhập “Lan” không hợp lệ
+ Không có vai trò “khong_co”
GET /quan_tri/don_vi/bt.tp.moi
? 404
POST /quan_tri/them parent_code=bt.tp&from=2019-01-01&code=bt.tp&name=Trùng&level=xa
? 422
+ Mã “bt.tp” là của
POST /quan_tri/them parent_code=bt.tp&from=2019-01-01&code=bt.tp.moi&name=Chi+bộ+mới&level=chi_bo&kind=la&bloc=dang
? 422
+ Gói không có loại đơn vị “la”
POST /quan_tri/them parent_code=bt.tp&from=2019-01-01
? 422
+ Cần mã và tên của đơn vị mới
POST /quan_tri/them parent_code=bt.tp&from=2019-01-01&code=bt.tp.moi&name=Chi+bộ+mới&level=chi_bo&kind=chi_bo&bloc=dang&login=lan.moi&label=Lan&role=chi_bo
? 200
+ Đã thêm đơn vị
+ Đã thêm tài khoản lan.moi
+ data-done
$link = (/moi/[A-Za-z0-9_-]{43})
as nobody
GET $link
? 200
+ lan.moi
as quan_tri
POST /quan_tri/them parent_code=bt.tp&from=2019-01-01&code=bt.tp.moi2&name=Chi+bộ+khác&level=chi_bo&kind=chi_bo&bloc=dang&login=lan.moi&label=Lan&role=chi_bo
? 422
+ Đã có tài khoản “lan.moi”
GET /quan_tri/don_vi/bt.tp.moi2
? 404
GET /quan_tri/don_vi/bt.tp.moi
? 200
+ <a href="/quan_tri/nguoi_dung/lan.moi">Lan</a>
# An administrator of a part sees to that part only.
account cuc_bo quan_tri bt.tp
as cuc_bo
GET /quan_tri
? 200
+ bt.tp
- bt.cl
GET /quan_tri?dv=bt
? 404
GET /quan_tri/don_vi/bt.cl
? 404
GET /quan_tri/don_vi/bt
? 404
GET /quan_tri/nguoi_dung
? 200
+ lan.moi
+ van_phong
- bi_thu
- Huyện Chợ Lách
GET /quan_tri/nguoi_dung/bi_thu
? 404
+ Không có tài khoản “bi_thu” trong phạm vi
GET /quan_tri/nguoi_dung/khong_co
? 404
+ Không có tài khoản “khong_co” trong phạm vi
POST /quan_tri/them parent_code=bt&from=2019-01-01&login=ai.do&label=Ai&role=cap_uy
? 422
+ Không có đơn vị mang mã “bt”
POST /quan_tri/nguoi_dung/lan.moi lam=giao&role=quan_tri&unit=vn&from=2019-01-01&to=
? 422
+ Không có đơn vị mang mã “vn”
POST /quan_tri/nguoi_dung/lan.moi lam=giao&role=van_phong&unit=bt.tp&from=2019-01-01&to=2019-12-31
? 303
GET /quan_tri/nguoi_dung/lan.moi
+ đến 31/12/2019
POST /quan_tri/nguoi_dung/lan.moi lam=thoi&role=chi_bo&unit=bt.tp.moi&last=31/12/2030
? 303
GET /quan_tri/nguoi_dung/lan.moi
+ đến 31/12/2030
# Nobody sees to himself: no role, no link, no person.
POST /quan_tri/nguoi_dung/cuc_bo lam=giao&role=cap_uy&unit=bt.tp&from=2019-01-01&to=
? 422
+ Không ai tự sửa tài khoản và vai trò của chính mình
POST /quan_tri/nguoi_dung/cuc_bo lam=noi&person=mp-001
? 422
GET /quan_tri/nguoi_dung/cuc_bo
? 200
- Giao thêm vai trò
# Who also has a role elsewhere keeps his password: only roles of here are given to him.
GET /quan_tri/nguoi_dung/van_phong
? 200
- Lập đường dẫn đặt mật khẩu
POST /quan_tri/nguoi_dung/van_phong lam=moi
? 422
+ còn vai trò ở đơn vị ngoài phạm vi
- /moi/
POST /quan_tri/nguoi_dung/van_phong lam=dong
? 422
# The top of one's own part is not one's own to move; periods are everybody's.
POST /quan_tri/don_vi/bt.tp/ket_thuc day=2030-01-01
? 422
+ do người quản trị cấp trên làm
POST /quan_tri/ky lam=lap&year=2031&kind=lich&due=5
? 404
GET /quan_tri/ky?nam=2019
? 200
- Lập kỳ
# Links, closing, opening, signing out.
POST /quan_tri/nguoi_dung/lan.moi lam=moi
? 200
$second = (/moi/[A-Za-z0-9_-]{43})
POST /quan_tri/nguoi_dung/lan.moi lam=dong
? 303
GET /quan_tri/nguoi_dung/lan.moi?da=dong
+ Đã đóng tài khoản.
+ Mở lại tài khoản
as nobody
GET $second
? 404
as cuc_bo
POST /quan_tri/nguoi_dung/lan.moi lam=mo
? 303
POST /quan_tri/nguoi_dung/lan.moi lam=dang_xuat
? 303
POST /quan_tri/nguoi_dung/lan.moi lam=noi&person=khong-co
? 422
+ Không có (hoặc có nhiều hơn một) người
POST /quan_tri/nguoi_dung/lan.moi lam=la
? 400
+ Không có việc “la”
POST /quan_tri/nguoi_dung/lan.moi lam=dong&ma=sai
? 403
# Units: renamed, moved, ended; what it would do stands before it.
POST /quan_tri/them parent_code=bt.tp&from=2019-01-01&code=bt.tp.x&name=Xã+Thử+Một&level=xa&kind=xa
? 200
POST /quan_tri/them parent_code=bt.tp&from=2019-01-01&code=bt.tp.y&name=Xã+Thử+Hai&level=xa&kind=xa
? 200
GET /quan_tri/don_vi/bt.tp.x/doi_ten
? 200
+ 0 hồ sơ, 0 người, 0 đơn vị trực thuộc, 0 vai trò đang giao
POST /quan_tri/don_vi/bt.tp.x/doi_ten name=&day=2020-01-01
? 422
+ Tên mới còn trống
POST /quan_tri/don_vi/bt.tp.x/doi_ten name=Xã+Mới&day=32/01/2020
? 422
+ href="#day"
POST /quan_tri/don_vi/bt.tp.x/doi_ten name=Xã+Mới&day=2020-01-01&decision=12/NQ
? 303
GET /quan_tri/don_vi/bt.tp.x
+ Xã Mới
+ quyết định 12/NQ
POST /quan_tri/don_vi/bt.tp.x/chuyen other=bt.cl&day=2020-06-01
? 422
+ Không có đơn vị mang mã “bt.cl”
POST /quan_tri/don_vi/bt.tp.moi/chuyen other=bt.tp.x&day=2020-06-01
? 303
# Two communes become one; what stands below the one that ends goes along.
GET /quan_tri?tim=xa
+ Gộp các đơn vị đã chọn
GET /quan_tri/gop?dv=bt.tp.x&dv=bt.tp.y
? 200
+ Đơn vị kế thừa
+ 1 đơn vị trực thuộc
POST /quan_tri/gop dv=bt.tp.x&dv=bt.tp.y&other=bt.tp.y&day=2021-07-01&decision=1234
? 303
GET /quan_tri?da=gop
+ Đã gộp các đơn vị.
- Xã Mới
GET /quan_tri?dv=bt.tp.y
+ Chi bộ mới
GET /quan_tri/gop
? 400
+ Chưa chọn đơn vị nào để gộp
GET /quan_tri/gop?dv=bt.tp.y&dv=bt.cl
? 404
# Roles and the calendar, by who sees to everything.
as quan_tri
GET /quan_tri/vai_tro?vai_tro=ubkt
? 200
+ xem số liệu
GET /quan_tri/vai_tro?vai_tro=quan_tri
+ không đọc hồ sơ và số liệu nào
+ quản trị đơn vị, tài khoản, vai trò
GET /quan_tri/vai_tro?vai_tro=la
? 404
GET /quan_tri/he_thong
? 200
+ chithi set
POST /quan_tri/ky lam=lap&year=x&kind=lich&due=5
? 422
+ href="#year"
POST /quan_tri/ky?nam=2031 lam=lap&year=2031&kind=lich&due=5
? 303
GET /quan_tri/ky?nam=2031&da=1
+ lich_2031_quy_1
+ Đã ghi lịch.
POST /quan_tri/ky?nam=2031 lam=them&key=nhiem_ky&label=Nhiệm+kỳ&from=2031-01-01&to=2030-01-01&due=
? 422
+ Khoảng thời gian ngược
POST /quan_tri/ky?nam=2031 lam=bo_ky&ky=lich_2031_quy_1
? 303
GET /quan_tri/ky?nam=2031
- lich_2031_quy_1
POST /quan_tri/ky?nam=2031 lam=nghi&day=01/01/2031&name=
? 422
+ Tên còn trống
POST /quan_tri/ky?nam=2031 lam=nghi&day=01/01/2031&name=Tết+Dương+lịch
? 303
GET /quan_tri/ky?nam=2031
+ Tết Dương lịch
POST /quan_tri/ky?nam=2031 lam=bo_nghi&ngay=01/01/2031
? 303
GET /quan_tri/ky?nam=2031
- Tết Dương lịch
