# The accounts of the demo: shown on the sign-in page, each can be used.
database accounts
GET /dv/bt.tp
? 303
GET /dang_nhap
? 200
+ Tài khoản mô phỏng
+ thuyengiay05
+ Chi bộ – Chi bộ 01 (mô phỏng)
as bi_thu
GET /tai_khoan
? 200
+ Bí thư chi bộ (mô phỏng)
as dang_vien
GET /tai_khoan
? 200
as van_phong
GET /tai_khoan
? 200
+ Văn phòng cấp ủy – Thành phố Bến Tre; Văn phòng cấp ủy – Huyện Chợ Lách
as lanh_dao
GET /tai_khoan
? 200
as tuyen_giao
GET /tai_khoan
? 200
as ubkt
GET /tai_khoan
? 200
as mttq
GET /tai_khoan
? 200
as tinh
GET /tai_khoan
? 200
+ Cấp ủy – Tỉnh Bến Tre
as quan_tri
GET /tai_khoan
? 200
+ Quản trị hệ thống – Việt Nam
as kiem_toan
GET /tai_khoan
? 200
+ Kiểm toán – Việt Nam
