# The audit is the auditor's, and everybody's own: who was shown my data, and what is kept about me.
database accounts

# A secretary looks at the members of the branch.
as bi_thu
GET /dv/bt.cl.cb01/thanh_vien
? 200

# Of all others the auditor alone reads the audit; for them there is no such page.
GET /nhat_ky
? 404
+ Không có trang này.
GET /nhat_ky.csv
? 404
as quan_tri
GET /nhat_ky
? 404
GET /nhat_ky.json
? 404
as dang_vien
GET /nhat_ky
? 404

as kiem_toan
GET /nhat_ky
? 200
+ Bí thư chi bộ (mô phỏng)
+ Chi bộ – Chi bộ 01 (mô phỏng)
+ Xem dữ liệu một người
+ Đăng nhập
GET /nhat_ky?viec=person.read&tai_khoan=bi_thu
? 200
+ Xem dữ liệu một người
- Đăng nhập</td>
$code = <span class="code">([0-9a-z]{12})</span>
GET /nhat_ky?ma_so=$code
? 200
+ $code
GET /nhat_ky?ma_so=$code&tai_khoan=van_phong
? 200
+ Không có dòng nhật ký nào như vậy
GET /nhat_ky?dv=bt.cl.cb01&viec=account.sign_in
? 200
+ Bí thư chi bộ (mô phỏng)
- Văn phòng cấp ủy (mô phỏng)</td>
GET /nhat_ky?tai_khoan=khong_ai
? 400
+ Không có tài khoản “khong_ai”
GET /nhat_ky?viec=xem_trom
? 400
GET /nhat_ky?ma_so=abc
? 400
GET /nhat_ky?tu=31/02/2026
? 400
GET /nhat_ky?den=2016-01-01
? 200
+ Không có dòng nhật ký nào như vậy
# From page to page.
GET /nhat_ky.json?viec=import
? 200
+ "next": "/nhat_ky?viec=import&bo_qua=50"
GET /nhat_ky?bo_qua=10001
? 400
# The file is what the page lists; that it was taken out stands in the audit.
GET /nhat_ky.csv?viec=person.read
? 200
+ Bí thư chi bộ (mô phỏng)
+ $code
GET /nhat_ky?viec=audit.export
? 200
+ Kiểm toán (mô phỏng)
# So does what the operator decides.
run set restricted_content stubs
run set mode lan_doc_lap
run set mode internet
GET /nhat_ky?viec=setting.set&tai_khoan=.
? 200
+ Người vận hành máy chủ
+ Đổi thiết lập
+ restricted_content = stubs
+ mode = lan_doc_lap
+ mode = internet
run set restricted_content full

# One's own data: what is kept, and who has looked.
as dang_vien
GET /toi
? 200
+ Dữ liệu về tôi
+ Sinh hoạt ở đâu
+ Ai đã xem dữ liệu của tôi
+ Bí thư chi bộ (mô phỏng)
+ trong một danh sách
- Chưa có ai khác xem
+ Hồ sơ nêu tên tôi
+ Đề nghị đính chính
$record = <option value="([0-9a-z]{12})">
POST /toi ho_so=$record&noi_dung=
? 422
+ Nội dung đề nghị còn trống
POST /toi ho_so=$record&noi_dung=Số ngày chưa đúng, phải là 28/02.
? 303
GET /toi?xong=1
? 200
+ Đã ghi đề nghị đính chính
# Of what is kept about me it goes to who keeps the list, until that is changed.
POST /toi ho_so=&noi_dung=Tên đệm của tôi là Thị.
? 303
GET /nhat_ky?viec=person.contest
? 404
as bi_thu
GET /
? 200
+ Đề nghị đính chính dữ liệu của một người
$person = href="(/dv/[a-z0-9.]+/thanh_vien/[0-9a-z]{12})">Đề nghị đính chính
GET $person
? 200
+ Tên đệm của tôi là Thị.
as van_phong
GET /
? 200
- Đề nghị đính chính dữ liệu
GET $person
? 404
as bi_thu
POST $person lam=sua&name=Nguyễn Thị Mới (mô phỏng)&given=Mới&status=chinh_thuc&post=
? 303
GET $person
? 200
- Tên đệm của tôi là Thị.
GET /
- Đề nghị đính chính dữ liệu
as kiem_toan
GET /nhat_ky?viec=person.contest
? 200
+ Đề nghị đính chính dữ liệu về mình
as dang_vien

# Of a record that is not about me I learn nothing, nor can I say anything to it.
POST /toi ho_so=zzzzzzzzzzzz&noi_dung=Sai
? 404
as bi_thu
GET /hs/$record
? 200
+ Số ngày chưa đúng, phải là 28/02.
# An account that names nobody is told so.
as van_phong
GET /toi
? 200
+ chưa gắn với người nào
POST /toi ho_so=&noi_dung=Sai
? 404
POST /toi ho_so=$code&noi_dung=Sai
? 404
as nobody
GET /toi
? 303

# A reminder is noted with the period that it is about.
as lanh_dao
POST /nop/don_doc dv=bt.cl&ky=lich_2019_quy_1&don_vi=bt.cl.cb01&loi_nhac=Gửi+báo+cáo+ngay
? 303
as kiem_toan
GET /nhat_ky?viec=submission.remind
+ Đôn đốc báo cáo
+ lich_2019_quy_1
